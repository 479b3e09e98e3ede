# Packages for dpkg and apt: PACKAGE_CLASSES = "package_deb" in a configuration.

inherit packagedata

PRIORITY ??= "optional"

PKGWRITEDIRDEB = "${WORKDIR}/deploy-debs"

addtask package_write_deb after do_package before do_build
do_package_write_deb[recrdeptask] = "do_packagedata"
do_package_write_deb[cleandirs] = "${PKGWRITEDIRDEB}"
do_package_write_deb[artifact] = "${PKGWRITEDIRDEB}"
do_package_write_deb[deployed] = "${DEPLOY_DIR_DEB}/${PACKAGE_ARCH}"
# Another number where the same input makes another file than it did, so that those written before do not stand for it.
DEB_REVISION = "3"
# Everything that they say of themselves.
do_package_write_deb[vardeps] += "DEB_REVISION PACKAGES PACKAGE_ARCH TARGET_ARCH TUNE_FEATURES DPKG_ARCH SOURCE_DATE_EPOCH libdir base_libdir ASSUME_SHLIBS \
    ${@varve.set_for_packages(d.getVar('PACKAGE_SAYS') + ' PRIORITY', d)}"
python do_package_write_deb() {
    varve.write_debs(d)
}
# What is built can be installed: with it what it needs.
do_build[recrdeptask] += "do_package_write_deb"
