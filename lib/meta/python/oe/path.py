"""What recipes use of `oe.path`."""
import glob
import os
import shutil
import subprocess

import bb.utils


def join(*paths):
    """Joins as `os.path.join` does, but a later path is never absolute."""
    return os.path.normpath("/".join(paths))


def relative(src, dest):
    return os.path.relpath(dest, src)


def format_display(path, metadata):
    """The path from TOPDIR where that is shorter."""
    near = relative(metadata.getVar("TOPDIR"), path)
    return path if len(near) > len(path) else near


def make_relative_symlink(path):
    """Makes an absolute link relative, where both ends have a directory in common."""
    if os.path.islink(path) and os.path.isabs(os.readlink(path)):
        target = os.readlink(path)
        if os.path.commonpath([target, os.path.abspath(path)]) != "/":
            symlink(os.path.relpath(target, os.path.dirname(os.path.abspath(path))), path, force=True)


def replace_absolute_symlinks(basedir, d):
    """Makes absolute links relative; they are meant from `basedir` on."""
    for root, dirs, files in os.walk(basedir):
        for path in (os.path.join(root, name) for name in files + dirs):
            if os.path.islink(path) and os.path.isabs(os.readlink(path)):
                inside = os.path.dirname("/" + os.path.relpath(path, basedir))
                symlink(os.path.relpath(os.readlink(path), inside), path, force=True)


def copytree(src, dst):
    """Copies what is in a directory, with modes, times and hard links."""
    bb.utils.mkdirhier(dst)
    script = 'tar -cf - -S -C "$1" -p . | tar -xf - -C "$2"'
    subprocess.run(["/bin/sh", "-ec", script, "sh", src, dst], check=True)


def copyhardlinktree(src, dst):
    """Links what is in a directory where that can be, else copies."""
    bb.utils.mkdirhier(dst)
    if subprocess.run(["cp", "-al", os.path.join(src, "."), dst], stderr=subprocess.DEVNULL).returncode != 0:
        copytree(src, dst)


def copyhardlink(src, dst):
    try:
        os.link(src, dst)
    except OSError:
        shutil.copy(src, dst)


def remove(path, recurse=True):
    """Removes what a pattern names; what is not there is no problem."""
    for name in glob.glob(path):
        if recurse and os.path.isdir(name) and not os.path.islink(name):
            shutil.rmtree(name)
        else:
            bb.utils.remove(glob.escape(name))


def symlink(source, destination, force=False):
    """Makes a link; one that is there already and leads to the same is no problem."""
    if force and os.path.lexists(destination):
        os.unlink(destination)
    if not (os.path.islink(destination) and os.readlink(destination) == source):
        os.symlink(source, destination)


def relsymlink(target, name, force=False):
    symlink(os.path.relpath(target, os.path.dirname(name)), name, force=force)


def find(dir, **walkoptions):
    """All files below a directory."""
    for root, _, files in os.walk(dir, **walkoptions):
        yield from (os.path.join(root, name) for name in files)


def is_path_parent(possible_parent, *paths):
    """Whether all the paths lie below."""
    def whole(path):
        return os.path.join(os.path.abspath(path), "")
    return bool(paths) and all(whole(path).startswith(whole(possible_parent)) for path in paths)


def canonicalize(paths, sep=","):
    """The paths of a list without links; those with a variable in them are left out."""
    kept = [path for path in (paths or "").split(sep) if path and "$" not in path]
    return sep.join(os.path.realpath(path) + ("/" if path.endswith("/") else "") for path in kept)
