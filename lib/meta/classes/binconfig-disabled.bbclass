# Libraries with a program as libfoo-config (BINCONFIG), which pkg-config makes needless: what still calls it is told so.

BINCONFIG ?= ""
FILES:${PN}-dev += "${bindir}/*-config"

do_install:append() {
	for program in ${BINCONFIG}; do
		cat > ${D}$program <<-END
			#!/bin/sh
			echo "$program is not to be used here: ask pkg-config" >&2
			echo "--not-to-be-used-$program"
			exit 1
		END
		chmod 0755 ${D}$program
	done
}
