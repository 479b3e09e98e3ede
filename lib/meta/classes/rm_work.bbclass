# INHERIT += "rm_work": no WORKDIR stays longer than it is needed, but for those of RM_WORK_EXCLUDE.
RM_WORK ?= "1"
