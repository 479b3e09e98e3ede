# Packages, as a target installs them: each file of the image goes into the first of PACKAGES whose FILES takes it, and a
# package with no file is none, unless ALLOW_EMPTY says so. INHERIT += "package" in a configuration.

FILES:${PN}-src = ""
FILES:${PN}-dbg = "${prefix}/lib/debug ${prefix}/src/debug"
FILES:${PN}-staticdev = "${base_libdir}/*.a ${libdir}/*.a ${libdir}/${BPN}/*.a"
# A recipe with libraries that have no other name, as plugins, sets it to nothing: they belong to what runs.
FILES_SOLIBSDEV ?= "${base_libdir}/lib*${SOLIBSDEV} ${libdir}/lib*${SOLIBSDEV}"
FILES:${PN}-dev = " \
    ${includedir} ${FILES_SOLIBSDEV} \
    ${base_libdir}/*.la ${libdir}/*.la ${libdir}/${BPN}/*.la ${base_libdir}/*.o ${libdir}/*.o \
    ${libdir}/pkgconfig ${datadir}/pkgconfig ${libdir}/cmake ${datadir}/cmake ${datadir}/aclocal \
"
FILES:${PN}-doc = "${docdir} ${mandir} ${infodir} ${datadir}/gtk-doc ${datadir}/gnome/help"
FILES:${PN}-locale = "${datadir}/locale"
# Where PACKAGES has it: in recipes that inherit lib_package, and in those that name it themselves.
FILES:${PN}-bin = "${bindir}/* ${sbindir}/*"
FILES:${PN} = " \
    ${base_bindir}/* ${base_sbindir}/* ${bindir}/* ${sbindir}/* ${libexecdir}/* \
    ${base_libdir}/*${SOLIBS} ${libdir}/lib*${SOLIBS} ${libdir}/${BPN}/* \
    ${sysconfdir} ${sharedstatedir} ${localstatedir} ${datadir}/${BPN} \
    ${base_prefix}/lib/udev ${prefix}/lib/udev ${base_libdir}/udev ${libdir}/udev ${datadir}/applications ${datadir}/pixmaps ${datadir}/idl ${datadir}/omf \
    ${datadir}/sounds ${libdir}/bonobo/servers \
"
# Whoever asks for what another one is compiled against has it, if there is nothing to it.
ALLOW_EMPTY:${PN}-dev ??= "1"
# A recipe whose main package has nothing in it sets it to nothing.
DEV_PKG_DEPENDENCY = "${PN} (= ${EXTENDPKGV})"
RDEPENDS:${PN}-dev = "${DEV_PKG_DEPENDENCY}"
RDEPENDS:${PN}-staticdev = "${PN}-dev (= ${EXTENDPKGV})"

PKGDEST = "${WORKDIR}/packages-split"
PACKAGE_LISTS = "${WORKDIR}/package-lists"

addtask package after do_install before do_packagedata do_build
# What do_install gave to somebody is that one's in its package, too.
do_package[fakeroot] = "1"
do_package[cleandirs] = "${PKGDEST} ${PACKAGE_LISTS}"
do_package[artifact] = "${PKGDEST}"
do_package[vardeps] += "PACKAGES INSANE_SKIP ALLOW_EMPTY INHIBIT_PACKAGE_STRIP \
    ${@' '.join(['FILES:' + name for name in d.getVar('PACKAGES').split()])} \
    ${@' '.join(['ALLOW_EMPTY:' + name for name in d.getVar('PACKAGES').split()])} \
    ${@' '.join(['INSANE_SKIP:' + name for name in d.getVar('PACKAGES').split()])}"
python do_package() {
    varve.split_packages(d)
}
do_package[postfuncs] += "package_copy package_strip"

package_copy() {
	for list in ${PACKAGE_LISTS}/*; do
		[ -e "$list" ] || continue
		package=${PKGDEST}/$(basename "$list")
		mkdir "$package"
		tar --no-recursion --null --xattrs --xattrs-include='*' -C ${D} -cf - -T "$list" | tar --xattrs --xattrs-include='*' -C "$package" -xpf -
	done
}

# Debug information goes into the -dbg package, where debuggers look for it, and what runs has it no more.
# INHIBIT_PACKAGE_STRIP leaves everything as it is, INHIBIT_PACKAGE_DEBUG_SPLIT drops what could be split.
INHIBIT_PACKAGE_STRIP ?= ""
INHIBIT_PACKAGE_DEBUG_SPLIT ?= ""
PACKAGE_DEBUG = "${@'' if d.getVar('INHIBIT_PACKAGE_DEBUG_SPLIT') else ' '.join([name for name in d.getVar('PACKAGES').split() if name == d.getVar('PN') + '-dbg'])}"

package_strip() {
	if ! command -v ${OBJCOPY} >/dev/null; then
		bbnote "there is no ${OBJCOPY}: debug information stays where it is"
		: > ${PACKAGE_LISTS}/.unstripped
	fi
	while IFS= read -r path; do
		file="${PKGDEST}/$path"
		stripped=${PACKAGE_LISTS}/stripped
		if [ -n "${PACKAGE_DEBUG}" ]; then
			debug="${PKGDEST}/${PACKAGE_DEBUG}${prefix}/lib/debug/${path#*/}.debug"
			mkdir -p "${debug%/*}"
			${OBJCOPY} --only-keep-debug "$file" "$debug"
			chmod 0644 "$debug"
			${OBJCOPY} --strip-unneeded --add-gnu-debuglink="$debug" "$file" $stripped
		else
			${OBJCOPY} --strip-unneeded "$file" $stripped
		fi
		mode=$(stat -c %a "$file")
		chmod u+w "$file"
		cat $stripped > "$file"
		chmod $mode "$file"
	done < ${PACKAGE_LISTS}/.unstripped
	rm -r ${PACKAGE_LISTS}
}
