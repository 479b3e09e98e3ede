# An image, as recipes for one are written in OpenEmbedded.

IMAGE_INSTALL ?= "${CORE_IMAGE_EXTRA_INSTALL}"
CORE_IMAGE_EXTRA_INSTALL ?= ""

inherit image
