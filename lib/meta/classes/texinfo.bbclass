# Software with manuals in Texinfo: they are made where DISTRO_FEATURES has api-documentation, by the makeinfo of the
# machine, and are empty elsewhere, whether the machine has one or not.

DEPENDS:prepend = "texinfo-native "

# Found by its name: some Makefiles name the program themselves.
PATH:prepend = "${WORKDIR}/texinfo:"
do_configure[prefuncs] += "${@bb.utils.contains('DISTRO_FEATURES', 'api-documentation', '', 'texinfo_stand_in', d)}"

texinfo_stand_in() {
	mkdir -p ${WORKDIR}/texinfo
	cat > ${WORKDIR}/texinfo/makeinfo <<-'END'
		#!/bin/sh
		# Stands in for makeinfo: what it is to make is there, and empty.
		manual=
		while [ $# -gt 0 ]; do
			case "$1" in
			--version) echo "makeinfo (GNU texinfo) 7.0" ;;
			--output=*) manual="${1#--output=}" ;;
			-o | --output) shift; manual="$1" ;;
			-o*) manual="${1#-o}" ;;
			-I | -D | -U | -E) shift ;;
			-*) ;;
			*) [ -n "$manual" ] || manual="$(basename "$1" | sed 's/\.[a-z]*$//').info" ;;
			esac
			shift
		done
		if [ -n "$manual" ]; then
			: > "$manual"
		fi
	END
	chmod 0755 ${WORKDIR}/texinfo/makeinfo
}
