# License texts as artifacts, so that images come with those of their packages: INHERIT += "license" in a configuration.

LICSSTATEDIR = "${WORKDIR}/license-destdir"

addtask license_texts after do_populate_lic before do_build
do_license_texts[noexec] = "1"
python () {
    varve.use_license_texts(d)
}
do_license_texts[cleandirs] = "${LICSSTATEDIR}"
do_license_texts[artifact] = "${LICSSTATEDIR}"
do_license_texts[vardeps] += "LIC_FILES_CHKSUM S"
python do_license_texts() {
    varve.copy_licenses(d)
}

do_image_complete[recrdeptask] += "do_license_texts"
