"""Reads and sets extended attributes of files: a line asks, a line answers. Words are in base64."""
import os
import sys
from binascii import a2b_base64, b2a_base64

RECORDED = ("user.", "security.capability")


def encoded(text):
    return b2a_base64(text, newline=False).decode("ascii")


def values(path):
    """Of the path itself, whatever it is; none where the system does not tell."""
    try:
        names = os.listxattr(path, follow_symlinks=False)
        told = [name for name in names if name.startswith((*RECORDED, "system.posix_acl_"))]
        return {name: os.getxattr(path, name, follow_symlinks=False) for name in told}
    except OSError:
        return {}


def told(paths):
    found = ((path, values(path)) for path in paths)
    return [
        ",".join([encoded(path), *("%s:%s" % (encoded(os.fsencode(name)), encoded(value)) for name, value in of.items())])
        for path, of in found
        if of
    ]


def everything():
    """This directory and all below it."""
    waiting = [b"."]
    while waiting:
        path = waiting.pop()
        yield path
        try:
            entries = list(os.scandir(path)) if os.path.isdir(path) and not os.path.islink(path) else []
        except OSError:
            continue
        prefix = b"" if path == b"." else path + b"/"
        waiting.extend(prefix + entry.name for entry in entries)


def set_just(path, wanted):
    there = values(path)
    for name in there:
        if name.startswith(RECORDED) and name not in wanted:
            attempt(os.removexattr, path, name)
    for name, value in wanted.items():
        if name.startswith(RECORDED) and there.get(name) != value:
            attempt(os.setxattr, path, name, value)


def attempt(call, *arguments):
    try:
        call(*arguments, follow_symlinks=False)
    except OSError:
        pass  # what is there afterwards is the answer


def read(words):
    return told(a2b_base64(word) for word in words)


def write(words):
    paths = []
    for word in words:
        first, *attributes = word.split(",")
        pairs = (attribute.split(":") for attribute in attributes)
        path = a2b_base64(first)
        set_just(path, {os.fsdecode(a2b_base64(name)): a2b_base64(value) for name, value in pairs})
        paths.append(path)
    return told(paths)


operations = {"read": read, "read-all": lambda _: told(everything()), "write": write}


def answer(question):
    operation, place, *words = question.split()
    os.chdir(a2b_base64(place))
    words = operations[operation](words)
    os.chdir("/")
    return " ".join(words)


if __name__ == "__main__":
    for line in sys.stdin:
        print(answer(line), flush=True)
