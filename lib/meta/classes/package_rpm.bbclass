# Packages for rpm and dnf: PACKAGE_CLASSES = "package_rpm" in a configuration.

inherit packagedata

PKGWRITEDIRRPM = "${WORKDIR}/deploy-rpms"

addtask package_write_rpm after do_package before do_build
do_package_write_rpm[recrdeptask] = "do_packagedata"
do_package_write_rpm[cleandirs] = "${PKGWRITEDIRRPM}"
do_package_write_rpm[artifact] = "${PKGWRITEDIRRPM}"
do_package_write_rpm[deployed] = "${DEPLOY_DIR_RPM}/${@'noarch' if d.getVar('PACKAGE_ARCH') == 'all' else d.getVar('PACKAGE_ARCH').replace('-', '_')}"
# Another number where the same input makes another file than it did, so that those written before do not stand for it.
RPM_REVISION = "2"
# Everything that they say of themselves.
do_package_write_rpm[vardeps] += "RPM_REVISION PACKAGES PN PACKAGE_ARCH SOURCE_DATE_EPOCH libdir base_libdir docdir mandir infodir ASSUME_SHLIBS \
    ${@varve.set_for_packages(d.getVar('PACKAGE_SAYS'), d)}"
python do_package_write_rpm() {
    varve.write_rpms(d)
}
# What is built can be installed: with it what it needs.
do_build[recrdeptask] += "do_package_write_rpm"
