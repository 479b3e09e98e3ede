# Users and groups that a target needs: USERADD_PACKAGES, and for each USERADD_PARAM and GROUPADD_PARAM. They are
# for the target to make: do_install cannot give files to them.

USERADD_PACKAGES ??= ""
USERADD_DEPENDS ??= ""
DEPENDS += "${USERADD_DEPENDS}"
