# What the machine that a recipe is built for is like.

SITEINFO_BIG_ENDIAN ?= "aarch64_be armeb m68k mips mips64 mipsisa32r6 mipsisa64r6 powerpc powerpc64 ppc ppc64 s390x sparc sparc64"
SITEINFO_64_BIT ?= "aarch64 aarch64_be alpha loongarch64 mips64 mips64el mipsisa64r6 mipsisa64r6el powerpc64 powerpc64le ppc64 ppc64le riscv64 s390x sparc64 x86_64"

# "le" or "be", and "32" or "64".
SITEINFO_ENDIANNESS = "${@bb.utils.contains('SITEINFO_BIG_ENDIAN', d.getVar('HOST_ARCH'), 'be', 'le', d)}"
SITEINFO_BITS = "${@bb.utils.contains('SITEINFO_64_BIT', d.getVar('HOST_ARCH'), '64', '32', d)}"

# The same in words, the most general last, as files with answers for configure are named.
def siteinfo_data(d):
    endianness = {"be": "endian-big", "le": "endian-little"}[d.getVar("SITEINFO_ENDIANNESS")]
    return [endianness, "bit-" + d.getVar("SITEINFO_BITS"), "common-linux", "common-" + d.getVar("TCLIBC"),
            d.expand("${HOST_ARCH}-${HOST_OS}"), "common"]
