"""Filters of values: expressions over `val` that `d.setVarFilter` gives a variable."""


class _Namespace:
    """A dotted name's parts but the last."""


_functions = {}


def filter_proc(*, name=None):
    """Marks a function that filters may call, under its own name or another."""

    def marked(function):
        *outer, last = (name or function.__name__).split(".")
        where = _functions
        for part in outer:
            where = where.setdefault(part, _Namespace()) if where is _functions else where.__dict__.setdefault(part, _Namespace())
        if where is _functions:
            where[last] = function
        else:
            setattr(where, last, function)
        return function

    return marked


def apply_filters(val, expressions):
    """What the expressions, one after the other, make of a value. Of Python they find what is marked."""
    for expression in expressions:
        if expression.strip():
            val = eval(expression.strip(), {"__builtins__": {}, **_functions}, {"val": val})
    return val


for _builtin in (all, any, bin, bool, chr, enumerate, float, format, hex, int, len, map, max, min, oct, ord, pow, str, sum):
    filter_proc()(_builtin)


@filter_proc()
def suffix(val, suffix):
    return " ".join(word + suffix for word in val.split())


@filter_proc()
def prefix(val, prefix):
    return " ".join(prefix + word for word in val.split())


@filter_proc()
def sort(val):
    return " ".join(sorted(val.split()))


@filter_proc()
def remove(val, remove, sep=None):
    unwanted = remove.split(sep) if isinstance(remove, str) else remove
    return (sep or " ").join(word for word in val.split(sep) if word not in unwanted)
