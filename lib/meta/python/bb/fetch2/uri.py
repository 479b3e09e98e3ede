"""An entry of SRC_URI: a URI with parameters behind semicolons."""
import re
import urllib.parse
from collections import OrderedDict


class URI:
    """Its parts may be set; `str` writes it. `file://name` and `git:name` are relative."""

    def __init__(self, uri=None):
        self.scheme = self.userinfo = self.hostname = self._path = ""
        self.port = None
        self.params, self.query = {}, {}
        self.relative = False
        if not uri:
            return
        text, _, params = uri.partition(";")
        self.scheme = urllib.parse.urlsplit(text).scheme
        if self.scheme == "file":
            text = re.sub(r"(?<=:)//(?!/)", "", text, count=1)
        parts = urllib.parse.urlsplit(text)
        self.relative = self.scheme in ("file", "git") and re.match(r"\w+:(?!//)", text) is not None
        if not self.relative:
            self.hostname, self.port = parts.hostname or "", parts.port
            self.userinfo = (parts.username or "") + (":" + parts.password if parts.password else "")
        self.path = urllib.parse.unquote(parts.path)
        self.params = _pairs(params, ";")
        self.query = _pairs(parts.query, "&")

    def __str__(self):
        params = "".join(";%s=%s" % pair if pair[1] is not None else ";" + pair[0] for pair in self.params.items())
        query = "&".join("%s=%s" % (key, value) if value else key for key, value in self.query.items())
        return "".join([
            self.scheme, ":", "" if self.relative else "//", self.userinfo + "@" if self.userinfo else "", self.hostport,
            self.path_quoted, "?" + query if query else "", params,
        ])

    @property
    def hostport(self):
        return "%s:%d" % (self.hostname, self.port) if self.port else self.hostname

    @property
    def path(self):
        return self._path

    @path.setter
    def path(self, path):
        self._path = path
        self.relative = bool(path) and not path.startswith("/")

    @property
    def path_quoted(self):
        return urllib.parse.quote(self.path)

    @path_quoted.setter
    def path_quoted(self, path):
        self.path = urllib.parse.unquote(path)

    @property
    def username(self):
        return self.userinfo.split(":", 1)[0]

    @username.setter
    def username(self, username):
        self.userinfo = username + (":" + self.password if self.password else "")

    @property
    def password(self):
        return self.userinfo.partition(":")[2]

    @password.setter
    def password(self, password):
        self.userinfo = "%s:%s" % (self.username, password)


def _pairs(text, between):
    found = OrderedDict()
    for part in text.split(between) if text else []:
        if part:
            key, equals, value = part.partition("=")
            found[key] = value if equals else None
    return found
