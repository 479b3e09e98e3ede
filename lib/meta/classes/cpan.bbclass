# Modules of Perl with a Makefile.PL, for the perl that builds: what is built runs on that machine.

inherit perlnative

EXTRA_CPANFLAGS ?= ""
FILES:${PN} += "${libdir}/perl5 ${datadir}/perl5"

cpan_do_configure() {
	perl Makefile.PL INSTALLDIRS=vendor NO_PERLLOCAL=1 NO_PACKLIST=1 ${EXTRA_CPANFLAGS} < /dev/null
	# A Makefile.PL that finds something missing ends as if all were well.
	if [ ! -e Makefile ]; then
		bbfatal "Makefile.PL made no Makefile"
	fi
}

cpan_do_compile() {
	oe_runmake OPTIMIZE="${CFLAGS}" LD="${CCLD}"
}

cpan_do_install() {
	oe_runmake 'DESTDIR=${D}' install_vendor
}

EXPORT_FUNCTIONS do_configure do_compile do_install
