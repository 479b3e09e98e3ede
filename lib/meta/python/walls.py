"""
The walls around a task: namespaces of its own, in which what the caller says is closed. The kernel is asked for them directly,
by one call that makes them with their first process: unshare, mount and setpriv, one after the other, take three times as long.

    walls.py NAMESPACES UMASK DIRECTORY COUNT [FLAGS SOURCE TARGET]... WORD...

runs the words there, with empty input, and ends as they end, a signal as 128 and its number. NAMESPACES besides that of mounts,
and FLAGS of so many mounts, are words with commas between them. Where there is an own namespace of users, the task has no
capability; else root keeps its own but for those that reach the machine or could undo the walls.
"""
import ctypes
import errno
import os
import signal
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE3 = ctypes.c_long(435)  # on all machines but alpha, mips and x32; of Linux 5.3
OWN_MOUNTS = 0x00020000
NAMESPACES = {"ipc": 0x08000000, "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000}
MOUNT_FLAGS = {
    "ro": 1,
    "nosuid": 2,
    "nodev": 4,
    "noexec": 8,
    "remount": 32,
    "nosymfollow": 256,
    "noatime": 1024,
    "nodiratime": 2048,
    "bind": 4096,
    "rec": 16384,
    "private": 1 << 18,
    "relatime": 1 << 21,
}
SET_DEATH_SIGNAL, DROP_FROM_BOUNDS = 1, 24
# Not `exec`: the first process of a pid namespace is deaf to signals, and a task may well send itself one.
FIRST = b'unset PWD OLDPWD; "$@"; exit $?'
CAPABILITIES = range(64)
# net_admin, sys_module, sys_rawio, sys_admin, sys_boot, sys_time, mknod
OF_THE_MACHINE = (12, 16, 17, 21, 22, 25, 27)


def start(words, environment, output=None):
    """Answers the pid of the first process there, in a session of its own where its output is given; the words are bytes."""
    namespaces, umask, directory, count, *rest = words
    named = [name for name in namespaces.decode().split(",") if name]
    flags = OWN_MOUNTS | sum(NAMESPACES[name] for name in named)
    border = 3 * int(count)
    mounts, command = rest[:border], rest[border:]
    ids = os.getuid(), os.getgid()
    pid = clone(flags)
    if pid > 0:
        return pid
    try:
        stand_alone()
        if output is not None:
            speak_to(output)
        if "user" in named:
            map_user(*ids)
        close_walls("pid" in named, mounts)
        os.chdir(directory)
        os.umask(int(umask, 8))
        drop(CAPABILITIES if "user" in named else OF_THE_MACHINE)
        # What runs first there is opened inside the walls: a task may look at its program, and through that at where it lies.
        os.execve("/bin/sh", [b"/bin/sh", b"-c", FIRST, b"sh", *command], environment)
    except Exception as error:  # this process is not the caller's, whose code goes on elsewhere
        fail("the walls around the task could not be made: %s" % error, 125)


def clone(flags):
    """A library's fork would make the namespaces of the next process only, and one more process to wait for that."""
    asked = ctypes.create_string_buffer(struct.pack("8Q", flags, 0, 0, 0, signal.SIGCHLD, 0, 0, 0))
    pid = libc.syscall(CLONE3, asked, ctypes.c_size_t(64))
    if pid < 0:
        raise last_error()
    return pid


def stand_alone():
    """It dies with who started it, and has none of its handlers."""
    call(libc.prctl, SET_DEATH_SIGNAL, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def speak_to(output):
    os.setsid()
    for source, target in ((os.open("/dev/null", os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(source, target)


def map_user(user, group):
    for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)), ("gid_map", "%d %d 1" % (group, group))):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)


def close_walls(has_own_processes, mounts):
    mount("rec,private", b"none", b"/")
    if has_own_processes:
        mount("nosuid,nodev,noexec", b"proc", b"/proc", b"proc")
    for flags, source, target in zip(*[iter(mounts)] * 3):
        mount(flags.decode(), source, target)


def mount(words, source, target, kind=None):
    # A flag that is not known here is one that only shows what lies below, as idmapped is.
    flags = sum(MOUNT_FLAGS.get(word, 0) for word in words.split(","))
    if libc.mount(source, target, kind, ctypes.c_ulong(flags), None) != 0:
        raise last_error(target)


def drop(capabilities):
    """From what a program that is started can have, and from what this process has."""
    for capability in capabilities:
        # EINVAL: this kernel does not know it.
        if libc.prctl(DROP_FROM_BOUNDS, capability, 0, 0, 0) != 0 and ctypes.get_errno() != errno.EINVAL:
            raise last_error()
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    data = ctypes.create_string_buffer(24)
    call(libc.capget, header, data)
    lost = sum(1 << capability for capability in capabilities)
    sets = struct.unpack("6I", data.raw[:24])
    kept = [word & ~(lost >> (0 if place < 3 else 32)) & 0xFFFFFFFF for place, word in enumerate(sets)]
    call(libc.capset, header, ctypes.create_string_buffer(struct.pack("6I", *kept)))


def call(function, *arguments):
    if function(*arguments) != 0:
        raise last_error()


def last_error(path=None):
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), *([] if path is None else [os.fsdecode(path)]))


def fail(why, status):
    os.write(2, ("varve: %s\n" % why).encode("utf8", "surrogateescape"))
    os._exit(status)


def given_environment():
    """As it was given: Python itself adds LC_CTYPE where no locale is set."""
    with open("/proc/self/environ", "rb") as file:
        return dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if entry)


def main():
    libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    try:
        first = start([os.fsencode(word) for word in sys.argv[1:]], given_environment())
    except OSError as error:
        fail("there are no namespaces: %s" % error, 125)
    _, status = os.waitpid(first, 0)
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
