# Tools and libraries for an SDK. There is none yet: recipes for it are listed, and skipped.

CLASSOVERRIDE = "class-nativesdk"

python () {
    varve.skip_nativesdk(d)
}
