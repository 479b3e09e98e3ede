"""The part of BitBake's `bb` that recipes and classes use."""
import logging
import sys

__version__ = "2.19.0"


class BBHandledException(Exception):
    """What there is to say has been said."""


prefixes = {"plain": "", "note": "NOTE: ", "debug": "DEBUG: ", "warn": "WARNING: ", "error": "ERROR: ", "fatal": "ERROR: "}


def tell(level, text):
    print(prefixes[level] + text, flush=True)


# Whoever runs recipes may have it told elsewhere.
teller = tell


def _say(level, args):
    text = "".join(args)
    teller(level, text)
    return text


def plain(*args):
    _say("plain", args)


def note(*args):
    _say("note", args)


def verbnote(*args):
    _say("note", args)


def debug(lvl, *args):
    _say("debug", args)


def warn(*args):
    _say("warn", args)


def error(*args, **kwargs):
    _say("error", args)


def fatal(*args, **kwargs):
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


class _Told(logging.Handler):
    """What is said to Python's own logging is told in the same way."""

    def emit(self, record):
        level = "error" if record.levelno >= logging.ERROR else "warn" if record.levelno >= logging.WARNING else "note"
        teller(level, record.getMessage())


logger = logging.getLogger("BitBake")
logger.addHandler(_Told())
logger.setLevel(logging.INFO)
logger.propagate = False
logger.plain = logger.verbnote = logger.info

from . import data_smart, event, filter, parse, process, utils  # noqa: E402
from . import data, build, fetch2  # noqa: E402

fetch = fetch2
sys.modules["bb.fetch"] = fetch2


def __getattr__(name):
    """What few recipes ask for, and what takes its time to import."""
    if name == "multiprocessing":
        import multiprocessing
        return multiprocessing.get_context("fork")
    raise AttributeError("module 'bb' has no attribute '%s'" % name)
