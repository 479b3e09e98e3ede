# Packages for dpkg and apt: PACKAGE_CLASSES = "package_deb" in a configuration.

inherit package

MAINTAINER ??= "${DISTRO} <root@localhost>"
PRIORITY ??= "optional"

# Which libraries the packages have, for those that are linked to them. Nothing else of a package is said here: whatever
# changes in it, they need not be written anew.
PKGDESTWORK = "${WORKDIR}/pkgdata"
PRIVATE_LIBS ?= ""
addtask packagedata after do_package before do_build
python () {
    varve.use_packagedata(d)
}
do_packagedata[cleandirs] = "${PKGDESTWORK}"
do_packagedata[artifact] = "${PKGDESTWORK}"
do_packagedata[deployed] = "${PKGDATA_DIR}/${PACKAGE_ARCH}"
do_packagedata[vardeps] += "PACKAGES libdir base_libdir ${@varve.set_for_packages('PKG PE PKGV PRIVATE_LIBS', d)}"
python do_packagedata() {
    varve.write_packagedata(d)
}

PKGWRITEDIRDEB = "${WORKDIR}/deploy-debs"

addtask package_write_deb after do_package before do_build
do_package_write_deb[recrdeptask] = "do_packagedata"
do_package_write_deb[cleandirs] = "${PKGWRITEDIRDEB}"
do_package_write_deb[artifact] = "${PKGWRITEDIRDEB}"
do_package_write_deb[deployed] = "${DEPLOY_DIR_DEB}/${PACKAGE_ARCH}"
# Everything that they say of themselves.
do_package_write_deb[vardeps] += "PACKAGES PACKAGE_ARCH TARGET_ARCH TUNE_FEATURES DPKG_ARCH SOURCE_DATE_EPOCH libdir base_libdir ASSUME_SHLIBS \
    ${@varve.set_for_packages(' \
        PKG PE PKGV PKGR SUMMARY DESCRIPTION MAINTAINER SECTION PRIORITY HOMEPAGE LICENSE CONFFILES \
        INSANE_SKIP PRIVATE_LIBS RDEPENDS RRECOMMENDS RSUGGESTS RPROVIDES RCONFLICTS RREPLACES \
        pkg_preinst pkg_postinst pkg_postinst_ontarget pkg_prerm pkg_postrm', d)}"
python do_package_write_deb() {
    varve.write_debs(d)
}
# What is built can be installed: with it what it needs.
do_build[recrdeptask] += "do_package_write_deb"
