"""
What node cannot do, or not cheaply, done for varve by a process that stays and is small: extended attributes, and tasks,
since a process of varve's size takes long to fork.

A line on standard input asks, as attributes.py has it, and descriptor 3 answers; or it orders:

    start ID ENTRIES INPUT LOG WORD... ENTRY...   runs the words in a session of its own; so many entries of its environment
    end ID                                        kills it

and standard output tells `ID STATUS` when it has ended: negative for the signal that ended it, or `ID - WHY` where it could
not be started. Words are in base64. Where there is nothing to read any more varve is gone, and all that runs is killed.
"""
import os
import select
import signal
import sys
from binascii import a2b_base64, b2a_base64

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import attributes  # noqa: E402

QUESTIONS, EVENTS, ANSWERS = 0, 1, 3
running = {}
# Whoever holds the other end of this lives; a task may look whether it still does.
alive, _ = os.pipe()


def write_all(descriptor, text):
    rest = memoryview(text.encode("ascii"))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def tell(name, what):
    write_all(EVENTS, "%s %s\n" % (name, what))


def start(name, entries, *words):
    source, log, *rest = (a2b_base64(word) for word in words)
    border = len(rest) - int(entries)
    command, environment = rest[:border], dict(entry.split(b"=", 1) for entry in rest[border:])
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, source, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_APPEND, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2),
        (os.POSIX_SPAWN_DUP2, alive, 5),
    ]
    ignored_by_python = [signal.SIGPIPE, signal.SIGXFSZ]
    try:
        pid = os.posix_spawn(
            command[0], command, environment, file_actions=actions, setsid=True, setsigdef=ignored_by_python
        )
    except OSError as error:
        return tell(name, "- " + b2a_base64(str(error).encode(), newline=False).decode())
    running[pid] = name


def kill(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end(name):
    for pid, other in running.items():
        if other == name:
            kill(pid)


def tell_ended():
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        # What it left behind ends with it.
        kill(pid)
        signalled = os.WIFSIGNALED(status)
        tell(running.pop(pid), -os.WTERMSIG(status) if signalled else os.WEXITSTATUS(status))


orders = {"start": start, "end": end}


def obey(line):
    first, *words = line.decode("ascii").split(" ")
    if first in orders:
        orders[first](*words)
    else:
        write_all(ANSWERS, attributes.answer(line.decode("ascii")) + "\n")


def child_signals():
    """A descriptor that can be read when a child has ended."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read


def main():
    os.set_inheritable(ANSWERS, False)
    ended = child_signals()
    waiting = b""
    while True:
        ready, _, _ = select.select([QUESTIONS, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            tell_ended()
        if QUESTIONS in ready:
            read = os.read(QUESTIONS, 1 << 16)
            if not read:
                break
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                obey(line)
    for pid in running:
        kill(pid)


main()
