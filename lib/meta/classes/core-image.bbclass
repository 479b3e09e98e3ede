# An image, as recipes for one are written in OpenEmbedded.

IMAGE_INSTALL ?= "${CORE_IMAGE_EXTRA_INSTALL}"
CORE_IMAGE_EXTRA_INSTALL ?= ""

# What the features of OpenEmbedded bring, where a layer has these package groups.
FEATURE_PACKAGES_eclipse-debug ?= "packagegroup-core-eclipse-debug"
FEATURE_PACKAGES_hwcodecs ?= "${MACHINE_HWCODECS}"
FEATURE_PACKAGES_nfs-client ?= "packagegroup-core-nfs-client"
FEATURE_PACKAGES_nfs-server ?= "packagegroup-core-nfs-server"
FEATURE_PACKAGES_ssh-server-dropbear ?= "packagegroup-core-ssh-dropbear"
FEATURE_PACKAGES_ssh-server-openssh ?= "packagegroup-core-ssh-openssh"
FEATURE_PACKAGES_tools-debug ?= "packagegroup-core-tools-debug"
FEATURE_PACKAGES_tools-profile ?= "packagegroup-core-tools-profile"
FEATURE_PACKAGES_tools-sdk ?= "packagegroup-core-sdk packagegroup-core-standalone-sdk-target"
FEATURE_PACKAGES_tools-testapps ?= "packagegroup-core-tools-testapps"
FEATURE_PACKAGES_weston ?= "packagegroup-core-weston"
FEATURE_PACKAGES_x11 ?= "packagegroup-core-x11"
FEATURE_PACKAGES_x11-base ?= "packagegroup-core-x11-base"
FEATURE_PACKAGES_x11-sato ?= "packagegroup-core-x11-sato"
IMAGE_FEATURES_REPLACES_ssh-server-openssh ?= "ssh-server-dropbear"
MACHINE_HWCODECS ??= ""

inherit image
