"""The part of OpenEmbedded's `oe` that recipes use most; a layer may bring more modules of it."""
import pkgutil

__path__ = pkgutil.extend_path(__path__, __name__)

from . import data, path, types, utils  # noqa: E402, F401
