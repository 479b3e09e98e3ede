# Services that systemd starts (SYSTEMD_SERVICE): their units are in that package. With systemd in DISTRO_FEATURES they are enabled,
# unless SYSTEMD_AUTO_ENABLE says otherwise: an image has the links of [Install], and on a target the package's scripts make
# them. A unit stays where DISTRO_FEATURES has no systemd.

SYSTEMD_PACKAGES ?= "${PN}"
SYSTEMD_PACKAGES:class-native ?= ""
SYSTEMD_AUTO_ENABLE ??= "enable"

python () {
    varve.use_systemd_units(d)
}

SYSTEMD_ENABLING = "${@bb.utils.contains('DISTRO_FEATURES', 'systemd', '1', '', d)}"
do_package[postfuncs] += "package_units"
do_package[vardeps] += "SYSTEMD_ENABLING SYSTEMD_PACKAGES systemd_unitdir systemd_system_unitdir systemd_user_unitdir sysconfdir \
    ${@varve.set_for_packages('SYSTEMD_SERVICE SYSTEMD_AUTO_ENABLE', d)}"
python package_units() {
    varve.preset_units(d)
}
