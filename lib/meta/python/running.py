"""Runs the Python of recipes, with file and line as the recipe has them."""
import ast
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


# Some texts rely on them without importing them, in functions of other modules too.
builtins.bb, builtins.os = bb, os


def add_library(directory, namespace, modules):
    """Makes a layer's package known. Of a package that several bring, earlier layers prevail, and all of them over ours."""
    for module in modules:
        names[module] = importlib.import_module(module)
    if directory not in sys.path:
        sys.path.append(directory)
    package = names[namespace] = importlib.import_module(namespace)
    theirs, ours = os.path.join(directory, namespace), os.path.join(os.path.dirname(os.path.abspath(__file__)), namespace)
    if theirs not in package.__path__:
        _extend(package, theirs, ours)
    for module in _imports(os.path.join(theirs, "__init__.py")):
        try:
            importlib.import_module("%s.%s" % (namespace, module))
        except ModuleNotFoundError:
            # What stands on parts of BitBake that are not here is an error where it is used.
            if ours not in package.__path__:
                raise


def _extend(package, theirs, ours):
    paths = package.__path__
    paths.insert(paths.index(ours) if ours in paths else len(paths), theirs)
    for module in [name for name in vars(package) if os.path.exists(os.path.join(theirs, name + ".py"))]:
        # It is read again, from the layer.
        if sys.modules.pop("%s.%s" % (package.__name__, module), None) is not None:
            delattr(package, module)


def _imports(file):
    """The modules that BBIMPORTS of a package names; what only adds to a package of others need not have one."""
    if not os.path.exists(file):
        return []
    with open(file, encoding="utf-8") as f:
        tree = ast.parse(f.read())
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "BBIMPORTS":
            return ast.literal_eval(node.value)
    return []


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
    """Calls an event handler, to which the event is `e`. One that Python cannot read is told, and passed over."""
    text = "def %s(e, d):\n%s" % (handler["name"], handler["body"])
    own = {}
    try:
        code = placed(text, handler["file"], handler["line"])
    except SyntaxError as error:
        bb.erroronce("the event handler %s is passed over: %s in line %s" % (handler["name"], error.msg, error.lineno))
        return
    exec(code, names, own)
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
