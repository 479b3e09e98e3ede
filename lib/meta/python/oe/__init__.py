"""The part of OpenEmbedded's `oe` that recipes use most; a layer may bring more modules of it."""
import importlib

from . import data, path, types, utils  # noqa: F401


def __getattr__(name):
    """What a layer brings is read when it is asked for."""
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module("%s.%s" % (__name__, name))
    except ModuleNotFoundError as error:
        if error.name != "%s.%s" % (__name__, name):
            raise
        raise AttributeError("oe has no module %s" % name) from None
