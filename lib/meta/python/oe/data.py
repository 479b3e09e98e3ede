"""Variables as values of a type."""
import inspect

import bb

from . import types

_types = {"list": types.OEList, **{name: getattr(types, name) for name in ("boolean", "choice", "float", "integer", "path", "regex")}}


def typed_value(key, d):
    """The value of a variable as its `[type]` flag says, with what further flags say of that type."""
    kind = d.getVarFlag(key, "type")
    if kind not in _types:
        bb.fatal("%s has no [type] among %s" % (key, ", ".join(_types)))
    make = _types[kind]
    options = [name for name in list(inspect.signature(make).parameters)[1:] if d.getVarFlag(key, name) is not None]
    try:
        return make(d.getVar(key) or "", **{name: d.getVarFlag(key, name) for name in options})
    except (TypeError, ValueError) as error:
        bb.fatal("%s: %s" % (key, error))
