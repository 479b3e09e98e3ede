# Recipes for some configurations only: ANY_OF_, REQUIRED_ and CONFLICT_ before DISTRO_FEATURES,
# MACHINE_FEATURES, COMBINED_FEATURES, IMAGE_FEATURES or TUNE_FEATURES. Elsewhere they are skipped.

python () {
    varve.skip_without_features(d)
}
