# Of this project, only point releases are followed. Nobody looks for new ones here.

STABLE_VERSION_PARTS ?= "2"
