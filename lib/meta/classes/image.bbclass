# An image: one tree with everything in IMAGE_INSTALL and what that needs to run. Where packages are written it is made of
# them, in the first form of PACKAGE_CLASSES, else of whole artifacts.

inherit ${@'rootfs_' + ((d.getVar('PACKAGE_CLASSES') or 'package_artifacts').split() + ['package_artifacts'])[0].replace('package_', '')}

INHIBIT_DEFAULT_DEPS = "1"
# Each machine has its own, whatever they have in common.
PACKAGE_ARCH = "${MACHINE_ARCH}"
IMAGE_INSTALL ?= ""
# IMAGE_FEATURES: FEATURE_PACKAGES_<feature> has the packages of one; FEATURE_INSTALL is those of all that an image has.
FEATURE_INSTALL ?= ""
IMAGE_FEATURES[validitems] += "empty-root-password"
# Or those that go with each package of the image, as far as they are there; PACKAGE_EXCLUDE_COMPLEMENTARY has patterns of packages
# that nothing comes along with.
IMAGE_INSTALL_COMPLEMENTARY ?= ""
PACKAGE_EXCLUDE_COMPLEMENTARY ?= ""
COMPLEMENTARY_GLOB[bash-completion-pkgs] = "*-bash-completion"
COMPLEMENTARY_GLOB[dbg-pkgs] = "*-dbg"
COMPLEMENTARY_GLOB[dev-pkgs] = "*-dev"
COMPLEMENTARY_GLOB[doc-pkgs] = "*-doc"
COMPLEMENTARY_GLOB[ptest-pkgs] = "*-ptest"
COMPLEMENTARY_GLOB[src-pkgs] = "*-src"
COMPLEMENTARY_GLOB[staticdev-pkgs] = "*-staticdev"
COMPLEMENTARY_GLOB[zsh-completion-pkgs] = "*-zsh-completion"
PACKAGES = ""
do_package[noexec] = "1"
do_package_write_deb[noexec] = "1"
do_package_write_rpm[noexec] = "1"

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

image_empty_root_password() {
	for file in ${IMAGE_ROOTFS}${sysconfdir}/shadow ${IMAGE_ROOTFS}${sysconfdir}/passwd; do
		if [ -e $file ]; then
			sed -i 's/^root:[^:]*:/root::/' $file
			return
		fi
	done
	bbwarn "empty-root-password of IMAGE_FEATURES: no package of the image has /etc/passwd"
}

image_manifest() {
	(
		cd ${IMAGE_ROOTFS}
		find . -mindepth 1 '(' -type f -printf '%P %M %s\n' ')' -o '(' -type l -printf '%P %M -> %l\n' ')' -o -printf '%P %M\n' | LC_ALL=C sort
	) > ${IMAGE_MANIFEST}
}

# What comes to lie in DEPLOY_DIR_IMAGE: the image as a file for each of IMAGE_FSTYPES, cpio, cpio.gz, tar or tar.gz, and what
# it is made of. The record has the tree in any case.
IMAGE_FSTYPES ??= ""
IMAGE_BASENAME ?= "${PN}"
IMAGE_MACHINE_SUFFIX ??= "-${MACHINE}"
IMAGE_NAME_SUFFIX ??= ".rootfs"
IMAGE_LINK_NAME ?= "${IMAGE_BASENAME}${IMAGE_MACHINE_SUFFIX}${IMAGE_NAME_SUFFIX}"
IMGDEPLOYDIR = "${WORKDIR}/deploy-${PN}-image-complete"

# An image has this task where there is something to write.
python () {
    varve.use_image_types(d)
    varve.use_image_features(d)
    varve.heed_licenses_in_image(d)
}
do_image_complete[cleandirs] = "${IMGDEPLOYDIR}"
do_image_complete[artifact] = "${IMGDEPLOYDIR}"
do_image_complete[deployed] = "${DEPLOY_DIR_IMAGE}"
do_image_complete[vardeps] += "IMAGE_FSTYPES IMAGE_LINK_NAME SOURCE_DATE_EPOCH"
python do_image_complete() {
    varve.write_image(d)
}

EXPORT_FUNCTIONS do_install
