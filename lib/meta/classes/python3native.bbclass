# Software that runs Python while it is built.

inherit python3-dir

DEPENDS:append = " python3-native"
export PYTHON = "python3"
export PYTHONNOUSERSITE = "1"
