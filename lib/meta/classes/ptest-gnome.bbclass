# Software of GNOME that brings its tests along: its configure scripts have an option for that.

inherit ptest

EXTRA_OECONF:append = " ${@bb.utils.contains('PTEST_ENABLED', '1', '--enable-installed-tests', '--disable-installed-tests', d)}"
FILES:${PN}-ptest += "${libexecdir}/installed-tests ${datadir}/installed-tests"
