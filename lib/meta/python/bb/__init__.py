"""The part of BitBake's `bb` that recipes and classes use."""
import sys

__version__ = "2.19.0"


class BBHandledException(Exception):
    pass


prefixes = {"plain": "", "note": "NOTE: ", "debug": "DEBUG: ", "warn": "WARNING: ", "error": "ERROR: ", "fatal": "ERROR: "}


def tell(level, text):
    print(prefixes[level] + text, flush=True)


# Whoever runs recipes may have it told elsewhere.
teller = tell


def _say(level, args):
    text = "".join(str(arg) for arg in args)
    teller(level, text)
    return text


def plain(*args):
    _say("plain", args)


def note(*args):
    _say("note", args)


def verbnote(*args):
    _say("note", args)


def debug(level, *args):
    _say("debug", args)


def warn(*args):
    _say("warn", args)


def error(*args):
    _say("error", args)


def fatal(*args):
    raise BBHandledException(_say("fatal", args))


_told = set()


def _once(level, args):
    if args not in _told:
        _told.add(args)
        _say(level, args)


def warnonce(*args):
    _once("warn", args)


def erroronce(*args):
    _once("error", args)


from . import build, data, data_smart, event, parse, process, utils  # noqa: E402

sys.modules.setdefault("bb.msg", sys.modules[__name__])
