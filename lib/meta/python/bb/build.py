"""Functions and tasks of a recipe."""
import os
import subprocess

import bb
from bb.event import Event


class FuncFailed(Exception):
    """A function of a recipe failed."""


class TaskBase(Event):
    """A task, as an event tells it."""

    def __init__(self, t, fn, logfile, d):
        super().__init__()
        self._task = self.taskname = t
        self._package = self.pn = d.getVar("PN")
        self.pv, self.mc, self.taskfile, self.logfile = d.getVar("PV"), "", fn, logfile
        self._message = "recipe %s: task %s: %s" % (self.pn, t, type(self).__name__)

    def getTask(self):
        return self._task

    task = property(getTask)


class TaskStarted(TaskBase):
    pass


class TaskSucceeded(TaskBase):
    pass


class TaskFailed(TaskBase):
    pass


class TaskFailedSilent(TaskBase):
    pass


def exec_func(func, d, dirs=None):
    """Calls a function of the recipe: Python here, shell by sh with what the recipe exports."""
    import running
    body = d.getVar(func, False)
    if not body:
        if body is None:
            bb.warn("there is no function %s" % func)
        return
    flag = lambda name: (d.getVarFlag(func, name) or "").split()  # noqa: E731
    for path in flag("cleandirs"):
        bb.utils.remove(path, True)
        bb.utils.mkdirhier(path)
    dirs = flag("dirs") if dirs is None else dirs
    for path in dirs:
        bb.utils.mkdirhier(path)
    before = os.getcwd()
    try:
        if dirs:
            os.chdir(dirs[-1])
        with bb.utils.fileslocked(flag("lockfiles")):
            if d.getVarFlag(func, "python", False):
                where = d.getVarFlag(func, "filename", False) or func
                running.run(func, body, d, where, int(d.getVarFlag(func, "lineno", False) or 1))
            else:
                _call_shell(func, d)
    finally:
        os.chdir(before)


def _call_shell(func, d):
    text = "".join("%s() {\n%s\n}\n" % (name, body if body.strip() else ":") for name, body in d.ask("shellFunctions", func).items())
    environment = {**os.environ, **dict(bb.data.exported_vars(d))}
    ran = subprocess.run(["/bin/sh", "-e", "-c", text + func], env=environment)
    if ran.returncode != 0:
        raise bb.process.ExecutionError(func, ran.returncode, None, None)


def ensure_task_prefix(name):
    return name if name.startswith("do_") else "do_" + name


def addtask(task, before, after, d):
    task = ensure_task_prefix(task)
    d.setVarFlag(task, "task", 1)
    tasks = listtasks(d)
    if task not in tasks:
        d.setVar("__BBTASKS", [*tasks, task])
    needed = d.getVarFlag(task, "deps", False) or []
    for other in map(ensure_task_prefix, (after or "").split()):
        if other not in needed:
            needed.append(other)
    d.setVarFlag(task, "deps", needed)
    for other in map(ensure_task_prefix, (before or "").split()):
        theirs = d.getVarFlag(other, "deps", False) or []
        if task not in theirs:
            d.setVarFlag(other, "deps", [task] + theirs)


def deltask(task, d):
    task = ensure_task_prefix(task)
    tasks = listtasks(d)
    if task in tasks:
        d.delVarFlag(task, "task")
        d.setVar("__BBTASKS", [other for other in tasks if other != task])
    d.delVarFlag(task, "deps")
    for other in listtasks(d):
        theirs = d.getVarFlag(other, "deps", False) or []
        if task in theirs:
            d.setVarFlag(other, "deps", [one for one in theirs if one != task])


def listtasks(d):
    """The tasks of the recipe, in the order of addtask."""
    return tuple(d.getVar("__BBTASKS", False) or ())


def preceedtask(task, with_recrdeptasks, d):
    """The tasks that a task of the recipe stands after."""
    if task not in listtasks(d):
        return set()
    found = set(d.getVarFlag(task, "deps") or [])
    if with_recrdeptasks:
        found |= set((d.getVarFlag(task, "recrdeptask") or "").split())
    return found


def tasksbetween(task_start, task_end, d):
    """The tasks on any way from the first to the last, both with them."""
    between = []

    def follow(task, way):
        if task in way:
            bb.fatal("%s comes after itself: %s" % (task, " -> ".join(way)))
        way = way + [task]
        if task == task_end:
            between.extend(one for one in way if one not in between)
            return
        for other in listtasks(d):
            if other != task and task in (d.getVarFlag(other, "deps", False) or []):
                follow(other, way)

    follow(task_start, [])
    return between
