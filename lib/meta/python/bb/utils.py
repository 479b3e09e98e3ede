import contextlib
import fcntl
import fnmatch
import glob
import hashlib
import os
import re
import shutil


def _words(value):
    return set(value.split()) if isinstance(value, str) else set(value)


def contains(variable, checkvalues, truevalue, falsevalue, d):
    value = d.getVar(variable)
    return truevalue if value and _words(checkvalues) <= set(value.split()) else falsevalue


def contains_any(variable, checkvalues, truevalue, falsevalue, d):
    value = d.getVar(variable)
    return truevalue if value and _words(checkvalues) & set(value.split()) else falsevalue


def filter(variable, checkvalues, d):
    value = d.getVar(variable)
    return " ".join(sorted(_words(checkvalues) & set(value.split()))) if value else ""


def to_boolean(string, default=None):
    if not string:
        return default
    if isinstance(string, int):
        return string != 0
    if string.lower() in ("y", "yes", "1", "true", "on"):
        return True
    if string.lower() in ("n", "no", "0", "false", "off"):
        return False
    raise ValueError("Invalid value for boolean: %s" % string)


def explode_deps(s):
    """Names in a list of dependencies, without their versions."""
    return re.sub(r"\([^)]*\)", " ", s or "").split()


def explode_dep_versions2(s, *, sort=True):
    found = {}
    for name, version in re.findall(r"(\S+)(?:\s*\(([^)]*)\))?", (s or "").replace(",", " ")):
        found.setdefault(name, [])
        if version:
            found[name].append(version.strip())
    return dict(sorted(found.items())) if sort else found


def explode_dep_versions(s):
    return {name: (versions or [None])[0] for name, versions in explode_dep_versions2(s).items()}


def join_deps(deps, commasep=True):
    texts = []
    for name, versions in deps.items():
        texts += ["%s (%s)" % (name, version) for version in versions] if versions else [name]
    return (", " if commasep else " ").join(texts)


def mkdirhier(directory):
    os.makedirs(directory, exist_ok=True)


def remove(path, recurse=False, ionice=False):
    for name in glob.glob(path) or []:
        if os.path.isdir(name) and not os.path.islink(name):
            if recurse:
                shutil.rmtree(name)
            else:
                os.rmdir(name)
        else:
            os.unlink(name)


def prunedir(topdir, ionice=False):
    shutil.rmtree(topdir, ignore_errors=True)


def copyfile(src, dest, newmtime=None, sstat=None):
    if os.path.islink(src):
        if os.path.lexists(dest):
            os.unlink(dest)
        os.symlink(os.readlink(src), dest)
    else:
        shutil.copy2(src, dest)
    return True


def movefile(src, dest, newmtime=None, sstat=None):
    shutil.move(src, dest)
    return True


def rename(src, dst):
    shutil.move(src, dst)


def which(path, item, direction=0, history=False, executable=False):
    """Finds a file along a path; with `history` also all that was looked at."""
    looked = []
    for directory in (path or "").split(":")[:: -1 if direction else 1]:
        looked.append(os.path.join(directory, item))
        if os.path.exists(looked[-1]) and (not executable or os.access(looked[-1], os.X_OK)):
            return (looked[-1], looked) if history else looked[-1]
    return ("", looked) if history else ""


def lockfile(name, shared=False, retry=True, block=False):
    """Takes a lock that holds until `unlockfile`; None where another has it and `retry` is off."""
    mkdirhier(os.path.dirname(name))
    held = open(name, "a+")
    try:
        fcntl.flock(held, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if retry or block else fcntl.LOCK_NB))
    except BlockingIOError:
        held.close()
        return None
    return held


def unlockfile(held):
    held.close()


@contextlib.contextmanager
def fileslocked(files, *args, **kwargs):
    held = [lockfile(name) for name in files or []]
    try:
        yield
    finally:
        for lock in held:
            unlockfile(lock)


@contextlib.contextmanager
def umask(new_mask):
    before = os.umask(new_mask)
    try:
        yield
    finally:
        os.umask(before)


def cpu_count():
    return len(os.sched_getaffinity(0))


def _digest(filename, algorithm):
    with open(filename, "rb") as f:
        for piece in iter(lambda: f.read(1 << 20), b""):
            algorithm.update(piece)
    return algorithm.hexdigest()


def md5_file(filename):
    return _digest(filename, hashlib.md5())


def sha1_file(filename):
    return _digest(filename, hashlib.sha1())


def sha256_file(filename):
    return _digest(filename, hashlib.sha256())


def sha512_file(filename):
    return _digest(filename, hashlib.sha512())


# "~" comes before the end of a version, that before digits, letters, and the rest.
_end = (0, -1)


def _pieces(text):
    found = re.findall(r"([0-9]+)|([a-zA-Z]+)|(~)|([\s\S])", text)
    return [(0, int(number)) if number else (1, word) if word else (-1, 0) if tilde else (2, sign) for number, word, tilde, sign in found]


def _compare(a, b):
    one, other = _pieces(a), _pieces(b)
    length = max(len(one), len(other))
    one, other = [pieces + [_end] * (length - len(pieces)) for pieces in (one, other)]
    return (one > other) - (one < other)


def split_version(s):
    """The epoch as a number, the version, the revision."""
    s = s.strip(" <>=")
    epoch, colon, rest = s.partition(":")
    version, dash, revision = (rest if colon else s).rpartition("-")
    return (int(epoch) if colon and epoch.isdigit() else 0, version if dash else revision, revision if dash else "")


def vercmp(ta, tb):
    return (ta[0] > tb[0]) - (ta[0] < tb[0]) or _compare(ta[1], tb[1]) or _compare(ta[2], tb[2])


def vercmp_string(a, b):
    return vercmp(split_version(a), split_version(b))


def vercmp_string_op(a, b, op):
    order = vercmp_string(a, b)
    return {"=": order == 0, "==": order == 0, "<=": order <= 0, ">=": order >= 0, ">": order > 0, ">>": order > 0,
            "<": order < 0, "<<": order < 0, "!=": order != 0}[op]


def set_intersect(variable1, variable2, d):
    return " ".join(set((d.getVar(variable1) or "").split()) & set((d.getVar(variable2) or "").split()))


def fnmatch_any(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
