"""What a process gives up before it looks at a stranger's bytes: layers that each stand alone."""

import ctypes
import errno
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

try:
    import pyseccomp
except (ImportError, OSError, RuntimeError):  # the package, or the system's libseccomp, is not there
    pyseccomp = None

Layers = dict[str, bool | int]

NOBODY = 65534
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_CLONE_THREAD, _PROT_EXEC = 0x10000, 4
_EXEC_REFUSED = 99

_ALLOWED = [
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "lseek",
    "fstat",
    "newfstatat",
    "close",
    "brk",
    "munmap",
    "mremap",
    "madvise",
    "futex",
    "exit",
    "exit_group",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "clock_gettime",
    "clock_nanosleep",
    "nanosleep",
    "getrandom",
    "getpid",
    "gettid",
    "sched_yield",
    "sched_getaffinity",
    "set_robust_list",
    "rseq",
    "prlimit64",
    "getrusage",
    "restart_syscall",
]

_libc = ctypes.CDLL(None, use_errno=True)


def raise_fence(memory: int, seconds: int, parent: int) -> Layers:
    """Give up everything but the files already open, memory and time; say which layers hold."""
    held: Layers = {"unprivileged": _drop_rights(), "no_new_privileges": _no_new_privileges()}
    _die_with(parent)
    held["landlock"] = _landlock()
    held["limits"] = _limit(memory, seconds)
    held["seccomp"] = _seccomp()
    return held


def _drop_rights() -> bool:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    return os.geteuid() != 0


def _no_new_privileges() -> bool:
    return bool(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _die_with(parent: int) -> None:
    """After the rights are dropped: a change of user forgets the wish."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _landlock() -> int:
    """Allow nothing at all of files, networks and signals; the version that holds, 0 when the kernel has none."""
    abi = int(_libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    if abi <= 0:
        return 0
    files = (1 << 13) - 1 | (abi >= 2) << 13 | (abi >= 3) << 14 | (abi >= 5) << 15
    rules = (ctypes.c_uint64 * 3)(files, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    handle = int(_libc.syscall(_LANDLOCK_CREATE_RULESET, rules, ctypes.c_size_t(size), 0))
    if handle < 0:
        return 0
    held = _libc.syscall(_LANDLOCK_RESTRICT_SELF, handle, 0) == 0
    os.close(handle)
    return abi if held else 0


def _limit(memory: int, seconds: int) -> bool:
    """No more open files is the layer that holds everywhere: neither a file nor a socket without one."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    return True


def _seccomp() -> bool:
    if pyseccomp is None:
        return False
    try:
        _allow_list().load()
    except OSError:
        return False
    return True


def _allow_list() -> Any:
    """Reading, writing, memory and threads; no memory that can be run, no process, nothing else."""
    allow, arg, masked = pyseccomp.ALLOW, pyseccomp.Arg, pyseccomp.MASKED_EQ
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED:
        rules.add_rule(allow, name)
    for name in ("mmap", "mprotect"):
        rules.add_rule(allow, name, arg(2, masked, _PROT_EXEC, 0))
    rules.add_rule(allow, "clone", arg(0, masked, _CLONE_THREAD, _CLONE_THREAD))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    return rules


def probe() -> dict[str, bool]:
    """Try from inside what must not work; true where it was refused."""
    return {name: _refused(attempt) for name, attempt in _ATTEMPTS.items()}


def _refused(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _exec() -> None:
    """In a child where there can be one: what succeeds does not come back to tell."""
    try:
        child = os.fork()
    except OSError:
        child = -1
    if child <= 0:
        try:
            os.execv("/bin/true", ["true"])  # noqa: S606
        except OSError:
            if child < 0:
                raise
        os._exit(_EXEC_REFUSED)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == _EXEC_REFUSED:
        raise PermissionError


def _read_secret() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


_ATTEMPTS: dict[str, Callable[[], Any]] = {
    "open": _read_secret,
    "create": lambda: os.open("/tmp/walkapp-probe", os.O_CREAT | os.O_WRONLY, 0o600),  # noqa: S108
    "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "kill": lambda: os.kill(os.getppid(), 0),
    "fork": _fork,
    "exec": _exec,
}
