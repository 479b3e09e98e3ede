"""What recipes ask about SRC_URI. varve fetches, unpacks and knows revisions itself."""
import os

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
from .uri import URI

__all__ = [
    "BBFetchException", "ChecksumError", "FetchError", "MalformedUrl", "MissingParameterError", "NetworkAccess", "NoChecksumError",
    "NoMethodError", "ParameterError", "UnpackError", "UntrustedUrl", "URI",
    "Fetch", "FetchData", "decodeurl", "encodeurl", "get_autorev", "localpath", "mirror_from_string",
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
        if self.type not in ("file", "http", "https", "git"):
            raise NoMethodError(url)
        self.names = self.parm.get("name", "default").split(",")
        self.basename = os.path.basename(self.path)
        self.localfile = "" if self.type == "file" else self.parm.get("downloadfilename") or self.basename
        self.localpath = self._find(d)

    def _find(self, d):
        if self.type == "file":
            if self.path.startswith("/"):
                return self.path
            found, looked = bb.utils.which(d.getVar("FILESPATH"), self.path, history=True)
            return found or looked[-1]
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
