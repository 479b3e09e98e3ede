"""Checksums of files, in hex."""
import hashlib
import zipfile


def _digest(filename, algorithm):
    with open(filename, "rb") as f:
        for piece in iter(lambda: f.read(1 << 20), b""):
            algorithm.update(piece)
    return algorithm.hexdigest()


def md5_file(filename):
    return _digest(filename, hashlib.new("md5", usedforsecurity=False))


def sha1_file(filename):
    return _digest(filename, hashlib.sha1())


def sha256_file(filename):
    return _digest(filename, hashlib.sha256())


def sha384_file(filename):
    return _digest(filename, hashlib.sha384())


def sha512_file(filename):
    return _digest(filename, hashlib.sha512())


def goh1_file(filename):
    """Go's checksum of a module: of the names and checksums of what is in it."""
    try:
        with zipfile.ZipFile(filename) as archive:
            rows = [(hashlib.sha256(archive.read(name)).hexdigest(), name) for name in sorted(archive.namelist())]
    except zipfile.BadZipFile:
        rows = [(sha256_file(filename), "go.mod")]
    return hashlib.sha256("".join("%s  %s\n" % row for row in rows).encode("utf-8")).hexdigest()
