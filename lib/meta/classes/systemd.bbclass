# Services that systemd starts (SYSTEMD_SERVICE): their units are in that package. Nothing is enabled before there is a
# target, and a unit stays where DISTRO_FEATURES has no systemd.

SYSTEMD_PACKAGES ?= "${PN}"
SYSTEMD_PACKAGES:class-native ?= ""
SYSTEMD_AUTO_ENABLE ??= "enable"

python () {
    varve.use_systemd_units(d)
}
