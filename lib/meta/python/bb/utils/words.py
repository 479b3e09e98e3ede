"""Words of variables, and what is true."""


def _words(value):
    return set(value.split()) if isinstance(value, str) else set(value)


def contains(variable, checkvalues, truevalue, falsevalue, d):
    """`truevalue` where the variable has all the words."""
    value = d.getVar(variable)
    return truevalue if value and _words(checkvalues) <= set(value.split()) else falsevalue


def contains_any(variable, checkvalues, truevalue, falsevalue, d):
    """`truevalue` where the variable has one of the words."""
    value = d.getVar(variable)
    return truevalue if value and _words(checkvalues) & set(value.split()) else falsevalue


def filter_string(val, checkvalues):
    """The words of the text that are among others, sorted."""
    return " ".join(sorted(_words(checkvalues) & set(val.split()))) if val else ""


def filter(variable, checkvalues, d):
    """The words of the variable that are among others, sorted."""
    return filter_string(d.getVar(variable), checkvalues)


def set_intersect(variable1, variable2, d):
    return " ".join(set((d.getVar(variable1) or "").split()) & set((d.getVar(variable2) or "").split()))


def prune_suffix(var, suffixes, d):
    """The text without the first of the suffixes that it ends in."""
    for suffix in suffixes:
        if suffix and var.endswith(suffix):
            return var[: -len(suffix)]
    return var


def to_boolean(string, default=None):
    """What a text says; `default` where it is empty or not there."""
    if not string:
        return default
    if isinstance(string, int):
        return string != 0
    if string.lower() in ("y", "yes", "1", "true"):
        return True
    if string.lower() in ("n", "no", "0", "false"):
        return False
    raise ValueError("Invalid value for to_boolean: %s" % string)
