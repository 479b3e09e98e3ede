import os.path


class ParseError(Exception):
    pass


class SkipRecipe(Exception):
    """The recipe is not for this configuration."""


SkipPackage = SkipRecipe


def vars_from_file(path, d):
    """Name, version and revision, as a recipe's file name has them."""
    if not path or not path.endswith((".bb", ".bbappend")):
        return (None, None, None)
    stem = os.path.splitext(os.path.basename(path))[0]
    parts = stem.split("_")
    return tuple((parts + [None, None, None])[:3])
