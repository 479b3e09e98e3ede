# Every recipe inherits this: its tasks, in OpenEmbedded's names, and what task bodies may call.
# The record of each task, the artifact of do_install and the sysroots are the engine's own
# doing: a layer with a base.bbclass of its own replaces this file and keeps those.

BASE_DEFAULT_DEPS ?= ""
BASEDEPENDS = "${@'' if d.getVar('INHIBIT_DEFAULT_DEPS') else d.getVar('BASE_DEFAULT_DEPS')}"
DEPENDS:prepend = "${BASEDEPENDS} "

# PACKAGECONFIG[name] = "if on,if off,DEPENDS if on,RDEPENDS if on,,names that must be off then"
DEPENDS:append = " ${@varve.packageconfig_depends(d)}"
RDEPENDS:${PN}:append = " ${@varve.packageconfig_rdepends(d)}"
PACKAGECONFIG_CONFARGS:append = " ${@varve.packageconfig_confargs(d)}"

# SKIP_RECIPE[name] = "why", COMPATIBLE_HOST, COMPATIBLE_MACHINE, LICENSE_FLAGS and INCOMPATIBLE_LICENSE
python () {
    varve.skip_incompatible(d)
}
python () {
    varve.check_packageconfig(d)
}

## Sources. The lines with varve.… are carried out by the engine; recipes may add to the
## functions, and call the base_ ones from functions of their own.

addtask fetch
do_fetch[dirs] = "${DL_DIR}"
do_fetch[network] = "1"
python do_fetch() {
    varve.fetch(d)
}
python base_do_fetch() {
    varve.fetch(d)
}

addtask unpack after do_fetch
do_unpack[cleandirs] = "${UNPACKDIR}"
python do_unpack() {
    varve.unpack(d)
}
python base_do_unpack() {
    varve.unpack(d)
}
do_unpack[postfuncs] += "base_check_source_dir"
python base_check_source_dir() {
    varve.check_source_dir(d)
}

addtask patch after do_unpack
do_patch[vardeps] += "S"
python do_patch() {
    varve.patch(d)
}
python patch_do_patch() {
    varve.patch(d)
}

# License texts are compared with LIC_FILES_CHKSUM, where a recipe has one: the task then runs, and
# do_install waits for it.
addtask populate_lic after do_patch before do_build
do_populate_lic[noexec] = "1"
do_populate_lic[vardeps] += "LIC_FILES_CHKSUM S"
python do_populate_lic() {
    varve.check_licenses(d)
}
python () {
    varve.use_license_check(d)
}

## From sources to the image

# What this task waits for is what the engine puts into the recipe's sysroots. Not a shell task: it would hang on
# every exported variable.
addtask prepare_recipe_sysroot after do_patch before do_configure
do_prepare_recipe_sysroot[deptask] = "do_populate_sysroot"
python do_prepare_recipe_sysroot() {
    varve.stage(d)
}

addtask configure after do_patch
do_configure[dirs] = "${B}"
base_do_configure() {
	:
}

addtask compile after do_configure
do_compile[dirs] = "${B}"
base_do_compile() {
	if [ -e Makefile ] || [ -e makefile ] || [ -e GNUmakefile ]; then
		oe_runmake
	else
		bbnote "nothing to compile: no Makefile in ${B}"
	fi
}

addtask install after do_compile
do_install[dirs] = "${B}"
do_install[cleandirs] = "${D}"
# The time of all that is in the artifact; a shell task has it in its environment anyway.
do_install[vardeps] += "SOURCE_DATE_EPOCH"
base_do_install() {
	:
}

EXPORT_FUNCTIONS do_configure do_compile do_install

## Names that recipes order their own tasks by. do_install's artifact is what they stand for.

addtask populate_sysroot after do_install
do_populate_sysroot[noexec] = "1"
do_populate_sysroot() {
	:
}

addtask packagedata after do_install before do_build
do_packagedata[noexec] = "1"
do_packagedata() {
	:
}

# Where the artifact of do_deploy lies in the end, in recipes that have such a task with one (deploy.bbclass).
do_deploy[deployed] = "${DEPLOY_DIR_IMAGE}"
# Whoever builds an image has with it what its board is started from.
do_build[recrdeptask] += "do_deploy"

addtask build after do_populate_sysroot
do_build[noexec] = "1"
do_build() {
	:
}

inherit logging utils
