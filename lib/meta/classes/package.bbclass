# Packages, as a target installs them: each file of the image goes into the first of PACKAGES whose FILES takes it, and a
# package with no file is none, unless ALLOW_EMPTY says so. INHERIT += "package" in a configuration.

FILES:${PN}-src = ""
FILES:${PN}-dbg = "${prefix}/lib/debug ${prefix}/src/debug"
FILES:${PN}-staticdev = "${base_libdir}/*.a ${libdir}/*.a ${libdir}/${BPN}/*.a"
FILES:${PN}-dev = " \
    ${includedir} ${base_libdir}/lib*${SOLIBSDEV} ${libdir}/lib*${SOLIBSDEV} \
    ${base_libdir}/*.la ${libdir}/*.la ${libdir}/${BPN}/*.la ${base_libdir}/*.o ${libdir}/*.o \
    ${libdir}/pkgconfig ${datadir}/pkgconfig ${libdir}/cmake ${datadir}/cmake ${datadir}/aclocal \
"
FILES:${PN}-doc = "${docdir} ${mandir} ${infodir} ${datadir}/gtk-doc ${datadir}/gnome/help"
FILES:${PN}-locale = "${datadir}/locale"
FILES:${PN} = " \
    ${base_bindir}/* ${base_sbindir}/* ${bindir}/* ${sbindir}/* ${libexecdir}/* \
    ${base_libdir}/lib*${SOLIBS} ${libdir}/lib*${SOLIBS} ${libdir}/${BPN}/* \
    ${sysconfdir} ${sharedstatedir} ${localstatedir} ${datadir}/${BPN} \
    ${base_prefix}/lib/udev ${prefix}/lib/udev ${datadir}/applications ${datadir}/pixmaps ${datadir}/idl ${datadir}/omf \
    ${datadir}/sounds ${libdir}/bonobo/servers \
"
# Whoever asks for what another one is compiled against has it, if there is nothing to it.
ALLOW_EMPTY:${PN}-dev ??= "1"
RDEPENDS:${PN}-dev = "${PN} (= ${EXTENDPKGV})"
RDEPENDS:${PN}-staticdev = "${PN}-dev (= ${EXTENDPKGV})"

PKGDEST = "${WORKDIR}/packages-split"
PACKAGE_LISTS = "${WORKDIR}/package-lists"

addtask package after do_install before do_packagedata do_build
# What do_install gave to somebody is that one's in its package, too.
do_package[fakeroot] = "1"
do_package[cleandirs] = "${PKGDEST} ${PACKAGE_LISTS}"
do_package[artifact] = "${PKGDEST}"
do_package[vardeps] += "PACKAGES INSANE_SKIP ALLOW_EMPTY \
    ${@' '.join(['FILES:' + name for name in d.getVar('PACKAGES').split()])} \
    ${@' '.join(['ALLOW_EMPTY:' + name for name in d.getVar('PACKAGES').split()])} \
    ${@' '.join(['INSANE_SKIP:' + name for name in d.getVar('PACKAGES').split()])}"
python do_package() {
    varve.split_packages(d)
}
do_package[postfuncs] += "package_copy"

package_copy() {
	for list in ${PACKAGE_LISTS}/*; do
		[ -e "$list" ] || continue
		package=${PKGDEST}/$(basename "$list")
		mkdir "$package"
		tar --no-recursion --null --xattrs --xattrs-include='*' -C ${D} -cf - -T "$list" | tar --xattrs --xattrs-include='*' -C "$package" -xpf -
	done
	rm -r ${PACKAGE_LISTS}
}
