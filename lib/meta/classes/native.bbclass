# Tools that other recipes run while they build.
#
# They are configured for /usr like everything else, not for the place where they are used: so
# their artifact is the same in every build directory. They find libraries of their own beside
# themselves, by a run path that starts from where they lie.

PACKAGE_ARCH = "${BUILD_ARCH}"
TARGET_ARCH = "${BUILD_ARCH}"
TARGET_OS = "${BUILD_OS}"
TARGET_VENDOR = "${BUILD_VENDOR}"
TARGET_PREFIX = "${BUILD_PREFIX}"
TARGET_CC_ARCH = "${BUILD_CC_ARCH}"
CLASSOVERRIDE = "class-native"
MACHINEOVERRIDES = ""

# A native recipe needs native ones only: they come into its native sysroot.
STAGING_DIR_HOST = "${RECIPE_SYSROOT_NATIVE}"
STAGING_DIR_TARGET = "${RECIPE_SYSROOT_NATIVE}"
base_prefix = ""
prefix = "${prefix_native}"
export LD_RUN_PATH = "$ORIGIN/../lib"

PACKAGES = ""
inherit nopackages

# BBCLASSEXTEND = "native" makes two recipes of one text: what it needs is native too.
python () {
    varve.use_native_names(d)
}
