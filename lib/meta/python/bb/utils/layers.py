"""Which layer a file belongs to."""
import fnmatch
import re


def get_collection_res(d):
    """By each collection the pattern of its files."""
    return {name: d.getVar("BBFILE_PATTERN_" + name) or "" for name in (d.getVar("BBFILE_COLLECTIONS") or "").split()}


def get_file_layer(filename, d, collection_res={}):
    """The collection with the longest pattern that fits."""
    patterns = collection_res or get_collection_res(d)
    path = next((one for one in (d.getVar("BBFILES_PRIORITIZED") or "").split() if fnmatch.fnmatchcase(filename, one)), filename)
    fitting = [(len(pattern), name) for name, pattern in patterns.items() if pattern and re.match(pattern, path)]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
