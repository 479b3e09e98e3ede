# Software with completions for bash.

PACKAGE_BEFORE_PN += "${PN}-bash-completion"
FILES:${PN}-bash-completion = "${datadir}/bash-completion ${sysconfdir}/bash_completion.d"
