import subprocess


class CmdError(RuntimeError):
    def __init__(self, command, message=None):
        self.command = command
        super().__init__(message or "cannot run %s" % (command,))


class NotFoundError(CmdError):
    pass


class ExecutionError(CmdError):
    def __init__(self, command, exitcode, stdout=None, stderr=None):
        self.exitcode = exitcode
        self.stdout = stdout
        self.stderr = stderr
        super().__init__(command, "%s ended with exit code %s: %s%s" % (command, exitcode, stdout or "", stderr or ""))


def run(cmd, input=None, log=None, extrafiles=None, **options):
    """Runs a command; its output as (stdout, stderr)."""
    options.setdefault("shell", isinstance(cmd, str))
    try:
        ran = subprocess.run(cmd, input=input, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    except FileNotFoundError:
        raise NotFoundError(cmd)
    if ran.returncode != 0:
        raise ExecutionError(cmd, ran.returncode, ran.stdout, ran.stderr)
    return ran.stdout, ran.stderr
