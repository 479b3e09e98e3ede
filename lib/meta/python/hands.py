"""
What node cannot do, or not cheaply, done for varve by a process that stays and is small: extended attributes, and tasks,
since a process of varve's size takes long to fork.

A line on standard input asks, as attributes.py has it, and descriptor 3 answers; or it orders:

    start ID ENTRIES LOG WORD... ENTRY...     runs the words in a session of its own; so many entries of its environment
    enclose ID ENTRIES LOG WORD... ENTRY...   the same behind walls, by the words of walls.py
    end ID                                    kills it

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


def spawn(command, environment, log):
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_APPEND, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2),
        (os.POSIX_SPAWN_DUP2, alive, 5),
    ]
    ignored_by_python = [signal.SIGPIPE, signal.SIGXFSZ]
    return os.posix_spawn(
        command[0], command, environment, file_actions=actions, setsid=True, setsigdef=ignored_by_python
    )


def enclose(command, environment, log):
    # What it needs takes as long to load as all else here together.
    import walls

    # Opened here: from a namespace of users one may not look at the descriptors of a process outside.
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    try:
        return walls.start(command, environment, output)
    finally:
        os.close(output)


def run(by, name, entries, *words):
    log, *rest = (a2b_base64(word) for word in words)
    border = len(rest) - int(entries)
    command, environment = rest[:border], dict(entry.split(b"=", 1) for entry in rest[border:])
    try:
        running[by(command, environment, log)] = name
    except OSError as error:
        tell(name, "- " + b2a_base64(str(error).encode(), newline=False).decode())


def kill(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop(pid):
    """Of what runs: it may have no session of its own so far, and nothing that it started then."""
    kill(pid)
    os.kill(pid, signal.SIGKILL)


def end(name):
    for pid, other in running.items():
        if other == name:
            stop(pid)


def tell_ended():
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        # What it left behind ends with it.
        kill(pid)
        signalled = os.WIFSIGNALED(status)
        tell(running.pop(pid), -os.WTERMSIG(status) if signalled else os.WEXITSTATUS(status))


orders = {
    "start": lambda *order: run(spawn, *order),
    "enclose": lambda *order: run(enclose, *order),
    "end": end,
}


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
        stop(pid)


main()
