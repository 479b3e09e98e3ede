# An image: one tree with the artifact of everything in IMAGE_INSTALL, and of what that needs to be built and to run.

INHIBIT_DEFAULT_DEPS = "1"
IMAGE_INSTALL ?= ""
DEPENDS += "${IMAGE_INSTALL}"
PACKAGES = ""
do_package[noexec] = "1"
do_package_write_deb[noexec] = "1"
# What runs on the target has this task, so native tools do not come along.
do_prepare_recipe_sysroot[recrdeptask] = "do_packagedata"

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

image_do_install() {
	if [ -d ${RECIPE_SYSROOT} ]; then
		cp -a ${RECIPE_SYSROOT}/. ${IMAGE_ROOTFS}/
	fi
}

image_manifest() {
	(
		cd ${IMAGE_ROOTFS}
		find . -mindepth 1 '(' -type f -printf '%P %M %s\n' ')' -o '(' -type l -printf '%P %M -> %l\n' ')' -o -printf '%P %M\n' | LC_ALL=C sort
	) > ${IMAGE_MANIFEST}
}

EXPORT_FUNCTIONS do_install
