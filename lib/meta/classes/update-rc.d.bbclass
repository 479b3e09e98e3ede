# Services that a sysvinit starts (INITSCRIPT_NAME). Nothing is enabled before there is a target.

INITSCRIPT_PARAMS ?= "defaults"
INIT_D_DIR = "${sysconfdir}/init.d"
UPDATERCPN ?= "${PN}"
