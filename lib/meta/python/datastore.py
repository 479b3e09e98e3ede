"""What recipes know as `d`: every question goes to varve, which has the variables."""
from collections.abc import MutableMapping

import running


class Data(MutableMapping):
    """A datastore; a copy has a number, by which varve knows it."""

    def __init__(self, bridge, number=0):
        self.bridge = bridge
        self.number = number
        self.varhistory = _NoHistory()

    def ask(self, call, *args):
        return self.bridge.ask(self.number, call, *args)

    def tell(self, call, *args):
        """What is done on behalf of a line of a recipe or class."""
        return self.bridge.ask(self.number, call, *args, at=running.asking())

    def getVar(self, var, expand=True, noweakdefault=False, parsing=False):
        return self.bridge.heard(self.ask("get", var, bool(expand)))

    def setVar(self, var, value, **loginfo):
        if var == "__BBTASKS":
            value = " ".join(value or [])
        self.tell("set", var, self.bridge.told(value))

    def delVar(self, var, **loginfo):
        self.tell("delete", var)

    def appendVar(self, var, value, **loginfo):
        self.tell("append", var, _text(value), "append")

    def prependVar(self, var, value, **loginfo):
        self.tell("append", var, _text(value), "prepend")

    def renameVar(self, key, newkey, **loginfo):
        if key == newkey:
            import bb
            bb.warn("renameVar is asked to rename %s to itself" % key)
            return
        self.ask("rename", key, newkey)

    def getVarFlag(self, var, flag, expand=True, noweakdefault=False, parsing=False, retparser=False):
        return self.bridge.heard(self.ask("flag", var, flag, bool(expand))) if flag else None

    def setVarFlag(self, var, flag, value, **loginfo):
        if flag == "deps" and not isinstance(value, str):
            value = " ".join(value or [])
        self.tell("setFlag", var, flag, self.bridge.told(value))

    def delVarFlag(self, var, flag, **loginfo):
        self.tell("deleteFlag", var, flag)

    def appendVarFlag(self, var, flag, value, **loginfo):
        self.setVarFlag(var, flag, (self.getVarFlag(var, flag, False) or "") + value)

    def prependVarFlag(self, var, flag, value, **loginfo):
        self.setVarFlag(var, flag, value + (self.getVarFlag(var, flag, False) or ""))

    def getVarFlags(self, var, expand=False, internalflags=False):
        """All flags; those that `expand` names are expanded, all of them where it is True."""
        flags = {flag: self.bridge.heard(value) for flag, value in self.ask("flags", var).items()}
        for flag in flags:
            if expand is True or (expand and flag in expand):
                flags[flag] = self.getVarFlag(var, flag)
        return flags or None

    def setVarFlags(self, var, flags, **loginfo):
        for flag, value in flags.items():
            self.setVarFlag(var, flag, value)

    def delVarFlags(self, var, **loginfo):
        for flag in self.ask("flags", var):
            self.delVarFlag(var, flag)

    def expand(self, s, varname=None):
        return self.ask("expand", s) if isinstance(s, str) else s

    def hasOverrides(self, var):
        return self.ask("hasOverrides", var)

    @property
    def overrides(self):
        return (self.getVar("OVERRIDES") or "").split(":")

    def need_overrides(self):
        """OVERRIDES is worked out when it is needed."""

    def expandVarref(self, variable, parents=False):
        reference, value = "${%s}" % variable, self.getVar(variable, False)
        for key in self.keys():
            text = self.getVar(key, False)
            if isinstance(text, str) and reference in text:
                self.setVar(key, text.replace(reference, value))

    def setVarFilter(self, var, filter):
        self.ask("setFilter", var, filter or None)

    def enableTracking(self):
        """Where a value comes from is always kept: `varve env RECIPE VARIABLE`."""

    disableTracking = enableTracking

    def initVar(self, var):
        """A name needs no preparation."""

    def createCopy(self):
        return Data(self.bridge, self.ask("copy"))

    def localkeys(self):
        return iter(self)

    def __iter__(self):
        return iter(self.ask("names"))

    def __len__(self):
        return len(self.ask("names"))

    def __getitem__(self, var):
        value = self.getVar(var, False)
        if value is None:
            raise KeyError(var)
        return value

    def __setitem__(self, var, value):
        self.setVar(var, value)

    def __delitem__(self, var):
        self.delVar(var)

    # One is what it is, not what it holds.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def _text(value):
    if not isinstance(value, str):
        raise TypeError("can only add a text to a variable, not %s" % type(value).__name__)
    return value


class _NoHistory:
    """As BitBake without tracking: nothing is recorded here. varve knows, and tells people."""

    def variable(self, var):
        return []

    def get_variable_files(self, var):
        return []

    def get_variable_lines(self, var, f):
        return []

    def get_variable_refs(self, var):
        return {}

    def get_variable_items_files(self, var):
        return {}

    def record(self, **loginfo):
        pass
