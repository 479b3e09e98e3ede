# What an image is made of, in the form of SPDX: INHERIT += "create-spdx" in a configuration. Each recipe says what it is and
# what it was made from; an image puts that together with its packages.

# By which names lists of vulnerabilities know the recipe.
CVE_PRODUCT ??= "${BPN}"
CVE_VERSION ??= "${PV}"

SPDXDIR = "${WORKDIR}/spdx"

addtask create_spdx after do_install before do_build
do_create_spdx[noexec] = "1"
python () {
    varve.use_create_spdx(d)
}
do_create_spdx[cleandirs] = "${SPDXDIR}"
do_create_spdx[artifact] = "${SPDXDIR}"
do_create_spdx[vardeps] += "PN PV LICENSE HOMEPAGE SUMMARY CVE_PRODUCT CVE_VERSION SOURCE_DATE_EPOCH"
python do_create_spdx() {
    varve.describe_recipe(d)
}

do_image_complete[recrdeptask] += "do_create_spdx"
do_image_complete[vardeps] += "PN PV LICENSE SUMMARY"
