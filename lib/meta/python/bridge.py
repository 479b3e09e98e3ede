"""The other end of the line to varve: JSON, a message a line. Both sides may ask; who asks waits for the answer."""
import ast
import json


class Bridge:
    """A line to varve; `serve` answers what varve asks while this side waits."""

    def __init__(self, read, write):
        self.read = read
        self.write = write
        self.serve = None
        # Values that no text can tell: varve holds their numbers.
        self.kept = []

    def send(self, message):
        self.write.write(json.dumps(message) + "\n")
        self.write.flush()

    def receive(self):
        line = self.read.readline()
        if line == "":
            raise EOFError("varve has gone")
        return json.loads(line)

    def ask(self, number, call, *args, at=None):
        message = {"call": call, "args": args}
        if at:
            message["at"] = at
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

    def told(self, value):
        """A value as varve keeps it: a text, or what `str` makes of it and the code that makes it again."""
        if isinstance(value, str):
            return str(value)
        told = {"code": self._code(value)}
        if value is not None:
            told["text"] = str(value)
        return told

    def _code(self, value):
        try:
            code = repr(value)
            if ast.literal_eval(code) == value:
                return code
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass
        self.kept.append(value)
        return "kept[%d]" % (len(self.kept) - 1)

    def heard(self, value):
        if not isinstance(value, dict):
            return value
        code = value["code"]
        if not code.startswith("kept["):
            return ast.literal_eval(code)
        number = int(code[5:-1])
        if number >= len(self.kept):
            raise ValueError("%s was made while the recipe was read, and cannot be told to a task" % value["text"])
        return self.kept[number]
