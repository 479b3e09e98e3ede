# Software with messages in several languages: made with the gettext of the machine.

DEPENDS:prepend = "gettext-native "
