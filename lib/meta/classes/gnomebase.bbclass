# Software of GNOME: where its releases are, and how it is built.

GNOMEBN ?= "${BPN}"
GNOME_COMPRESS_TYPE ?= "xz"
# GNOME's servers have a directory a series: all but the last part of the version.
GNOME_SERIES = "${@'.'.join(d.getVar('PV').split('.')[:-1]) or d.getVar('PV')}"
SRC_URI = "${GNOME_MIRROR}/${GNOMEBN}/${GNOME_SERIES}/${GNOMEBN}-${PV}.tar.${GNOME_COMPRESS_TYPE};name=archive"
S = "${UNPACKDIR}/${GNOMEBN}-${PV}"
SECTION ?= "x11/gnome"

GNOMEBASEBUILDCLASS ??= "meson"
inherit pkgconfig
inherit_defer ${GNOMEBASEBUILDCLASS}
