# What the root of an image out of packages in whatever form has in common. Nothing but the packages in IMAGE_INSTALL and what
# they depend on is asked for, so that where packages come prebuilt nothing is built.

RDEPENDS += "${IMAGE_INSTALL} ${FEATURE_INSTALL}"

IMAGE_PACKAGES_DIR = "${WORKDIR}/rootfs-packages"
# A line for each package: name, architecture and version.
IMAGE_PACKAGES_MANIFEST = "${WORKDIR}/${PN}.packages"

do_image_complete[vardeps] += "IMAGE_INSTALL"
do_install[fakeroot] = "1"
do_install[vardeps] += "IMAGE_INSTALL"
do_install[prefuncs] += "image_packages"
python image_packages() {
    varve.install_packages(d)
}
