"""Versions as package managers compare them."""
import re


class VersionStringException(Exception):
    """A version, or a comparison of versions, that cannot be."""


def explode_version(s):
    """Pieces of a version, each with its rank: `~` before the end, that before digits, letters, and anything else."""
    found = re.findall(r"([0-9]+)|([a-zA-Z]+)|(~)|([\s\S])", s)
    return [(0, int(number)) if number else (1, word) if word else (-1, tilde) if tilde else (2, sign) for number, word, tilde, sign in found]


def split_version(s):
    """The epoch as a number, the version, the revision."""
    s = s.strip(" <>=")
    epoch = 0
    if ":" in s:
        epoch, s = int(s.split(":")[0]), s.split(":")[1]
    revision = ""
    if "-" in s:
        s, revision = s.rsplit("-", 1)
    return (epoch, s, revision)


def vercmp_part(a, b):
    one, other = explode_version(a), explode_version(b)
    # Where a version ends stands a piece that comes after "~" and before any digit.
    length = max(len(one), len(other))
    for left, right in zip(one + [(0, None)] * (length - len(one)), other + [(0, None)] * (length - len(other))):
        if left == right:
            continue
        if left[0] != right[0]:
            return -1 if left[0] < right[0] else 1
        if left[1] is None or right[1] is None:
            return -1 if left[1] is None else 1
        return -1 if left[1] < right[1] else 1
    return 0


def vercmp(ta, tb):
    return int(ta[0] or 0) - int(tb[0] or 0) or vercmp_part(ta[1], tb[1]) or vercmp_part(ta[2], tb[2])


def vercmp_string(a, b):
    return vercmp(split_version(a), split_version(b))


def vercmp_string_op(a, b, op):
    """Whether `a op b` holds."""
    order = vercmp_string(a, b)
    answers = {
        "=": order == 0,
        "==": order == 0,
        "<=": order <= 0,
        ">=": order >= 0,
        ">": order > 0,
        ">>": order > 0,
        "<": order < 0,
        "<<": order < 0,
        "!=": order != 0,
    }
    if op not in answers:
        raise VersionStringException('Unsupported comparison operator "%s"' % op)
    return answers[op]


_semantic = re.compile(
    r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)


def is_semver(version):
    """Whether the text is a semantic version: https://semver.org."""
    return _semantic.fullmatch(version) is not None
