# Software with icons. The cache of them is for the target to make.

GTKIC_VERSION ??= "3"
FILES:${PN} += "${datadir}/icons/hicolor"
