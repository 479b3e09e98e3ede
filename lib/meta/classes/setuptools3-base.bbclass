# Software with a module for Python that is not built by setuptools itself.

inherit python3native python3targetconfig

export LDSHARED = "${CCLD} -shared"
FILES:${PN} += "${PYTHON_SITEPACKAGES_DIR}"
