# Services that systemd starts (SYSTEMD_SERVICE). Nothing is enabled before there is a target.

SYSTEMD_PACKAGES ?= "${PN}"
SYSTEMD_PACKAGES:class-native ?= ""
SYSTEMD_AUTO_ENABLE ??= "enable"
