# Libraries whose programs would be a package of their own.

PACKAGE_BEFORE_PN += "${PN}-bin"
