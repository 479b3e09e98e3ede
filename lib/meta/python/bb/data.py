"""Functions on a datastore."""
import bb


def createCopy(source):
    return source.createCopy()


def initVar(var, d):
    d.initVar(var)


def keys(d):
    return d.keys()


def expand(s, d, varname=None):
    return d.expand(s, varname)


def expandKeys(alterdata, readdata=None):
    """Gives names that hold references their final form."""
    expanded = {key: (readdata or alterdata).expand(key) for key in alterdata if "${" in key}
    for key in sorted(key for key in expanded if expanded[key] != key):
        alterdata.renameVar(key, expanded[key])


def inherits_class(klass, d):
    """Whether the recipe inherits the class."""
    return any(path.endswith("/%s.bbclass" % klass) for path in d.getVar("__inherit_cache", False) or [])


def exported_keys(d):
    """The names that tasks find in their environment."""
    def on(name, flag):
        return bb.utils.to_boolean(d.getVarFlag(name, flag))
    return (name for name in d.keys() if not name.startswith("__") and on(name, "export") and not on(name, "unexport"))


def exported_vars(d):
    for name in list(exported_keys(d)):
        value = d.getVar(name)
        if value is not None:
            yield name, str(value)
