"""What recipes and classes use of `bb.utils`."""
from .checksums import goh1_file, md5_file, sha1_file, sha256_file, sha384_file, sha512_file
from .dependencies import explode_dep_versions, explode_dep_versions2, explode_deps, join_deps
from .files import (
    break_hardlinks,
    copyfile,
    is_path_on_nfs,
    mkdirhier,
    mkstemp,
    movefile,
    path_is_descendant,
    prunedir,
    remove,
    rename,
    to_filemode,
    umask,
    which,
)
from .host import better_eval, better_exec, build_environment, cpu_count, environment, exec_flat_python_func, export_proxies, is_local_uid, nonblockingfd, signal_on_parent_exit, simple_exec
from .layers import get_collection_res, get_file_layer
from .locks import fileslocked, lockfile, unlockfile
from .versions import VersionStringException, explode_version, is_semver, split_version, vercmp, vercmp_part, vercmp_string, vercmp_string_op
from .words import contains, contains_any, filter, filter_string, prune_suffix, set_intersect, to_boolean

__all__ = [name for name in dir() if not name.startswith("_")]
