# Software with messages in several languages: made with the gettext of the machine.

DEPENDS:prepend = "gettext-native "
EXTRA_OECONF:append = " ${@'--disable-nls' if d.getVar('USE_NLS') == 'no' else '--enable-nls'}"
