"""A finished folder takes the place of an old one in a single step, or not at all."""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..errors import BusyError, InputError
from .carry import carry, discard, refuse_clash, settle
from .ownership import DRAFT, KEPT, MARKER, is_atlas, is_ours, ours

ALWAYS = ("index.html", "about.html", "404.html", "atlas.json")
"""Files of every site."""

_AT_FDCWD, _EXCHANGE = -100, 2

Say = Callable[[str], None]


def require_ours(folder: Path) -> None:
    """Raise InputError when a folder holds anything that a build did not write.

    Beside the files of a site there may be others, but none in their place.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder} is not a folder; choose another output with -o.")
    if is_atlas(folder):
        own = ours(folder)
        here = [entry for entry in os.scandir(folder) if entry.name in ALWAYS]
        foreign = [(entry.name, False) for entry in here if not is_ours(entry.name, entry, own)]
        refuse_clash(folder, foreign, dict.fromkeys(ALWAYS, False))
    elif folder.exists() and any(entry.name not in KEPT for entry in folder.iterdir()):
        raise InputError(
            f"{folder} is not empty and was not written by attnatlas, so it is left alone; "
            "choose an empty or new folder with -o."
        )


def require_apart(output: Path, store: Path) -> None:
    """Raise InputError when one of the folders of a build lies in the other."""
    site, kept = (Path(os.path.realpath(folder)) for folder in (output, store))
    if site == kept or kept in site.parents or site in kept.parents:
        how = "is" if site == kept else "lies in" if site in kept.parents else "holds"
        raise InputError(
            f"The store {store} {how} the output {output}, which a build replaces as a whole; "
            "choose a folder beside it with --store, or another output with -o."
        )


def silent(sentence: str) -> None:
    """Say nothing."""


@contextmanager
def replacing(output: Path, say: Say = silent) -> Iterator[Path]:
    """Yield an empty folder beside `output` that takes its place when the block ends well.

    All that is not ours in `output` goes along. When the block fails, `output` stays as it was.
    Raises BusyError while another build holds the same output, and InputError when `output` is not
    ours to replace. `say` is told of files that could not go along.
    """
    require_ours(output)
    output = _place(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with locked(output):
        sweep(output, say)
        staging = output.parent / f".{output.name}.attnatlas-{secrets.token_hex(4)}"
        try:
            staging.mkdir()
            (staging / DRAFT).touch()
            yield staging
            (staging / MARKER).touch()
            if output.exists():
                carry(output, staging)
                shutil.copymode(output, staging)
            _swap(staging, output)
        finally:
            sweep(output, say)


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold an output folder against other builds; raises BusyError where one holds it."""
    from filelock import FileLock, Timeout

    place = _place(output)
    lock = FileLock(place.parent / f".{place.name}.attnatlas.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise BusyError(
            f"Another build is writing {output.name}; wait for it, or choose another output."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # a name that is gone before the lock is: nobody can hold both
            os.unlink(lock.lock_file)
        lock.release()


def recover(output: Path, say: Say = silent) -> None:
    """Finish what a build that was killed left undone, unless another build is at work."""
    output = _place(output)
    if leftovers(output) or (output / DRAFT).exists():
        with suppress(BusyError), locked(output):
            sweep(output, say)


def leftovers(output: Path) -> list[Path]:
    """Return the folders that builds of this output made beside it and did not remove."""
    name = re.compile(re.escape(f".{output.name}.attnatlas-") + "[0-9a-f]{8}(-old)?")
    if not output.parent.is_dir():
        return []
    return sorted(entry for entry in output.parent.iterdir() if name.fullmatch(entry.name))


def sweep(output: Path, say: Say = silent) -> None:
    """Remove leftovers of builds, once all that is the user's in them is in `output`."""
    output = _place(output)
    for left in leftovers(output):
        if (left / DRAFT).exists():
            discard(left, output)
        elif not os.path.lexists(output) and any(left.iterdir()):
            left.rename(output)
        elif not settle(left, output):
            say(f"Files that changed while the site took its place are kept in {left}.")
    (output / DRAFT).unlink(missing_ok=True)


def _place(output: Path) -> Path:
    """Return where an output is, whatever it is called."""
    return Path(os.path.realpath(output))


def _swap(staging: Path, output: Path) -> None:
    """Put `staging` where `output` is; what was there is left beside it."""
    if not output.exists():
        staging.rename(output)
    elif not _exchange(staging, output):
        old = staging.with_name(f"{staging.name}-old")
        output.rename(old)
        try:
            staging.rename(output)
        except BaseException:  # also when interrupted: no moment may leave the user without a site
            old.rename(output)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one system call; return False where the system has none."""
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return bool(_call("renamex_np", *paths, _EXCHANGE))
    return bool(_call("renameat2", _AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _EXCHANGE))


def _call(name: str, *arguments: Any) -> bool:
    """Return whether a function of the C library is there and does what it is asked to."""
    try:
        function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (OSError, TypeError):  # Windows has no library without a name
        return False
    return function is not None and function(*arguments) == 0
