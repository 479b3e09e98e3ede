# Shell functions that recipes call in their tasks.

die() {
	bbfatal_log "$*"
}

# Runs make as the recipe wants it, and answers its exit status.
oe_runmake_call() {
	bbnote ${MAKE} ${EXTRA_OEMAKE} "$@"
	${MAKE} ${EXTRA_OEMAKE} "$@"
}

# Runs make as the recipe wants it, and ends the task if make fails.
oe_runmake() {
	oe_runmake_call "$@" || die "make failed"
}

# oe_soinstall libfoo.so.1.2.3 DIRECTORY: installs a shared library and the links to it.
oe_soinstall() {
	soname=$(${READELF} -d "$1" | sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
	file=$(basename "$1")
	install -d "$2"
	install -m 0755 "$1" "$2/$file"
	if [ -n "$soname" ] && [ "$soname" != "$file" ]; then
		ln -sf "$file" "$2/$soname"
	fi
	link=$(echo "$file" | sed 's/\.so.*/.so/')
	if [ "$link" != "$file" ]; then
		ln -sf "$file" "$2/$link"
	fi
}

# create_wrapper PROGRAM [NAME=VALUE…]: has PROGRAM run with these set in its environment.
create_wrapper() {
	program="$1"
	real="$(basename "$1").real"
	shift
	mv "$program" "$(dirname "$program")/$real"
	{
		echo '#!/bin/sh'
		for setting in "$@"; do
			echo "export $setting"
		done
		echo 'exec "$(dirname "$(readlink -f "$0")")/'"$real"'" "$@"'
	} > "$program"
	chmod 0755 "$program"
}

