"""What is the user's goes along when a site takes the place of an old one.

Before the step, everything of the user's gets a second name in the new folder, a hard link; after
it, the first names go with the old folder. So at every moment the folder of the site holds all of
it. What appears or changes in between is found by comparing with a record of what was linked.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import InputError
from .ownership import DRAFT, LAST, clash, contents, folders_of, is_folder, is_ours, ours, theirs

Stamp = list[int]
"""What tells one state of a file from another: inode, bytes, and when they were written."""
Carried = Mapping[str, Stamp]
"""What was linked, by address."""
Found = Iterable[tuple[str, bool]]
"""What is the user's: addresses, and whether each is a folder."""


def carry(old: Path, new: Path) -> None:
    """Link all that is the user's in `old` to `new`, and record it there.

    Raises InputError where one of ours stands in its place; `old` stays as it is.
    """
    found = [(url, is_folder(entry)) for url, entry in theirs(old)]
    refuse_clash(old, found, {url: is_folder(entry) for url, entry in contents(new)})
    carried: dict[str, Stamp] = {}
    for url, folder in found:
        with suppress(FileNotFoundError):  # the user removed it meanwhile
            carried[url] = stamp(old / url)
            _double(old / url, new / url, folder)
    for url, folder in reversed(found):
        if folder:
            with suppress(OSError):  # some disks keep no times or modes
                shutil.copystat(old / url, new / url)
    (new / DRAFT).write_text(json.dumps(carried), "utf-8")


def refuse_clash(old: Path, found: Found, written: Mapping[str, bool]) -> None:
    """Raise InputError where something of the user's stands where a file of ours goes."""
    for url, folder in found:
        if clash(url, folder, written):
            raise InputError(_in_the_way(old / url))
        if folder and os.path.ismount(old / url):
            raise InputError(f"{old / url} is another disk; unmount it, or choose another output.")


def _double(old: Path, new: Path, folder: bool) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    if folder:
        new.mkdir(exist_ok=True)
        return
    if os.path.lexists(new):  # on a disk that takes two names for one
        raise InputError(_in_the_way(old))
    try:
        _link(old, new)
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):  # a disk without hard links, or another user's file
        shutil.copy2(old, new, follow_symlinks=False)


def _link(old: Path, new: Path) -> None:
    if os.link in os.supports_follow_symlinks:
        os.link(old, new, follow_symlinks=False)
    elif old.is_symlink():
        raise NotImplementedError
    else:
        os.link(old, new)


def _in_the_way(path: Path) -> str:
    return (
        f"{path} is not of the site that stands there, and the new site has a file in its place; "
        "move it away, or choose another output with -o."
    )


def stamp(path: Path) -> Stamp:
    """Return what a file is now; of a folder its inode alone, as it changes with what it holds."""
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return [found.st_ino, 0, 0]
    return [found.st_ino, found.st_size, found.st_mtime_ns]


def carried_into(site: Path) -> Carried:
    """Return what was linked into a site that has just taken its place."""
    try:
        found = json.loads((site / DRAFT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def settle(left: Path, site: Path) -> bool:
    """Remove an old folder once all that is the user's is in the site; return whether it is gone.

    What has come to the old folder since is moved. What differs from a file of that name in the
    site, and was not linked to it, stays.
    """
    carried, own = carried_into(site), ours(left)
    shared = folders_of(own)
    for url, entry in _emptying(left):
        path, place = left / url, site / url
        with suppress(OSError):  # what cannot be moved stays where it is, and is told of
            if is_folder(entry):
                _drop_folder(path, None if url in carried or url in shared else place)
            elif is_ours(url, entry, own) or _is_there(path, place, carried.get(url)):
                _drop(path, place)
            elif not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                path.rename(place)
    return _forget(left)


def discard(draft: Path, site: Path) -> bool:
    """Remove a folder that never became the site: all it holds of the user's are second names."""
    for url, entry in _emptying(draft):
        with suppress(OSError):
            if is_folder(entry):
                _drop_folder(draft / url, None)
            else:
                _drop(draft / url, site / url)
    return _forget(draft)


def remove_ours(folder: Path) -> None:
    """Remove the site in a folder, and the folder if nothing else is in it."""
    own = ours(folder)
    shared = folders_of(own)
    for url, entry in reversed([*contents(folder)]):
        if is_folder(entry) and url in shared:
            with suppress(OSError):  # something of the user's lies in it
                (folder / url).rmdir()
        elif url not in LAST and is_ours(url, entry, own):
            (folder / url).unlink()
    for name in LAST:
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # likewise
        folder.rmdir()


def _emptying(folder: Path) -> list[tuple[str, os.DirEntry[str]]]:
    """Return all that a folder holds but what it is known by, files before their folders.

    Folders that nothing can be removed from are opened.
    """
    found = []
    for url, entry in contents(folder):
        if is_folder(entry) and not os.access(entry.path, os.W_OK | os.X_OK):
            with suppress(OSError):
                os.chmod(entry.path, stat.S_IRWXU)
        if url not in LAST:
            found.append((url, entry))
    return found[::-1]


def _is_there(path: Path, place: Path, known: Stamp | None) -> bool:
    """Return whether a file has been linked as it is, or is the same as that in its new place."""
    if known == stamp(path):
        return True
    if not os.path.lexists(place):
        return False
    found, other = path.lstat(), place.lstat()
    plain = stat.S_ISREG(found.st_mode) and stat.S_ISREG(other.st_mode)
    return os.path.samestat(found, other) or (plain and filecmp.cmp(path, place, shallow=False))


def _drop_folder(path: Path, place: Path | None) -> None:
    """Remove a folder if it is empty; make it in its new place first, where one is given."""
    if place and not os.path.lexists(place):
        place.mkdir(parents=True)
    path.rmdir()


def _drop(path: Path, twin: Path) -> None:
    """Remove a name of a file; Windows wants it writable, and its other name is the same file."""
    mode = path.lstat().st_mode
    if os.name == "nt" and not mode & stat.S_IWRITE:
        path.chmod(stat.S_IWRITE)
        path.unlink()
        twin.chmod(mode)
    else:
        path.unlink()


def _forget(folder: Path) -> bool:
    """Remove an empty folder with what it was known by; return whether it is gone."""
    if {entry.name for entry in folder.iterdir()} <= {*LAST}:
        with suppress(OSError):
            for name in LAST:
                (folder / name).unlink(missing_ok=True)
            folder.rmdir()
    return not folder.exists()
