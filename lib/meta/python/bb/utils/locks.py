"""Lock files."""
import contextlib
import fcntl
import os

from .files import mkdirhier


def lockfile(name, shared=False, retry=True, block=False):
    """Takes a lock that holds until `unlockfile`; None where another has it and nobody is to wait."""
    mkdirhier(os.path.dirname(name) or ".")
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if retry or block else fcntl.LOCK_NB)
    while True:
        held = open(name, "a+")
        try:
            fcntl.flock(held, how)
            # Who had it may have removed the file meanwhile: then the lock is on nothing.
            if os.path.exists(name) and os.path.samestat(os.fstat(held.fileno()), os.stat(name)):
                return held
        except BlockingIOError:
            held.close()
            return None
        held.close()
        if not retry:
            return None


def unlockfile(lf):
    with contextlib.suppress(OSError):
        # Others may share it: who is the last removes it.
        fcntl.flock(lf, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(lf.name)
    lf.close()


@contextlib.contextmanager
def fileslocked(files, *args, **kwargs):
    held = [lock for lock in (lockfile(name, *args, **kwargs) for name in files or []) if lock is not None]
    try:
        yield
    finally:
        for lock in reversed(held):
            unlockfile(lock)
