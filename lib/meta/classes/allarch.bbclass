# Recipes whose result is the same for every machine: scripts, data.

PACKAGE_ARCH = "all"
# Whatever compiler the machine has, it made nothing of this.
TARGET_PREFIX = ""
TARGET_CC_ARCH = ""
