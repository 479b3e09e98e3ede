# Software with schemas of settings. They are for the target to compile.

GSETTINGS_PACKAGE ?= "${PN}"
