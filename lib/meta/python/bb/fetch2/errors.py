"""What can be wrong with a source."""


class BBFetchException(Exception):
    def __init__(self, message):
        super().__init__(message)
        self.msg = message

    def __str__(self):
        return self.msg


class _Of(BBFetchException):
    """Something about one entry."""

    def __init__(self, url, message):
        super().__init__(message)
        self.url = url


class UntrustedUrl(_Of):
    def __init__(self, url, message=""):
        super().__init__(url, message or "The URL: '%s' is not trusted and cannot be used" % url)


class MalformedUrl(_Of):
    def __init__(self, url, message=""):
        super().__init__(url, message or "The URL: '%s' is invalid and cannot be interpreted" % url)


class FetchError(_Of):
    def __init__(self, message, url=None):
        super().__init__(url, "Fetcher failure%s%s" % (" for URL: '%s'. " % url if url else ": ", message))


class ChecksumError(FetchError):
    def __init__(self, message, url=None, checksum=None):
        super().__init__(message, url)
        self.checksum = checksum


class NoChecksumError(FetchError):
    pass


class UnpackError(_Of):
    def __init__(self, message, url):
        super().__init__(url, "Unpack failure for URL: '%s'. %s" % (url, message))


class NoMethodError(_Of):
    def __init__(self, url):
        super().__init__(url, "Could not find a fetcher which supports the URL: '%s'" % url)


class MissingParameterError(_Of):
    def __init__(self, missing, url):
        super().__init__(url, "URL: '%s' is missing the required parameter '%s'" % (url, missing))
        self.missing = missing


class ParameterError(_Of):
    def __init__(self, message, url):
        super().__init__(url, "URL: '%s' has invalid parameters. %s" % (url, message))


class NetworkAccess(_Of):
    def __init__(self, url, cmd):
        super().__init__(url, "the network is closed, but %s is needed for %s" % (cmd, url))
        self.cmd = cmd
