# Libraries with a program that tells how to build with them, as libfoo-config. It speaks of the target's
# directories; software finds what is in its sysroot by pkg-config.

BINCONFIG_GLOB ?= "*-config"
FILES:${PN}-dev += "${bindir}/*-config"
