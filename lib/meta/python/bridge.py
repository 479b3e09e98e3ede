"""The other end of the line to varve: JSON, a message a line. Both sides may ask; who asks waits for the answer."""
import json


class Bridge:
    """A line to varve; `serve` answers what varve asks while this side waits."""

    def __init__(self, read, write):
        self.read = read
        self.write = write
        self.serve = None

    def send(self, message):
        self.write.write(json.dumps(message) + "\n")
        self.write.flush()

    def receive(self):
        line = self.read.readline()
        if line == "":
            raise EOFError("varve has gone")
        return json.loads(line)

    def ask(self, number, call, *args):
        message = {"call": call, "args": args}
        if number:
            message["on"] = number
        self.send(message)
        while True:
            message = self.receive()
            if "op" in message:
                # Expanding a value may need Python in its turn.
                self.send(self.serve(message))
                continue
            if "error" in message:
                import bb
                kind = bb.parse.SkipRecipe if message.get("skip") else bb.data_smart.ExpansionError
                raise kind(message["error"])
            return message.get("value")


class Data:
    """What recipes know as `d`; a copy has a number, by which varve knows it."""

    def __init__(self, bridge, number=0):
        self.bridge = bridge
        self.number = number

    def ask(self, call, *args):
        return self.bridge.ask(self.number, call, *args)

    def getVar(self, var, expand=True, noweakdefault=False, parsing=False):
        return self.ask("get", var, bool(expand))

    def setVar(self, var, value, **loginfo):
        self.ask("set", var, None if value is None else str(value))

    def delVar(self, var, **loginfo):
        self.ask("set", var, None)

    def appendVar(self, var, value, **loginfo):
        self.ask("append", var, str(value), "append")

    def prependVar(self, var, value, **loginfo):
        self.ask("append", var, str(value), "prepend")

    def renameVar(self, var, new, **loginfo):
        self.ask("rename", var, new)

    def getVarFlag(self, var, flag, expand=True, **more):
        return self.ask("flag", var, flag, bool(expand))

    def setVarFlag(self, var, flag, value, **loginfo):
        self.ask("setFlag", var, flag, None if value is None else str(value))

    def delVarFlag(self, var, flag, **loginfo):
        self.ask("setFlag", var, flag, None)

    def appendVarFlag(self, var, flag, value, **loginfo):
        self.setVarFlag(var, flag, (self.getVarFlag(var, flag, False) or "") + value)

    def prependVarFlag(self, var, flag, value, **loginfo):
        self.setVarFlag(var, flag, value + (self.getVarFlag(var, flag, False) or ""))

    def getVarFlags(self, var, expand=False, internalflags=False):
        flags = self.ask("flags", var)
        if expand:
            flags = {flag: self.getVarFlag(var, flag) for flag in flags}
        return flags or None

    def setVarFlags(self, var, flags, **loginfo):
        for flag, value in flags.items():
            self.setVarFlag(var, flag, value)

    def expand(self, text, varname=None):
        return self.ask("expand", text)

    def keys(self):
        return self.ask("names")

    def __iter__(self):
        return iter(self.keys())

    def __contains__(self, var):
        return self.getVar(var, False) is not None

    def __getitem__(self, var):
        return self.getVar(var, False)

    def __setitem__(self, var, value):
        self.setVar(var, value)

    def createCopy(self):
        return Data(self.bridge, self.ask("copy"))
