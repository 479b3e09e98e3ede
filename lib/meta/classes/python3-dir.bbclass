# Where modules of Python are: of the python3 that builds, since what is built runs on that machine.

def python3_version():
    import sys
    return "%d.%d" % sys.version_info[:2]

PYTHON_PN = "python3"
PYTHON_BASEVERSION ?= "${@python3_version()}"
PYTHON_ABI = ""
PYTHON_DIR = "python${PYTHON_BASEVERSION}"
PYTHON_SITEPACKAGES_DIR = "${libdir}/${PYTHON_DIR}/site-packages"
