# Software that brings its tests along: where DISTRO_FEATURES has ptest, they are installed into
# PTEST_PATH of the image, to be run there. OpenEmbedded has tasks of their own for this; here
# the functions run at the end of do_configure, do_compile and do_install, as the artifact is made there.

PTEST_PATH ?= "${libdir}/${BPN}/ptest"
PTEST_ENABLED = "${@bb.utils.contains('DISTRO_FEATURES', 'ptest', '1', '0', d)}"
PTEST_ENABLED:class-native = ""

PACKAGES =+ "${@bb.utils.contains('PTEST_ENABLED', '1', '${PN}-ptest', '', d)}"
FILES:${PN}-ptest += "${PTEST_PATH}"
ALLOW_EMPTY:${PN}-ptest = "1"
RDEPENDS:${PN}-ptest += "${PN}"

do_configure[postfuncs] += "${@bb.utils.contains('PTEST_ENABLED', '1', 'do_configure_ptest_base', '', d)}"
do_compile[postfuncs] += "${@bb.utils.contains('PTEST_ENABLED', '1', 'do_compile_ptest_base', '', d)}"
do_install[postfuncs] += "${@bb.utils.contains('PTEST_ENABLED', '1', 'do_install_ptest_base', '', d)}"

do_configure_ptest() {
	:
}
do_configure_ptest_base[dirs] = "${B}"
do_configure_ptest_base() {
	do_configure_ptest
}

do_compile_ptest() {
	:
}
do_compile_ptest_base[dirs] = "${B}"
do_compile_ptest_base() {
	do_compile_ptest
}

do_install_ptest() {
	:
}
do_install_ptest_base[dirs] = "${B}"
do_install_ptest_base() {
	install -d ${D}${PTEST_PATH}
	if [ -f ${UNPACKDIR}/run-ptest ]; then
		install -m 0755 ${UNPACKDIR}/run-ptest ${D}${PTEST_PATH}/run-ptest
	fi
	if grep -qs '^install-ptest:' Makefile; then
		oe_runmake 'DESTDIR=${D}${PTEST_PATH}' install-ptest
	fi
	do_install_ptest
	ptest_forget_build
}

# Makefiles that go along name the build's directories and programs by their paths.
ptest_forget_build() {
	find ${D}${PTEST_PATH} -type f '(' -name Makefile -o -name '*.mk' -o -name site.exp ')' \
		-exec sed -i -e 's,${HOSTTOOLS_DIR}/*,,g' -e 's,${WORKDIR}/*,,g' '{}' +
}
