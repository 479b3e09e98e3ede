# Where releases of a project on SourceForge are.

SOURCEFORGE_PROJECT ?= "${BPN}"
