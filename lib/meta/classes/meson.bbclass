# Software that is configured by meson and built by ninja, in a directory of its own.

DEPENDS:prepend = "meson-native ninja-native "

inherit pkgconfig siteinfo

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

# Where another machine is built for, a file says what that is like. What runs while building is made with BUILD_CC.
MESON_CROSS = "${@'--cross-file ${WORKDIR}/meson.cross' if d.getVar('HOST_SYS') != d.getVar('BUILD_SYS') else ''}"
export CC_FOR_BUILD = "${BUILD_CC}"
export CXX_FOR_BUILD = "${BUILD_CXX}"
export CFLAGS_FOR_BUILD = "${BUILD_CFLAGS}"
export CXXFLAGS_FOR_BUILD = "${BUILD_CXXFLAGS}"
export LDFLAGS_FOR_BUILD = "${BUILD_LDFLAGS}"

# A command's words as meson writes a list.
meson_words() {
	printf "["
	printf "'%s', " "$@"
	printf "]"
}

# meson's names for families of processors.
meson_cpu_family() {
	case "${HOST_ARCH}" in
	i?86) echo x86 ;;
	arm*) echo arm ;;
	aarch64*) echo aarch64 ;;
	powerpc64* | ppc64*) echo ppc64 ;;
	powerpc* | ppc*) echo ppc ;;
	mips*64*) echo mips64 ;;
	mips*) echo mips ;;
	*) echo "${HOST_ARCH}" ;;
	esac
}

meson_cross_file() {
	endian=little
	if [ "${SITEINFO_ENDIANNESS}" = be ]; then
		endian=big
	fi
	c=$(meson_words ${CC})
	cpp=$(meson_words ${CXX})
	cpu_family=$(meson_cpu_family)
	cat > ${WORKDIR}/meson.cross <<-END
		[binaries]
		c = $c
		cpp = $cpp
		ar = '${AR}'
		nm = '${NM}'
		ranlib = '${RANLIB}'
		strip = '${STRIP}'
		objcopy = '${OBJCOPY}'
		readelf = '${READELF}'
		pkg-config = 'pkg-config'
		pkgconfig = 'pkg-config'
		[properties]
		needs_exe_wrapper = true
		[host_machine]
		system = '${HOST_OS}'
		cpu_family = '$cpu_family'
		cpu = '${HOST_ARCH}'
		endian = '$endian'
	END
}

meson_do_configure() {
	if [ -n "${MESON_CROSS}" ]; then
		meson_cross_file
	fi
	bbnote meson setup ${MESONOPTS} ${MESON_CROSS} ${EXTRA_OEMESON} ${MESON_SOURCEPATH} ${B}
	if ! meson setup ${MESONOPTS} ${MESON_CROSS} ${EXTRA_OEMESON} ${MESON_SOURCEPATH} ${B}; then
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
