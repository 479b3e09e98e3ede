# The root of an image out of packages, as rpm would make it.

inherit rootfs_packages

do_install[recrdeptask] = "do_package_write_rpm"
do_image_complete[recrdeptask] += "do_package_write_rpm"

# Each postinst lies where run-postinsts of OpenEmbedded looks for it at the first start of the target.
image_do_install() {
	tar --numeric-owner --xattrs --xattrs-include='*' -C ${IMAGE_ROOTFS} -xpf ${IMAGE_PACKAGES_DIR}/rootfs.tar
	install -D -m 0644 ${IMAGE_PACKAGES_DIR}/rpmdb.sqlite ${IMAGE_ROOTFS}${localstatedir}/lib/rpm/rpmdb.sqlite
	if [ -d ${IMAGE_PACKAGES_DIR}/postinsts ]; then
		install -d ${IMAGE_ROOTFS}${sysconfdir}
		cp -R ${IMAGE_PACKAGES_DIR}/postinsts ${IMAGE_ROOTFS}${sysconfdir}/rpm-postinsts
	fi
	rm -r ${IMAGE_PACKAGES_DIR}
}
