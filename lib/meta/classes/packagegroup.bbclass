# A name for several recipes: what an image gets that lists it is in RDEPENDS of its packages.

PACKAGES = "${PN}"
ALLOW_EMPTY = "1"
PACKAGE_ARCH ?= "all"
LICENSE ?= "MIT"
INHIBIT_DEFAULT_DEPS = "1"
DEPENDS:append = " ${@' '.join([d.getVar('RDEPENDS:' + name) or '' for name in d.getVar('PACKAGES').split()])}"

S = "${UNPACKDIR}"
B = "${WORKDIR}/build"
do_configure[noexec] = "1"
do_compile[noexec] = "1"
