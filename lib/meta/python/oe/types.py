"""Types of variables, named by their `[type]` flag."""
import builtins
import os
import re


class OEList(list):
    """A list that is written as a text again, joined as it was split."""

    name = "list"

    def __init__(self, value, separator=None):
        super().__init__(value.split(separator) if value is not None else [])
        self.separator = " " if separator is None else separator

    def __str__(self):
        return self.separator.join(self)


def choice(value, choices):
    if not isinstance(value, str):
        raise TypeError("choice accepts a string, not '%s'" % type(value))
    if value.lower() not in choices.lower().split():
        raise ValueError("Invalid choice '%s'.  Valid choices: %s" % (value.lower(), choices.lower()))
    return value.lower()


def regex(value, regexflags=None):
    flags = 0
    for flag in (regexflags or "").upper().split():
        if not hasattr(re, flag):
            raise ValueError("Invalid regex flag '%s'" % flag)
        flags |= getattr(re, flag)
    try:
        # An empty one matches nothing: who wants everything writes ".*".
        return re.compile(value or r"(?!)", flags)
    except re.error as error:
        raise ValueError("Invalid regex value '%s': %s" % (value, error)) from error


def boolean(value):
    if value is None or isinstance(value, bool):
        return bool(value)
    if not isinstance(value, str):
        raise TypeError("boolean accepts a string, not '%s'" % type(value))
    if value.lower() in ("yes", "y", "true", "t", "1"):
        return True
    if value.lower() in ("no", "n", "false", "f", "0"):
        return False
    raise ValueError("Invalid boolean value '%s'" % value.lower())


def integer(value, numberbase=10):
    return int(value, int(numberbase))


def float(value, fromhex="false"):
    return builtins.float.fromhex(value) if boolean(fromhex) else builtins.float(value)


def path(value, relativeto="", normalize="true", mustexist="false"):
    value = os.path.join(relativeto, value)
    if boolean(normalize):
        value = os.path.normpath(value)
    if boolean(mustexist) and not os.path.exists(value):
        raise ValueError("%s: No such file or directory" % value)
    return value
