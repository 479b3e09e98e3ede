"""What recipes ask about SRC_URI. varve fetches, unpacks and knows revisions itself."""
import os
import re

import bb

from .errors import (
    BBFetchException,
    ChecksumError,
    FetchError,
    MalformedUrl,
    MissingParameterError,
    NetworkAccess,
    NoChecksumError,
    NoMethodError,
    ParameterError,
    UnpackError,
    UntrustedUrl,
)
from .revisions import revisions
from .uri import URI

__all__ = [
    "BBFetchException", "ChecksumError", "FetchError", "MalformedUrl", "MissingParameterError", "NetworkAccess", "NoChecksumError",
    "NoMethodError", "ParameterError", "UnpackError", "UntrustedUrl", "URI",
    "Fetch", "FetchData", "decodeurl", "encodeurl", "get_autorev", "get_checksum_file_list", "get_hashvalue", "get_pkgv_string",
    "get_srcrev", "localpath", "mirror_from_string",
]


def decodeurl(url):
    """Scheme, host, path, user, password and parameters."""
    uri = URI(url)
    return uri.scheme, uri.hostport, uri.path or "/", uri.username, uri.password, uri.params


def encodeurl(decoded):
    """The text that `decodeurl` took apart."""
    scheme, host, path, user, password, params = decoded
    if not scheme:
        raise MissingParameterError("type", "encoded from the data %s" % str(decoded))
    uri = URI()
    uri.scheme, uri.params = scheme, params or {}
    if scheme != "file":
        uri.hostname = host or ""
        uri.userinfo = "%s:%s" % (user, password) if user and password else user or ""
    while "//" in (path or ""):
        path = path.replace("//", "/")
    uri.path = path or ""
    # A file is written with slashes, relative or not.
    if scheme == "file":
        uri.relative = False
    return str(uri)


class FetchData:
    """One entry of SRC_URI."""

    def __init__(self, url, d, localonly=False):
        self.url = url
        self.type, self.host, self.path, self.user, self.pswd, self.parm = decodeurl(d.expand(url))
        self.names = self.parm.get("name", "default").split(",")
        self.basename = os.path.basename(self.path)
        self.localfile = "" if self.type == "file" else self.parm.get("downloadfilename") or self.basename
        self.localpath = self._find(d)

    def searched(self, d):
        """Where a local file is looked for; the last is where it is, or would be."""
        if self.path.startswith("/"):
            return [self.path]
        return bb.utils.which(d.getVar("FILESPATH"), self.path, history=True)[1]

    def _find(self, d):
        if self.type == "file":
            return self.searched(d)[-1]
        if self.type == "git":
            name = "%s%s" % (self.host.replace(":", "."), self.path.replace("/", ".").replace("*", ".").replace(" ", "_"))
            return os.path.join(d.getVar("DL_DIR") or "", "git2", name)
        return os.path.join(d.getVar("DL_DIR") or "", self.localfile)

    def setup_localpath(self, d):
        """It is worked out from the start."""


class Fetch:
    """The entries of SRC_URI, and where they are or will be."""

    def __init__(self, urls, d, cache=True, localonly=False, connection_cache=None):
        self.d = d
        self.urls = urls or (d.getVar("SRC_URI") or "").split()
        self.ud = {url: FetchData(url, d) for url in self.urls}

    def localpath(self, url):
        data = self.ud.get(url)
        return (data or FetchData(url, self.d)).localpath

    def localpaths(self):
        return [self.localpath(url) for url in self.urls]

    def expanded_urldata(self, urls=None):
        return [self.ud[url] for url in urls or self.urls]

    def download(self, urls=None):
        bb.fatal("sources are fetched by varve itself, in do_fetch")

    def unpack(self, root, urls=None):
        bb.fatal("sources are unpacked by varve itself, in do_unpack")


def localpath(url, d):
    return Fetch([url], d).localpath(url)


def mirror_from_string(data):
    """Pairs of a list of mirrors."""
    words = (data or "").replace("\\n", " ").split()
    return list(zip(words[::2], words[1::2]))


def get_autorev(d):
    return "AUTOINC"


def get_checksum_file_list(d):
    """Where the local files are looked for, each with whether it is there."""
    found = []
    for data in Fetch([], d).expanded_urldata():
        if data.type == "file":
            looked = data.searched(d)
            if not os.path.exists(looked[-1]):
                bb.fatal("%s of SRC_URI is in none of %s" % (data.path, ", ".join(looked)))
            found += ["%s:%s" % (path, os.path.exists(path)) for path in looked]
    return " ".join(found)


def get_hashvalue(d, method_name="sortable_revision"):
    """The revisions of the sources that have one."""
    return " ".join(revision for _, revision in revisions(d))


def get_pkgv_string(d, method_name="sortable_revision"):
    """The revisions in short, as SRCREV_FORMAT joins them where there are several."""
    found = {name: revision[:10] for name, revision in revisions(d)}
    if len(found) < 2:
        return "".join(found.values())
    form = d.getVar("SRCREV_FORMAT")
    if not form:
        raise FetchError("The SRCREV_FORMAT variable must be set when multiple SCMs are used")
    # Longer names first: one may be the beginning of another.
    names = "|".join(re.escape(name) for name in sorted(found, key=len, reverse=True))
    return re.sub(names, lambda match: found[match.group(0)], form)


def get_srcrev(d, method_name="sortable_revision"):
    revision = get_pkgv_string(d)
    if not revision:
        raise FetchError("SRCREV was used yet no valid SCM was found in SRC_URI")
    return revision
