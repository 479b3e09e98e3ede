# What packages in whatever form have in common: package_deb and package_rpm inherit it.

inherit package

MAINTAINER ??= "${DISTRO} <root@localhost>"

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

# All that is said of a package, or of those of a recipe, and written into it.
PACKAGE_SAYS = " \
    PKG PE PKGV PKGR SUMMARY DESCRIPTION MAINTAINER SECTION HOMEPAGE LICENSE CONFFILES \
    INSANE_SKIP PRIVATE_LIBS RDEPENDS RRECOMMENDS RSUGGESTS RPROVIDES RCONFLICTS RREPLACES \
    pkg_preinst pkg_postinst pkg_postinst_ontarget pkg_prerm pkg_postrm \
"
