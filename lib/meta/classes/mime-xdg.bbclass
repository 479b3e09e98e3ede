# Programs that open types of files. The target's database is for the target to make.

MIME_XDG_PACKAGES ?= ""
DESKTOPDIR = "${datadir}/applications"
