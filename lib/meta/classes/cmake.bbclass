# Software that is configured by cmake, built in a directory of its own, with ninja if the machine has it.

DEPENDS:prepend = "cmake-native "

B = "${WORKDIR}/build"
OECMAKE_SOURCEPATH ??= "${S}"
# "Ninja", "Unix Makefiles", or empty: Ninja if the machine has it.
OECMAKE_GENERATOR ?= ""
OECMAKE_TARGET_COMPILE ?= "all"
OECMAKE_TARGET_INSTALL ?= "install"
EXTRA_OECMAKE ?= ""
EXTRA_OECMAKE:append = " ${PACKAGECONFIG_CONFARGS}"
OECMAKE_ARGS = "-DCMAKE_INSTALL_PREFIX:PATH=${prefix} -DCMAKE_PREFIX_PATH:PATH=${STAGING_EXECPREFIXDIR} \
    -DCMAKE_SKIP_RPATH=ON -DCMAKE_VERBOSE_MAKEFILE=ON -DCMAKE_EXPORT_NO_PACKAGE_REGISTRY=ON \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DCMAKE_FIND_USE_SYSTEM_PACKAGE_REGISTRY=OFF -DFETCHCONTENT_FULLY_DISCONNECTED=ON"

cmake_generator() {
	if [ -n "${OECMAKE_GENERATOR}" ]; then
		echo "${OECMAKE_GENERATOR}"
	elif command -v ninja >/dev/null; then
		echo Ninja
	else
		echo "Unix Makefiles"
	fi
}

# cmake_dir NAME DIRECTORY: one install directory, below the prefix where it lies there.
cmake_dir() {
	echo "-DCMAKE_INSTALL_$1:PATH=$(echo "$2" | sed 's,^${prefix}/,,')"
}

# Where another machine is built for, cmake looks for what that needs in its sysroot, and where its compiler has the C
# library; for programs to run on the machine that builds.
OECMAKE_CROSS = "${@'-DCMAKE_TOOLCHAIN_FILE:FILEPATH=${WORKDIR}/toolchain.cmake' if d.getVar('HOST_SYS') != d.getVar('BUILD_SYS') else ''}"

cmake_cross_toolchain() {
	libc=$(realpath "$(dirname "$(${CC} -print-file-name=libc.so)")/..")
	cat > ${WORKDIR}/toolchain.cmake <<-END
		set(CMAKE_SYSTEM_NAME Linux)
		set(CMAKE_SYSTEM_PROCESSOR ${HOST_ARCH})
		set(CMAKE_FIND_ROOT_PATH ${STAGING_DIR_HOST} $libc)
		set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
		set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
		set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
		set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
	END
}

cmake_do_configure() {
	if [ -n "${OECMAKE_CROSS}" ]; then
		cmake_cross_toolchain
	fi
	cmake -G "$(cmake_generator)" -S ${OECMAKE_SOURCEPATH} -B ${B} ${OECMAKE_ARGS} ${OECMAKE_CROSS} \
		$(cmake_dir BINDIR ${bindir}) $(cmake_dir SBINDIR ${sbindir}) $(cmake_dir LIBEXECDIR ${libexecdir}) \
		$(cmake_dir LIBDIR ${libdir}) $(cmake_dir INCLUDEDIR ${includedir}) $(cmake_dir DATAROOTDIR ${datadir}) \
		$(cmake_dir SYSCONFDIR ${sysconfdir}) $(cmake_dir SHAREDSTATEDIR ${sharedstatedir}) \
		$(cmake_dir LOCALSTATEDIR ${localstatedir}) ${EXTRA_OECMAKE} -Wno-dev
}

# cmake_runcmake_build OPTION…: has cmake run the tool that it configured for.
cmake_runcmake_build() {
	bbnote cmake --build ${B} "$@" -- ${EXTRA_OECMAKE_BUILD}
	cmake --build ${B} "$@" -- ${EXTRA_OECMAKE_BUILD}
}
EXTRA_OECMAKE_BUILD ?= ""
EXTRA_OECMAKE_BUILD:append:task-compile = " ${PARALLEL_MAKE}"
EXTRA_OECMAKE_BUILD:append:task-install = " ${PARALLEL_MAKEINST}"

cmake_do_compile() {
	cmake_runcmake_build --target ${OECMAKE_TARGET_COMPILE}
}

cmake_do_install() {
	DESTDIR='${D}' cmake_runcmake_build --target ${OECMAKE_TARGET_INSTALL}
}

EXPORT_FUNCTIONS do_configure do_compile do_install
