# Software with modules of GIO. The cache of them is for the target to make.

GIO_MODULE_PACKAGES ??= "${PN}"
