# Software with types of files. The target's database is for the target to make.

MIMEDIR = "${datadir}/mime"
