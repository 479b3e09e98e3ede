"""Runs the body of a Python task: `run_task.py NAME BODY FILE LINE DEFINITIONS`, a line to varve on descriptors 3 and 4."""
import json
import os
import sys
import traceback

own = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, own)
from bridge import Bridge  # noqa: E402
from datastore import Data  # noqa: E402
import bb  # noqa: E402
import running  # noqa: E402


def open_line():
    # Programs that the task starts are not to talk on the line.
    for descriptor in (3, 4):
        os.set_inheritable(descriptor, False)
    return Bridge(os.fdopen(4, encoding="utf-8"), os.fdopen(3, "w", encoding="utf-8"))


def tell_people(file):
    """Lets people be told of warnings and errors too, once the task has ended; `file` is read then."""
    def tell(level, text):
        bb.tell(level, text)
        if level in ("warn", "error"):
            try:
                with open(file, "a", encoding="utf-8") as f:
                    f.write(bb.prefixes[level] + text + "\0")
            except OSError:
                # The task made away with T: it is in the log.
                pass
    bb.teller = tell


def report(error):
    """As Python does, without the frames of this program, which say nothing about the recipe."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith((own + os.sep, "<frozen "))]
    where = "".join(traceback.format_list(frames))
    print("ERROR: Python failed:\n" + where + "".join(traceback.format_exception_only(type(error), error)), end="", flush=True)


def main():
    name, body, filename, line, definitions = sys.argv[1:6]
    d = Data(open_line())
    tell_people(os.path.join(os.path.dirname(body), "warnings"))
    try:
        with open(definitions, encoding="utf-8") as f:
            for definition in json.load(f):
                running.define(definition["text"], definition["file"], definition["line"])
        with open(body, encoding="utf-8") as f:
            running.run(name, f.read(), d, filename, int(line))
    except bb.BBHandledException:
        # What there is to say has been said.
        return 1
    except Exception as error:
        report(error)
        return 1
    return 0


sys.exit(main())
