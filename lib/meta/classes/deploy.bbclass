# Software with files that a board is started from: do_deploy puts them into DEPLOYDIR, which is the task's artifact
# and is deployed to DEPLOY_DIR_IMAGE.

DEPLOYDIR = "${WORKDIR}/deploy-${PN}"
do_deploy[artifact] = "${DEPLOYDIR}"
do_deploy[cleandirs] = "${DEPLOYDIR}"
do_deploy[dirs] = "${B}"
