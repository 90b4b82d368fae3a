"""Runs a command as on a system without what only Unix has: `python elsewhere.py build ...`.

Modules of Unix cannot be imported. For the code of attnatlas, `os` and `signal` lack the names that
Windows has not; other libraries know by themselves which system they are on, and keep them. The C
library has no name to load it by, and hard links are made of files alone.
"""

from __future__ import annotations

import ctypes
import importlib.abc
import os
import signal
import sys
from types import ModuleType
from typing import Any

MODULES = "fcntl grp pwd resource termios tty pty crypt syslog nis spwd"
NAMES = """
    O_ASYNC O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK O_SYNC RTLD_NOW WNOHANG chown chroot
    confstr ctermid fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg
    getpgid getpgrp getpriority getresuid getsid getuid getxattr killpg lchown listxattr lockf
    memfd_create mkfifo mknod nice openpty posix_fadvise posix_fallocate posix_spawn pread
    preadv pwrite pwritev sched_getaffinity sched_setaffinity sched_yield sendfile setegid
    seteuid setgid setgroups setpgid setpriority setsid setuid setxattr statvfs sync sysconf
    tcgetpgrp tcsetpgrp ttyname uname wait3 wait4 kill SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL
    SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 alarm pause setitimer sigwait pthread_kill
    pthread_sigmask MADV_DONTNEED MAP_PRIVATE MAP_SHARED PROT_READ PROT_WRITE
"""
"""Of `os`, `signal` and `mmap`; Windows has an `os.kill`, which ends a process with any signal."""

UNIX_MODULES, UNIX_NAMES = frozenset(MODULES.split()), frozenset(NAMES.split())


class Hidden(importlib.abc.MetaPathFinder):
    """Finds no module of Unix, and says so."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        """Raise for what only Unix has; leave the rest to others."""
        if name in UNIX_MODULES and not _asked_by("psutil"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _asked_by(package: str) -> bool:
    """Return whether a package is importing; psutil has a part of its own for each system."""
    frame = sys._getframe()
    while frame.f_back and not frame.f_globals["__name__"].startswith(package):
        frame = frame.f_back
    return frame.f_globals["__name__"].startswith(package)


class Poorer(ModuleType):
    """A module without the names of Unix for whoever is of attnatlas."""

    def __getattribute__(self, name: str) -> Any:
        """Return an attribute, unless it is hidden from the caller."""
        asking = sys._getframe(1).f_globals.get("__name__", "")
        if name in UNIX_NAMES and asking.partition(".")[0] == "attnatlas":
            raise AttributeError(f"module {super().__getattribute__('__name__')} has no {name!r}")
        return super().__getattribute__(name)


class Library(ctypes.CDLL):
    """A library that has a name, as all have on Windows."""

    def __init__(self, name: Any, *arguments: Any, **options: Any) -> None:
        if name is None:
            raise TypeError("bad argument type for built-in operation")
        super().__init__(name, *arguments, **options)


def hide() -> None:
    """Take away what only Unix has."""
    import mmap

    sys.meta_path.insert(0, Hidden())
    for name in UNIX_MODULES:
        sys.modules.pop(name, None)
    for module in (os, signal, mmap):
        module.__class__ = Poorer
    os.supports_follow_symlinks.discard(os.link)
    ctypes.CDLL = Library


if __name__ == "__main__":
    hide()
    from attnatlas.cli import main

    main()
