# Recipes whose result is the same for every machine: scripts, data.

PACKAGE_ARCH = "all"
