"""Lists of dependencies: `zlib (>= 1.2) openssl`."""
import re
from collections import OrderedDict

import bb.filter

from .versions import VersionStringException


@bb.filter.filter_proc(name="bb.utils.explode_deps")
def explode_deps(s):
    """The names, without their versions."""
    names, inside = [], False
    for word in s.split():
        inside = inside or word.startswith("(")
        if not inside:
            names.append(word)
        elif word.endswith(")"):
            inside = False
    return names


# A name, or all that stands in parentheses after one.
_part = re.compile(r"\(\s*([^)]*)\)?|([^\s(]\S*)")
_version = re.compile(r"(<=|=<|<<|==|!=|>=|=>|>>|[<>=])\s*(.*)", re.DOTALL)


def explode_dep_versions2(s, *, sort=True):
    """By each name its versions, as `>= 1.2`; sorted by name unless it is said otherwise."""
    found, last = OrderedDict(), None
    for inside, name in _part.findall(s.replace(",", "")):
        if name:
            last = name
            if not found.get(name):
                found[name] = []
            continue
        version = _version.fullmatch(inside.strip())
        if version is None:
            raise VersionStringException('Invalid version specification in "(%s" - invalid or missing operator' % inside)
        found.setdefault(last, []).append("%s %s" % (version[1], " ".join(version[2].split())))
    return OrderedDict(sorted(found.items())) if sort else found


def explode_dep_versions(s):
    """By each name its version, or None."""
    found = explode_dep_versions2(s)
    for name, versions in found.items():
        if len(versions) > 1:
            bb.warn("%s has several versions in '%s'; the first is taken" % (name, s))
    return OrderedDict((name, versions[0] if versions else None) for name, versions in found.items())


def join_deps(deps, commasep=True):
    """The list that `explode_dep_versions` or its second kind took apart."""
    texts = []
    for name, versions in deps.items():
        several = versions if isinstance(versions, list) else [versions] if versions else []
        texts += ["%s (%s)" % (name, version) for version in several] or [name]
    return (", " if commasep else " ").join(texts)
