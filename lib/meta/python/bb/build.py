import bb


class FuncFailed(Exception):
    pass


functions = {}


def exec_func(func, d, dirs=None):
    """Runs a Python function of the recipe; a shell function is run by sh with what the recipe exports."""
    import os
    import subprocess
    body = d.getVar(func, False)
    if body is None:
        raise FuncFailed("there is no function %s" % func)
    if dirs:
        for path in dirs:
            os.makedirs(path, exist_ok=True)
        os.chdir(dirs[-1])
    if d.getVarFlag(func, "python", False):
        functions["run"](body, d, d.getVarFlag(func, "filename", False) or func, int(d.getVarFlag(func, "lineno", False) or 1))
        return
    script = "%s() {\n%s\n}\n%s\n" % (func, d.expand(body), func)
    if subprocess.call(["/bin/sh", "-e", "-c", script]) != 0:
        raise FuncFailed("%s failed" % func)


def addtask(task, before, after, d):
    name = task if task.startswith("do_") else "do_" + task
    tasks = (d.getVar("__BBTASKS", False) or "").split()
    if name not in tasks:
        d.setVar("__BBTASKS", " ".join(tasks + [name]))
    d.setVarFlag(name, "task", "1")
    if after:
        deps = (d.getVarFlag(name, "deps", False) or "").split()
        d.setVarFlag(name, "deps", " ".join(deps + [dep for dep in after.split() if dep not in deps]))
    for other in (before or "").split():
        deps = (d.getVarFlag(other, "deps", False) or "").split()
        if name not in deps:
            d.setVarFlag(other, "deps", " ".join([name] + deps))


def deltask(task, d):
    name = task if task.startswith("do_") else "do_" + task
    tasks = (d.getVar("__BBTASKS", False) or "").split()
    d.setVar("__BBTASKS", " ".join(other for other in tasks if other != name))
    for other in tasks:
        deps = (d.getVarFlag(other, "deps", False) or "").split()
        if name in deps:
            d.setVarFlag(other, "deps", " ".join(dep for dep in deps if dep != name))


__all__ = ["FuncFailed", "exec_func", "addtask", "deltask", "bb"]
