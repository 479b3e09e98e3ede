# The root of an image out of packages, as dpkg would make it: of those in IMAGE_INSTALL and what they depend on. Nothing else
# is asked for, so that where packages come prebuilt nothing is built.

RDEPENDS += "${IMAGE_INSTALL}"

IMAGE_PACKAGES_DIR = "${WORKDIR}/rootfs-packages"
# A line for each package: name, architecture and version.
IMAGE_PACKAGES_MANIFEST = "${WORKDIR}/${PN}.packages"

do_install[recrdeptask] = "do_package_write_deb"
do_image_complete[recrdeptask] += "do_package_write_deb"
do_image_complete[vardeps] += "IMAGE_INSTALL"
do_install[fakeroot] = "1"
do_install[vardeps] += "IMAGE_INSTALL"
do_install[prefuncs] += "image_packages"
python image_packages() {
    varve.install_packages(d)
}

# What has a postinst is unpacked, and "dpkg --configure -a" on the target sets it up.
image_do_install() {
	tar --numeric-owner -C ${IMAGE_ROOTFS} -xpf ${IMAGE_PACKAGES_DIR}/rootfs.tar
	dpkg=${IMAGE_ROOTFS}${localstatedir}/lib/dpkg
	install -d $dpkg/info $dpkg/triggers $dpkg/updates
	cp -R ${IMAGE_PACKAGES_DIR}/dpkg/. $dpkg
	: > $dpkg/available
	rm -r ${IMAGE_PACKAGES_DIR}
}
