"""Which revision of a source is meant: it must be written down. varve asks no server while it reads recipes."""
from .errors import FetchError

_with_revisions = ("git", "gitsm", "hg", "svn", "p4", "repo")


def revisions(d):
    """Name and revision of each source that has one."""
    from . import Fetch
    return [(data.names[0], _revision(data, d)) for data in Fetch([], d).expanded_urldata() if data.type in _with_revisions]


def _revision(data, d):
    name, pn = data.names[0], d.getVar("PN")
    wanted = [variable % name for variable in ("SRCREV_%%s:pn-%s" % pn, "SRCREV_%s")] + ["SRCREV:pn-%s" % pn, "SRCREV"]
    written = next((value for value in map(d.getVar, wanted) if value and value != "INVALID"), None)
    given = data.parm.get("rev")
    if given and written and given != written:
        raise FetchError("Conflicting revisions (%s from SRCREV and %s from the url) found" % (written, given), data.url)
    revision = given or written or data.parm.get("tag")
    if not revision or revision == "AUTOINC":
        raise FetchError("Please set a valid SRCREV for url %s" % data.url, data.url)
    return revision
