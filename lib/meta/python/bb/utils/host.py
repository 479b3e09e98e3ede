"""The machine, the process, and Python itself."""
import contextlib
import fcntl
import os
import signal

import bb


def cpu_count():
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def environment(**envvars):
    """Has variables in the environment for a while."""
    before = {name: os.environ.get(name) for name in envvars}
    os.environ.update(envvars)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def build_environment(d):
    """Puts what the metadata exports into the environment."""
    for name in list(d.keys()):
        if d.getVarFlag(name, "export", False):
            os.environ[name] = d.getVar(name) or ""


_proxies = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


def export_proxies(d):
    """Puts the proxies that the metadata names into the environment."""
    for name in _proxies:
        value = d.getVar(name)
        if value:
            os.environ[name] = value


def is_local_uid(uid=""):
    """Whether /etc/passwd itself has the user."""
    with open("/etc/passwd") as f:
        users = [line.split(":") for line in f]
    return any(len(user) > 2 and user[2] == str(uid or os.getuid()) for user in users)


def nonblockingfd(fd):
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)


def signal_on_parent_exit(signame):
    """Has a signal sent to this process when the one that started it ends."""
    import ctypes
    if ctypes.CDLL(None).prctl(1, int(getattr(signal, signame))) != 0:
        raise OSError("the kernel refuses to tell of the end of the parent")


def better_exec(code, context, text=None, realfile="<code>", pythonexception=False):
    import running
    exec(code, running.names, context)


simple_exec = better_exec


def better_eval(source, locals, extraglobals=None):
    import running
    return eval(source, {**running.names, **(extraglobals or {})}, locals)


def exec_flat_python_func(func, *args, **kwargs):
    """Calls a function that a recipe defines, by its name."""
    import running
    function = running.names.get(func)
    if function is None:
        bb.fatal("there is no function %s" % func)
    return function(*args, **kwargs)
