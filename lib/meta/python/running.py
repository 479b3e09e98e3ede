"""Runs the Python of recipes, with file and line as the recipe has them."""
import builtins
import importlib
import os
import sys
import time
import traceback

import bb
import oe

# What every text of a recipe finds without importing it; `def` adds to it.
names = {"bb": bb, "oe": oe, "os": os, "time": time}

# The files that texts were taken from.
files = set()

_hidden = {name for name in dir(builtins) if not name.startswith("_")}


class _Names(dict):
    """What an expression finds: what Python and recipes define, else a variable of that name."""

    def __init__(self, d):
        super().__init__(d=d)

    def __missing__(self, name):
        value = None if name in _hidden or name in names else self["d"].getVar(name)
        if value is None:
            raise KeyError(name)
        return value


def evaluate(text, d):
    return eval(text.strip(), {**names, "d": d}, _Names(d))


def placed(text, filename, line):
    """Compiled so that the first line of the text is that line of the file."""
    files.add(filename)
    return compile("\n" * (line - 1) + text, filename, "exec")


def add_library(directory, namespace):
    """Makes a layer's own package known, or what a layer adds to one that is known."""
    if directory not in sys.path:
        sys.path.append(directory)
    package = names[namespace] = importlib.import_module(namespace)
    own = os.path.join(directory, namespace)
    if own not in package.__path__:
        package.__path__.append(own)
    for module in getattr(package, "BBIMPORTS", []):
        importlib.import_module("%s.%s" % (namespace, module))


def define(text, filename, line):
    exec(placed(text, filename, line), names)


def run(name, body, d, filename, line):
    """Runs the body of a function; `line` is that of the function's head."""
    function = name if name.isidentifier() else "function"
    text = "def %s(d):\n%s" % (function, body)
    own = {}
    exec(placed(text, filename, line), names, own)
    own[function](d)


def handle(handler, event, d):
    """Calls an event handler, to which the event is `e`."""
    text = "def %s(e, d):\n%s" % (handler["name"], handler["body"])
    own = {}
    exec(placed(text, handler["file"], handler["line"]), names, own)
    own[handler["name"]](event, d)


def asking():
    """The innermost line of a recipe or class that is being run."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back
    return frame and {"file": frame.f_code.co_filename, "line": frame.f_lineno}


def frames(error):
    """Where in the texts of recipes it went wrong, the innermost place last."""
    found = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    if isinstance(error, SyntaxError) and error.filename in files:
        found.append((error.filename, error.lineno))
    return found
