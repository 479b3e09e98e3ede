# The root of an image out of the artifacts of everything in IMAGE_INSTALL, and of what that needs to be built and to run.

DEPENDS += "${IMAGE_INSTALL} ${FEATURE_INSTALL}"
# What runs on the target has this task, so native tools do not come along.
do_prepare_recipe_sysroot[recrdeptask] = "do_packagedata"
# So that the line which names them is known to be why, and not only which of them came or went.
do_install[vardeps] += "IMAGE_INSTALL"

# What artifacts have and no sysroot does.
IMAGE_REST = "${WORKDIR}/rootfs-rest"
do_install[prefuncs] += "image_rest"
python image_rest() {
    varve.complete_artifacts(d)
}

image_do_install() {
	if [ -d ${RECIPE_SYSROOT} ]; then
		cp -a ${RECIPE_SYSROOT}/. ${IMAGE_ROOTFS}/
	fi
	(cd ${IMAGE_ROOTFS} && . ${IMAGE_REST})
	rm ${IMAGE_REST}
}
