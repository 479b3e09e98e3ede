# Software that runs Perl while it is built.

DEPENDS:append = " perl-native"
