# Software that asks pkg-config for its libraries. What pkg-config may know of, the sysroot and
# nothing on the machine, is set for every recipe (conf/varve/toolchain.conf).

DEPENDS:prepend = "pkgconfig-native "
