# Programs that several recipes bring under one name: ALTERNATIVE, ALTERNATIVE_LINK_NAME, ALTERNATIVE_TARGET and
# ALTERNATIVE_PRIORITY say so. In a package each has its recipe's name behind it, and under their common name there is a link
# to the one with the highest priority: in an image varve makes it, on a target update-alternatives, which the package's scripts
# call. An image of whole artifacts with two of them is told of the clash.

ALTERNATIVE_PRIORITY = "10"

python () {
    varve.use_alternatives(d)
}

do_package[postfuncs] += "package_alternatives"
do_package[vardeps] += "BPN bindir ${@varve.alternative_inputs(d)}"
python package_alternatives() {
    varve.name_alternatives(d)
}
