"""Programs that recipes run."""
import signal
import subprocess


class CmdError(RuntimeError):
    def __init__(self, command, msg=None):
        super().__init__(command, msg)
        self.command, self.msg = command, msg

    def __str__(self):
        command = self.command if isinstance(self.command, str) else subprocess.list2cmdline(self.command)
        return "Execution of '%s' failed" % command + (": %s" % self.msg if self.msg else "")


class NotFoundError(CmdError):
    def __str__(self):
        return super().__str__() + ": command not found"


class ExecutionError(CmdError):
    def __init__(self, command, exitcode, stdout=None, stderr=None):
        super().__init__(command)
        self.exitcode, self.stdout, self.stderr = exitcode, stdout, stderr
        self.extra_message = None

    def __str__(self):
        said = (self.stderr or "") + (self.stdout or "")
        return "%s with exit code %s%s%s" % (super().__str__(), self.exitcode, ":\n" + said if said else "", self.extra_message or "")


def _as_programs_expect():
    # Python ignores SIGPIPE, and who is started inherits that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


class Popen(subprocess.Popen):
    """A program whose input and output are pipes unless it is said otherwise."""

    defaults = {
        "close_fds": True,
        "preexec_fn": _as_programs_expect,
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "shell": False,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**self.defaults, **kwargs})


def run(cmd, input=None, log=None, extrafiles=None, **options):
    """Runs a command, a text by a shell; its output as (stdout, stderr), which `log` is told too."""
    options.setdefault("shell", isinstance(cmd, str))
    try:
        program = Popen(cmd, **options)
    except FileNotFoundError as error:
        raise NotFoundError(cmd) from error
    except OSError as error:
        raise CmdError(cmd, error) from error
    out, err = (part.decode("utf-8") if isinstance(part, bytes) else part for part in program.communicate(input))
    if log:
        log.write((out or "") + (err or ""))
        log.flush()
    if program.returncode != 0:
        raise ExecutionError(cmd, program.returncode, *((None, None) if log else (out, err)))
    return out, err
