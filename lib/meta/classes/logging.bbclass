# What shell functions say. It goes into the task's log; the words in front tell what it is.

# People are told this too, once the task has ended.
varve_tell() {
	echo "$1"
	{ printf '%b\0' "$1" >> "${T}/warnings"; } 2>/dev/null || :
}

bbplain() {
	echo "$*"
}

bbnote() {
	echo "NOTE: $*"
}

bbverbnote() {
	echo "NOTE: $*"
}

bbwarn() {
	varve_tell "WARNING: $*"
}

bberror() {
	varve_tell "ERROR: $*"
}

# bbdebug LEVEL TEXT…
bbdebug() {
	case "$1" in
	[0-9]) ;;
	*) bbfatal "bbdebug takes a level from 0 to 9 before its text" ;;
	esac
	shift
	echo "DEBUG: $*"
}

bbfatal() {
	echo "ERROR: $*"
	exit 1
}

bbfatal_log() {
	echo "ERROR: $*"
	exit 1
}
