# Software with documentation made by gtk-doc: not made, unless GTKDOC_ENABLED is "True".

DEPENDS:append = " gtk-doc-native"
inherit pkgconfig

GTKDOC_ENABLED ?= "False"
GTKDOC_MESON_OPTION ?= "docs"
GTKDOC_MESON_ENABLE_FLAG ?= "true"
GTKDOC_MESON_DISABLE_FLAG ?= "false"

EXTRA_OECONF:prepend = "${@bb.utils.contains('GTKDOC_ENABLED', 'True', '--enable-gtk-doc --enable-gtk-doc-html --disable-gtk-doc-pdf', '--disable-gtk-doc', d)} "
EXTRA_OEMESON:prepend = "-D${GTKDOC_MESON_OPTION}=${@bb.utils.contains('GTKDOC_ENABLED', 'True', '${GTKDOC_MESON_ENABLE_FLAG}', '${GTKDOC_MESON_DISABLE_FLAG}', d)} "
