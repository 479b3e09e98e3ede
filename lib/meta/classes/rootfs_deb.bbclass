# The root of an image out of packages, as dpkg would make it.

inherit rootfs_packages

do_install[recrdeptask] = "do_package_write_deb"
do_image_complete[recrdeptask] += "do_package_write_deb"

# What has a postinst is unpacked, and "dpkg --configure -a" on the target sets it up.
image_do_install() {
	tar --numeric-owner -C ${IMAGE_ROOTFS} -xpf ${IMAGE_PACKAGES_DIR}/rootfs.tar
	dpkg=${IMAGE_ROOTFS}${localstatedir}/lib/dpkg
	install -d $dpkg/info $dpkg/triggers $dpkg/updates
	cp -R ${IMAGE_PACKAGES_DIR}/dpkg/. $dpkg
	: > $dpkg/available
	rm -r ${IMAGE_PACKAGES_DIR}
}
