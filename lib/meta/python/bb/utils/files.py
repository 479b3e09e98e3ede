"""Files and directories."""
import contextlib
import errno
import glob
import os
import random
import shutil
import stat
import string
import subprocess
import tempfile

import bb


def mkdirhier(directory):
    """Makes a directory and those above it."""
    if "${" in str(directory):
        bb.fatal("the directory %s has a variable in its name that is not set" % directory)
    os.makedirs(directory, exist_ok=True)


def _refuse_precious(path):
    """A slip in a recipe is not to cost a home directory."""
    absolute = os.path.abspath(path)
    if absolute in ("/", "//", "/home", os.environ.get("HOME")) or os.path.dirname(absolute) == "/home":
        raise Exception('refusing to remove "%s"' % path)


def remove(path, recurse=False, ionice=False):
    """Removes what a pattern names; directories only with `recurse`. What is not there is no problem."""
    for name in glob.glob(path) if path else []:
        if recurse and os.path.isdir(name) and not os.path.islink(name):
            _refuse_precious(name)
            # Faster than Python, and at home with directories that may not be written.
            subprocess.check_call(["rm", "-rf", name])
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)


def prunedir(topdir, ionice=False):
    _refuse_precious(topdir)
    remove(topdir, recurse=True)


def rename(src, dst):
    """Renames, across file systems too."""
    try:
        os.rename(src, dst)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(src, dst)


def copyfile(src, dest, newmtime=None, sstat=None):
    """Copies a file or link with its mode, owner and times; its time, or False where it cannot be."""
    try:
        sstat = sstat or os.lstat(src)
        if stat.S_ISLNK(sstat.st_mode):
            _replace_by_link(os.readlink(src), dest)
            return os.lstat(dest)
        if os.path.islink(dest):
            os.unlink(dest)
        shutil.copyfile(src, dest + "#new")
        rename(dest + "#new", dest)
        return _like(dest, sstat, newmtime)
    except OSError as error:
        bb.warn("cannot copy %s to %s: %s" % (src, dest, error))
        return False


def movefile(src, dest, newmtime=None, sstat=None):
    """Moves a file or link with its mode, owner and times; its time, or None where it cannot be."""
    try:
        sstat = sstat or os.lstat(src)
        if stat.S_ISLNK(sstat.st_mode):
            _replace_by_link(os.readlink(src), dest)
            os.unlink(src)
            return os.lstat(dest)
        target = os.path.join(dest, os.path.basename(src)) if os.path.isdir(dest) else dest
        rename(src, target)
        return _like(target, sstat, newmtime)
    except OSError as error:
        bb.warn("cannot move %s to %s: %s" % (src, dest, error))
        return None


def _replace_by_link(target, dest):
    if os.path.lexists(dest) and not (os.path.isdir(dest) and not os.path.islink(dest)):
        os.unlink(dest)
    os.symlink(target, dest)


def _like(path, sstat, newmtime):
    with contextlib.suppress(PermissionError):
        os.lchown(path, sstat.st_uid, sstat.st_gid)
    # Changing the owner takes away the special bits.
    os.chmod(path, stat.S_IMODE(sstat.st_mode))
    if newmtime:
        os.utime(path, (newmtime, newmtime))
        return newmtime
    os.utime(path, (sstat.st_atime, sstat.st_mtime))
    return sstat.st_mtime


def break_hardlinks(src, sstat=None):
    """Gives a file that has other names a content of its own."""
    sstat = sstat or os.lstat(src)
    return True if sstat.st_nlink == 1 else copyfile(src, src, sstat=sstat)


def which(path, item, direction=0, history=False, executable=False):
    """Finds a file along a path; with `history` also all that was looked at."""
    looked = []
    for directory in (path or "").split(":")[:: -1 if direction else 1]:
        candidate = os.path.join(directory, item)
        looked.append(candidate)
        found = os.path.isfile(candidate) and os.access(candidate, os.X_OK) if executable else os.path.exists(candidate)
        if found:
            return (os.path.abspath(candidate), looked) if history else os.path.abspath(candidate)
    return ("", looked) if history else ""


def to_filemode(input):
    """A mode as a number; a text is octal."""
    return input if type(input) is int else int(input, 8)


@contextlib.contextmanager
def umask(new_mask):
    before = os.umask(new_mask)
    try:
        yield
    finally:
        os.umask(before)


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    """A temporary file whose name does not hang on the clock."""
    entropy = "".join(random.choices(string.ascii_letters + string.digits, k=20))
    return tempfile.mkstemp(suffix=suffix, prefix=(prefix or tempfile.gettempprefix()) + entropy, dir=dir, text=text)


def path_is_descendant(descendant, ancestor):
    """Whether a path leads to a directory or to something below it, however it is written."""
    wanted, path = os.stat(ancestor), os.path.abspath(descendant)
    while True:
        if os.path.samestat(os.stat(path), wanted):
            return True
        if path == "/":
            return False
        path = os.path.dirname(path)


def is_path_on_nfs(path):
    while os.path.isabs(path) and not os.path.exists(path):
        path = os.path.dirname(path)
    return bb.process.run(["stat", "-f", "-c", "%T", path])[0].strip() == "nfs"
