"""A finished folder takes the place of an old one in a single step, or not at all."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ..errors import BusyError, InputError

MARKER = ".attnatlas-site"
"""A file that says: this folder was written here and may be replaced or removed."""

KEPT = frozenset({".gitkeep", ".gitignore"})
"""Files of the user's repository that do not make a folder somebody else's."""

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def is_atlas(folder: Path) -> bool:
    """Return whether a folder was written by a build."""
    return (folder / MARKER).is_file()


def require_ours(folder: Path) -> None:
    """Raise InputError when a folder holds anything that a build did not write."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder} is not a folder; choose another output with -o.")
    if not folder.exists() or is_atlas(folder):
        return
    if any(entry.name not in KEPT for entry in folder.iterdir()):
        raise InputError(
            f"{folder} is not empty and was not written by attnatlas, so it is left alone; "
            "choose an empty or new folder with -o."
        )


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Yield an empty folder beside `output` that takes its place when the block ends well.

    When the block fails, `output` stays as it was. Raises BusyError while another build holds the
    same output, and InputError when `output` is not ours to replace.
    """
    output = output.absolute()
    require_ours(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _locked(output):
        for leftover in output.parent.glob(f".{output.name}.attnatlas-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        staging = output.parent / f".{output.name}.attnatlas-{os.getpid()}"
        staging.mkdir()
        try:
            yield staging
            (staging / MARKER).touch()
            _swap(staging, output)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    lock = output.parent / f".{output.name}.attnatlas.lock"
    with lock.open("w") as handle:
        if not _take(handle, lock):
            raise BusyError(
                f"Another build is writing {output.name}; wait for it, or choose another output."
            )
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _take(handle: TextIO, lock: Path) -> bool:
    """Return whether the lock is ours: held, and still the file that others would open."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle.fileno()), lock.stat())
    except OSError:
        return False


def _swap(staging: Path, output: Path) -> None:
    """Put `staging` where `output` is; what was there is left in `staging`."""
    if not output.exists():
        staging.rename(output)
        return
    for name in KEPT:
        if (output / name).is_file():
            shutil.copy2(output / name, staging / name)
    if not _exchange(staging, output):
        old = staging.with_name(staging.name + "-old")
        output.rename(old)
        staging.rename(output)
        old.rename(staging)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one system call; return False where the system has none."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    return bool(renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)
