"""Answers what varve asks while it reads metadata, on a line to varve: reads descriptor 3, writes descriptor 4."""
import ast
import json
import os
import signal
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bridge import Bridge, Data  # noqa: E402
import bb  # noqa: E402
import running  # noqa: E402


def typename(error):
    kind = type(error)
    if kind is bb.BBHandledException:
        return "bb.fatal"
    return kind.__name__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__name__)


def failure(error, filename=None, first=1):
    line = None
    if isinstance(error, SyntaxError):
        line = error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename == filename:
                line = frame.lineno
    told = {"type": typename(error), "message": str(error.msg if isinstance(error, SyntaxError) else error)}
    if line is not None:
        told["line"] = line - first
    return {"ok": False, "failure": told}


def evaluate(message, d):
    return str(eval(message["text"].strip(), running.names, {"d": d}))


def execute(message, d):
    running.run(message["text"], d, message["file"], message["line"])
    return ""


def define(message, d):
    running.define(message["text"], message["file"], message["line"])
    return ""


def literal(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def references(message, d):
    """Names that a text reads and functions that it calls, where they are written out."""
    text = message["text"]
    tree = ast.parse("if 1:\n" + text if text.lstrip("\n")[:1] in " \t" else text)
    reads, contains, calls = set(), {}, set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        first, second = [literal(argument) for argument in node.args[:2]] + [None] * (2 - len(node.args[:2]))
        if name.endswith((".getVar", ".appendVar", ".prependVar")) and first is not None:
            reads.add(first)
        elif name in ("bb.utils.contains", "bb.utils.contains_any", "bb.utils.filter") and first is not None and second is not None:
            contains.setdefault(first, set()).add(second)
        elif name == "bb.build.exec_func" and first is not None:
            calls.add(first)
        else:
            calls.add(name)
    return json.dumps({"reads": sorted(reads), "contains": {name: sorted(found) for name, found in contains.items()}, "calls": sorted(calls)})


operations = {"evaluate": evaluate, "execute": execute, "define": define, "references": references}


def open_line():
    # Programs that recipes start are not to hold the line open when both sides have ended.
    for descriptor in (3, 4):
        os.set_inheritable(descriptor, False)
    return Bridge(os.fdopen(3, encoding="utf-8"), os.fdopen(4, "w", encoding="utf-8"))


def main():
    bridge = open_line()
    d = Data(bridge)

    def serve(message):
        try:
            return {"ok": True, "value": operations[message["op"]](message, d)}
        except (Exception, SystemExit) as error:  # whatever a recipe's Python raises is an answer
            return failure(error, message.get("file"), message.get("line", 1))

    def tell(level, text):
        # What bb.fatal says is the answer; the rest is no business of varve's own output.
        if level in ("warn", "error"):
            d.ask("warn", text)
        elif level in ("plain", "note"):
            print(bb.prefixes[level] + text, file=sys.stderr, flush=True)

    bridge.serve = serve
    bb.teller = tell
    sys.stdout = sys.stderr
    while True:
        # Ctrl-C ends what a recipe does, and leaves alone who only waits.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        message = bridge.receive()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        bridge.send(serve(message))


try:
    main()
except (EOFError, BrokenPipeError):
    # varve has ended. Nothing is left to be flushed to it.
    os._exit(0)
