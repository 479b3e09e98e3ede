"""What recipes use of `oe.utils`."""
import os
import re
import shlex
import subprocess

import bb
import bb.parse

from . import types


def read_file(filename):
    try:
        with open(filename) as f:
            return f.read().strip()
    except OSError:
        return ""


def ifelse(condition, iftrue=True, iffalse=False):
    return iftrue if condition else iffalse


def conditional(variable, checkvalue, truevalue, falsevalue, d):
    return truevalue if d.getVar(variable) == checkvalue else falsevalue


def vartrue(var, iftrue, iffalse, d):
    return iftrue if types.boolean(d.getVar(var)) else iffalse


def less_or_equal(variable, checkvalue, truevalue, falsevalue, d):
    return truevalue if float(d.getVar(variable)) <= float(checkvalue) else falsevalue


def version_less_or_equal(variable, checkvalue, truevalue, falsevalue, d):
    return truevalue if bb.utils.vercmp_string(d.getVar(variable), checkvalue) <= 0 else falsevalue


def _words(value):
    return value.split() if isinstance(value, str) else list(value)


def both_contain(variable1, variable2, checkvalue, d):
    wanted = _words(checkvalue)
    both = set(d.getVar(variable1).split()) & set(d.getVar(variable2).split())
    return " ".join(sorted(set(wanted))) if both.issuperset(wanted) else ""


def set_intersect(variable1, variable2, d):
    return " ".join(sorted(set(d.getVar(variable1).split()) & set(d.getVar(variable2).split())))


def set_difference(variable1, variable2, d):
    """The words of the first that are not in the second, sorted; none where the second has `*`."""
    first, second = d.getVar(variable1), d.getVar(variable2)
    if not first or not second:
        return first or ""
    unwanted = set(second.split())
    return "" if "*" in unwanted else " ".join(sorted(set(first.split()) - unwanted))


def filter_default_features(varname, d):
    return set_difference(varname + "_DEFAULTS", varname + "_OPTED_OUT", d)


def any_distro_features(d, features, truevalue="1", falsevalue=""):
    return bb.utils.contains_any("DISTRO_FEATURES", features, truevalue, falsevalue, d)


def all_distro_features(d, features, truevalue="1", falsevalue=""):
    return bb.utils.contains("DISTRO_FEATURES", features, truevalue, falsevalue, d)


def prune_suffix(var, suffixes, d):
    for suffix in suffixes:
        if suffix and var.endswith(suffix):
            var = var[: -len(suffix)]
    prefix = d.getVar("MLPREFIX")
    return var[len(prefix):] if prefix and var.startswith(prefix) else var


def str_filter(f, str, d):
    return " ".join(word for word in str.split() if re.match(f, word))


def str_filter_out(f, str, d):
    return " ".join(word for word in str.split() if not re.match(f, word))


def build_depends_string(depends, task):
    """The names as a `[depends]` flag has them, each with the task."""
    return " ".join("%s:%s" % (name, task) for name in depends.split())


def inherits(d, *classes):
    return any(bb.data.inherits_class(name, d) for name in classes)


def parallel_make_value(pm):
    """The number behind `-j`; an empty text where there is none."""
    words = iter(pm)
    for word in words:
        if word == "-j":
            return int(next(words))
        if word.startswith("-j"):
            return int(word[2:])
    return ""


def parallel_make(d, makeinst=False):
    return parallel_make_value((d.getVar("PARALLEL_MAKEINST" if makeinst else "PARALLEL_MAKE") or "").split())


def parallel_make_argument(d, fmt, limit=None, makeinst=False):
    """`fmt` with the number of PARALLEL_MAKE in it; an empty text where there is none."""
    number = parallel_make(d, makeinst)
    if not number:
        return ""
    return fmt % (min(limit, number) if limit else number)


def packages_filter_out_system(d):
    pn = d.getVar("PN")
    system = {pn + suffix for suffix in ("", "-dbg", "-dev", "-doc", "-locale", "-staticdev", "-src", "-lic")}
    return [name for name in d.getVar("PACKAGES").split() if name not in system and pn + "-locale-" not in name]


def getstatusoutput(cmd):
    return subprocess.getstatusoutput(cmd)


def trim_version(version, num_parts=2):
    if type(version) is not str:
        raise TypeError("Version should be a string")
    if num_parts < 1:
        raise ValueError("Cannot split to parts < 1")
    return ".".join(version.split(".")[:num_parts])


def cpu_count(at_least=1, at_most=64):
    return max(min(bb.utils.cpu_count(), at_most), at_least)


def execute_pre_post_process(d, cmds):
    for name in (cmds or "").replace(";", " ").split():
        bb.note("Executing %s ..." % name)
        bb.build.exec_func(name, d)


def squashspaces(string):
    return " ".join(string.split())


def sh_quote(string):
    return shlex.quote(string)


def touch(filename):
    os.utime(filename, None)


def get_multilib_datastore(variant, d):
    localdata = bb.data.createCopy(d)
    if variant:
        localdata.setVar("OVERRIDES", "%s:virtclass-multilib-%s" % (localdata.getVar("OVERRIDES", False), variant))
        localdata.setVar("MLPREFIX", variant + "-")
    else:
        localdata.setVar("MLPREFIX", "")
    return localdata
