import os.path


def inherits_class(klass, d):
    """Whether the recipe inherits the class."""
    wanted = klass + ".bbclass"
    return any(os.path.basename(path) == wanted for path in (d.getVar("__inherit_cache", False) or "").split())


def createCopy(d):
    return d.createCopy()


def expand(text, d, varname=None):
    return d.expand(text)


def getVar(var, d, expand=False):
    return d.getVar(var, expand)


def setVar(var, value, d):
    d.setVar(var, value)


def keys(d):
    return d.keys()
