# Where releases of a project on GitHub are.

GITHUB_BASE_URI ?= "https://github.com/${BPN}/${BPN}/releases/"
