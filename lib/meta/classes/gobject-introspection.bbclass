# Software that may describe its interfaces for other languages.

inherit python3native gobject-introspection-data

GIR_MESON_OPTION ?= "introspection"
GIR_MESON_ENABLE_FLAG ?= "true"
GIR_MESON_DISABLE_FLAG ?= "false"
GI_DATA_ENABLED:class-native = "False"
DEPENDS:append = "${@' gobject-introspection gobject-introspection-native' if d.getVar('GI_DATA_ENABLED') == 'True' else ''}"

EXTRA_OECONF:prepend = "${@bb.utils.contains('GI_DATA_ENABLED', 'True', '--enable-introspection', '--disable-introspection', d)} "
# An empty GIR_MESON_OPTION: meson.build has no such option.
GIRMESONOPTION = "-D${GIR_MESON_OPTION}=${@bb.utils.contains('GI_DATA_ENABLED', 'True', '${GIR_MESON_ENABLE_FLAG}', '${GIR_MESON_DISABLE_FLAG}', d)} "
EXTRA_OEMESON:prepend = "${@'${GIRMESONOPTION}' if d.getVar('GIR_MESON_OPTION') != '' else ''}"
