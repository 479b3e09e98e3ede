# Users and groups that packages bring: USERADD_PACKAGES, and for each USERADD_PARAM, GROUPADD_PARAM and GROUPMEMS_PARAM, the
# words for useradd, groupadd and groupmems. do_install gives files to them by name, an image has them, and on a target the
# package's preinst makes them.

USERADD_PACKAGES ??= ""
USERADD_DEPENDS ??= ""
DEPENDS += "${USERADD_DEPENDS}"

python () {
    varve.use_useradd(d)
}

USERADD_SAYS = "USERADD_PARAM GROUPADD_PARAM USERMOD_PARAM GROUPMEMS_PARAM"
do_install[vardeps] += "USERADD_PACKAGES ${@varve.set_for_packages(d.getVar('USERADD_SAYS'), d)}"
do_package_write_deb[vardeps] += "USERADD_PACKAGES ${@varve.set_for_packages(d.getVar('USERADD_SAYS'), d)}"
do_package_write_rpm[vardeps] += "USERADD_PACKAGES ${@varve.set_for_packages(d.getVar('USERADD_SAYS'), d)}"
