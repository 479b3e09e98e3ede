# Software that installs links by absolute paths: made relative, so that they lead somewhere in a sysroot too.

do_install[postfuncs] += "install_relative_symlinks"
python install_relative_symlinks() {
    oe.path.replace_absolute_symlinks(d.getVar('D'), d)
}
