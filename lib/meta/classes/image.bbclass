# An image: one tree with everything in IMAGE_INSTALL and what that needs to run. Where packages are written it is made of
# them, else of whole artifacts.

inherit ${@'rootfs_deb' if 'package_deb' in (d.getVar('PACKAGE_CLASSES') or '').split() else 'rootfs_artifacts'}

INHIBIT_DEFAULT_DEPS = "1"
IMAGE_INSTALL ?= ""
PACKAGES = ""
do_package[noexec] = "1"
do_package_write_deb[noexec] = "1"

S = "${UNPACKDIR}"
B = "${WORKDIR}/build"
IMAGE_ROOTFS = "${D}"
# A line for each name in the image: its mode, the size of a file, where a link leads.
IMAGE_MANIFEST = "${WORKDIR}/${PN}.manifest"

# Functions that change the tree once everything is in it; OpenEmbedded lets them end in semicolons.
ROOTFS_POSTPROCESS_COMMAND ?= ""
IMAGE_PREPROCESS_COMMAND ?= ""
do_install[postfuncs] += "${@d.getVar('ROOTFS_POSTPROCESS_COMMAND').replace(';', ' ')}"
do_install[postfuncs] += "${@d.getVar('IMAGE_PREPROCESS_COMMAND').replace(';', ' ')}"
do_install[postfuncs] += "image_manifest"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

image_manifest() {
	(
		cd ${IMAGE_ROOTFS}
		find . -mindepth 1 '(' -type f -printf '%P %M %s\n' ')' -o '(' -type l -printf '%P %M -> %l\n' ')' -o -printf '%P %M\n' | LC_ALL=C sort
	) > ${IMAGE_MANIFEST}
}

EXPORT_FUNCTIONS do_install
