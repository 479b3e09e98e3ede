# Software whose manual pages are a feature: on where DISTRO_FEATURES has api-documentation.

PACKAGECONFIG:append:class-target = " ${@bb.utils.contains('DISTRO_FEATURES', 'api-documentation', 'manpages', '', d)}"
MAN_PKG ?= "${PN}-doc"
