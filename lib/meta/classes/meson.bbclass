# Software that is configured by meson and built by ninja, in a directory of its own.

DEPENDS:prepend = "meson-native ninja-native "

inherit pkgconfig

B = "${WORKDIR}/build"
MESON_SOURCEPATH = "${S}"
MESON_BUILDTYPE ?= "plain"
# What to compile and to install, where that is not everything.
MESON_TARGET ?= ""
MESON_INSTALL_TAGS ?= ""
EXTRA_OEMESON ?= ""
EXTRA_OEMESON:append = " ${PACKAGECONFIG_CONFARGS}"

MESONOPTS = "--prefix ${prefix} --bindir ${bindir} --sbindir ${sbindir} --datadir ${datadir} --libdir ${libdir} \
    --libexecdir ${libexecdir} --includedir ${includedir} --mandir ${mandir} --infodir ${infodir} \
    --sysconfdir ${sysconfdir} --localstatedir ${localstatedir} --sharedstatedir ${sharedstatedir} \
    --buildtype ${MESON_BUILDTYPE} --wrap-mode nofallback"

meson_do_configure() {
	bbnote meson setup ${MESONOPTS} ${EXTRA_OEMESON} ${MESON_SOURCEPATH} ${B}
	if ! meson setup ${MESONOPTS} ${EXTRA_OEMESON} ${MESON_SOURCEPATH} ${B}; then
		bbnote "what meson tried stands in: ${B}/meson-logs/meson-log.txt"
		bbfatal_log "meson failed"
	fi
}

meson_do_compile() {
	ninja -v -C ${B} ${PARALLEL_MAKE} ${MESON_TARGET}
}

meson_do_install() {
	tags=
	if [ -n "${MESON_INSTALL_TAGS}" ]; then
		tags="--tags ${MESON_INSTALL_TAGS}"
	fi
	DESTDIR='${D}' meson install -C ${B} --no-rebuild $tags
}

EXPORT_FUNCTIONS do_configure do_compile do_install
