import os.path


class ParseError(Exception):
    def __init__(self, msg, filename, lineno=0):
        super().__init__(msg, filename, lineno)
        self.msg, self.filename, self.lineno = msg, filename, lineno

    def __str__(self):
        where = "at %s:%d" % (self.filename, self.lineno) if self.lineno else "in %s" % self.filename
        return "ParseError %s: %s" % (where, self.msg)


class SkipRecipe(Exception):
    """The recipe is not for this configuration."""


class SkipPackage(SkipRecipe):
    """The older name."""


def vars_from_file(mypkg, d):
    """Name, version and revision, as a recipe's file name has them."""
    if not mypkg or not mypkg.endswith((".bb", ".bbappend")):
        return (None, None, None)
    parts = os.path.splitext(os.path.basename(mypkg))[0].split("_")
    if len(parts) > 3:
        raise ParseError("a recipe's file name has a name, a version and a revision at most", mypkg)
    return parts + [None] * (3 - len(parts))


def mark_dependency(d, f):
    """A file is a dependency of the recipe when it is read; varve knows those that it reads itself."""


def vardeps(*varnames):
    """Marks a function of a Python library that uses variables which its text does not show."""
    return lambda function: _marked(function, "bb_vardeps", varnames)


def vardepsexclude(*varnames):
    """Marks a function of a Python library that does not depend on variables which its text shows."""
    return lambda function: _marked(function, "bb_vardepsexclude", varnames)


def _marked(function, mark, names):
    setattr(function, mark, getattr(function, mark, set()) | set(names))
    return function
