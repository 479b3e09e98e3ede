# Programs that several recipes bring under one name: ALTERNATIVE, ALTERNATIVE_LINK_NAME,
# ALTERNATIVE_TARGET and ALTERNATIVE_PRIORITY say so. Each artifact keeps them under that name; an image
# with two of them is told of the clash.

ALTERNATIVE_PRIORITY = "10"
