# Software with manuals in Texinfo: made with the makeinfo of the machine, where it has one.

DEPENDS:prepend = "texinfo-native "
