# Software with documentation made by gi-docgen: not made, unless GIDOCGEN_ENABLED is "True".

GIDOCGEN_ENABLED ?= "False"
GIDOCGEN_MESON_OPTION ?= "gtk_doc"
GIDOCGEN_MESON_ENABLE_FLAG ?= "true"
GIDOCGEN_MESON_DISABLE_FLAG ?= "false"

EXTRA_OEMESON:prepend = "-D${GIDOCGEN_MESON_OPTION}=${@bb.utils.contains('GIDOCGEN_ENABLED', 'True', '${GIDOCGEN_MESON_ENABLE_FLAG}', '${GIDOCGEN_MESON_DISABLE_FLAG}', d)} "
DEPENDS:append = "${@' gi-docgen-native' if d.getVar('GIDOCGEN_ENABLED') == 'True' else ''}"
