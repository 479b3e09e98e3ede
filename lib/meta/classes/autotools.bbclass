# Software with a configure script made by autoconf, built in a directory of its own.

DEPENDS:prepend = "autoconf-native automake-native libtool-native "

inherit siteinfo

B = "${WORKDIR}/build"
AUTOTOOLS_SCRIPT_PATH ?= "${S}"
CONFIGURE_SCRIPT ?= "${AUTOTOOLS_SCRIPT_PATH}/configure"

# "auto" makes configure where the sources bring none, "1" makes it anew always, "0" never.
AUTOTOOLS_RECONF ?= "auto"
# Options for autoreconf; of newer ones, --exclude=TOOL is understood with any autoreconf.
EXTRA_AUTORECONF ??= ""

# Dependency tracking stays on: a source that is edited in the WORKDIR is built again, and what needs it.
CONFIGUREOPT_DEPTRACK ?= ""
CONFIGUREOPTS = "--build=${BUILD_SYS} --host=${HOST_SYS} --target=${TARGET_SYS} \
    --prefix=${prefix} --exec_prefix=${exec_prefix} --bindir=${bindir} --sbindir=${sbindir} \
    --libexecdir=${libexecdir} --datadir=${datadir} --sysconfdir=${sysconfdir} \
    --sharedstatedir=${sharedstatedir} --localstatedir=${localstatedir} --libdir=${libdir} \
    --includedir=${includedir} --oldincludedir=${includedir} --infodir=${infodir} --mandir=${mandir} \
    --disable-silent-rules ${CONFIGUREOPT_DEPTRACK}"
EXTRA_OECONF:append = " ${PACKAGECONFIG_CONFARGS}"

# Answers for configure, as shell assignments.
CACHED_CONFIGUREVARS ?= ""
# configure would find these by the build directory's path, and write that into what it makes.
AUTOTOOLS_TOOL_NAMES = "ac_cv_path_SED=sed ac_cv_path_GREP=grep ac_cv_path_EGREP='grep -E' ac_cv_path_FGREP='grep -F' \
    ac_cv_path_mkdir=mkdir ac_cv_path_PERL=/usr/bin/perl"

export CC_FOR_BUILD = "${BUILD_CC}"
export CFLAGS_FOR_BUILD = "${BUILD_CFLAGS}"
export CPP_FOR_BUILD = "${BUILD_CPP}"
export CPPFLAGS_FOR_BUILD = "${BUILD_CPPFLAGS}"
export CXX_FOR_BUILD = "${BUILD_CXX}"
export CXXFLAGS_FOR_BUILD = "${BUILD_CXXFLAGS}"
export LD_FOR_BUILD = "${BUILD_LD}"
export LDFLAGS_FOR_BUILD = "${BUILD_LDFLAGS}"

# Runs configure by a relative name, as the name that it is run by reaches what it makes.
oe_runconf() {
	directory=$(dirname "${CONFIGURE_SCRIPT}")
	script="$(realpath --relative-to=. "$directory" || echo "$directory")/$(basename "${CONFIGURE_SCRIPT}")"
	if [ ! -x "$script" ]; then
		bbfatal "there is no configure script ${CONFIGURE_SCRIPT}"
	fi
	bbnote ${CACHED_CONFIGUREVARS} "$script" ${CONFIGUREOPTS} ${EXTRA_OECONF} "$@"
	if ! ${AUTOTOOLS_TOOL_NAMES} ${CACHED_CONFIGUREVARS} "$script" ${CONFIGUREOPTS} ${EXTRA_OECONF} "$@"; then
		bbnote "what configure tried stands in:" $(find . -name config.log)
		bbfatal_log "configure failed"
	fi
}

autotools_reconf() {
	(
		cd "${AUTOTOOLS_SCRIPT_PATH}"
		# gtkdocize takes it for where to put its macros.
		unset docdir
		options=
		for option in ${EXTRA_AUTORECONF}; do
			case "$option" in
			--exclude=*)
				for tool in $(echo "$option" | sed 's/--exclude=//' | tr 'a-z,' 'A-Z '); do
					export "$tool=true"
				done
				;;
			*) options="$options $option" ;;
			esac
		done
		# aclocal refuses a directory of macros that git or tar did not carry because it was empty.
		mkdir -p m4
		bbnote autoreconf --verbose --install --force $options
		autoreconf --verbose --install --force $options
	) || die "autoreconf failed"
}

autotools_do_configure() {
	needed="${AUTOTOOLS_RECONF}"
	if [ "$needed" = auto ] && [ ! -e "${CONFIGURE_SCRIPT}" ]; then
		if [ -e "${AUTOTOOLS_SCRIPT_PATH}/configure.ac" ] || [ -e "${AUTOTOOLS_SCRIPT_PATH}/configure.in" ]; then
			needed=1
		fi
	fi
	if [ "$needed" = 1 ]; then
		autotools_reconf
	fi
	oe_runconf
}

autotools_do_compile() {
	oe_runmake
}

autotools_do_install() {
	oe_runmake 'DESTDIR=${D}' install
	rm -f "${D}${infodir}/dir"
	# They name paths of the build, and nothing needs them.
	find "${D}" -name '*.la' -type f -delete
}

EXPORT_FUNCTIONS do_configure do_compile do_install
