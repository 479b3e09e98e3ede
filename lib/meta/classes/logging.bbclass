# What shell functions say. It goes into the task's log; the words in front tell what it is.

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
	echo "WARNING: $*"
}

bberror() {
	echo "ERROR: $*"
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
