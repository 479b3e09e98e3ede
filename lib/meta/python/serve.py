"""Answers what varve asks while it reads metadata, on a line to varve: reads descriptor 3, writes descriptor 4."""
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
if os.environ.pop("VARVE_LATER", None):
    import later  # noqa: F401
from bridge import Bridge  # noqa: E402
from datastore import Data  # noqa: E402
import bb  # noqa: E402
import running  # noqa: E402


def typename(error):
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__name__)


def failure(error):
    told = {
        "type": typename(error),
        "message": str(error.msg if isinstance(error, SyntaxError) else error),
        "frames": [{"file": file, "line": line} for file, line in running.frames(error)],
    }
    return {"ok": False, "failure": told}


def evaluate(message, d):
    return str(running.evaluate(message["text"], d))


def execute(message, d):
    running.run(message["name"], message["text"], d, message["file"], message["line"])
    return ""


def fire(message, d):
    bb.event.fire(getattr(bb.event, message["name"])(*message["args"]), d)
    return ""


def define(message, d):
    running.define(message["text"], message["file"], message["line"])
    return ""


operations = {"evaluate": evaluate, "execute": execute, "fire": fire, "define": define}


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
            return failure(error)

    def tell(level, text):
        # What bb.fatal says is the answer; the rest is no business of varve's own output.
        if level in ("warn", "error"):
            d.tell(level, text)
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
