"""The part of OpenEmbedded's oe.utils that recipes use most."""
import bb.utils


def vartrue(var, iftrue, iffalse, d):
    return iftrue if bb.utils.to_boolean(d.getVar(var)) else iffalse


def conditional(variable, checkvalue, truevalue, falsevalue, d):
    return truevalue if d.getVar(variable) == checkvalue else falsevalue


def both_contain(variable1, variable2, checkvalue, d):
    words = [set((d.getVar(name) or "").split()) for name in (variable1, variable2)]
    wanted = set(checkvalue.split())
    return checkvalue if wanted <= words[0] and wanted <= words[1] else ""


def ifelse(condition, iftrue=True, iffalse=False):
    return iftrue if condition else iffalse


def inherits(d, *classes):
    import bb.data
    return any(bb.data.inherits_class(name, d) for name in classes)


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


def str_filter(f, text, d):
    import re
    return " ".join(word for word in text.split() if re.match(f, word))


def str_filter_out(f, text, d):
    import re
    return " ".join(word for word in text.split() if not re.match(f, word))


def cpu_count(at_least=1, at_most=64):
    return str(max(min(bb.utils.cpu_count(), at_most), at_least))


def read_file(filename):
    try:
        with open(filename) as f:
            return f.read().strip()
    except OSError:
        return ""


def trim_version(version, num_parts=2):
    return ".".join(version.split(".")[:num_parts])
