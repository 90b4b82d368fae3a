"""Names that tell corpora apart: two files may be called the same in two folders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from ..names import printable
from .sources import STDIN, bundled_path, called


def distinct(candidates: Sequence[Sequence[str]]) -> list[str]:
    """Return for each list of names, shortest first, one that no other could be called, too.

    The last name of a list is taken where there is no such.
    """
    known = Counter(name for own in candidates for name in set(own))
    return [next((name for name in own if known[name] == 1), own[-1]) for own in candidates]


def tails(path: PurePath, name: str) -> list[str]:
    """Return a name alone, and behind more and more of the folders of a path."""
    drive = path.drive.strip("\\/")
    folders = [part for part in (drive, *path.parts[bool(path.anchor) : -1]) if part]
    starts = range(len(folders), -1, -1)
    return ["/".join([*folders[start:], name]) for start in starts]


def given_once(names: Iterable[str]) -> list[str]:
    """Return names of corpora without those that lead to a file that was named before."""
    return list({_identity(name): name for name in reversed([*names])}.values())[::-1]


def names_apart(names: Sequence[str]) -> list[str]:
    """Return what to call corpora: a file by its name, and folders where needed.

    The ending is part of it only where two files of one folder have nothing else apart.
    """
    paths = [_path(name) for name in names]
    stems = [called(path or name) for path, name in zip(paths, names, strict=True)]
    while twice := _twice_in_a_folder(paths, stems):
        stems = [
            path.name if path and stem in twice else stem
            for path, stem in zip(paths, stems, strict=True)
        ]
    return distinct([_tails(path, stem) for path, stem in zip(paths, stems, strict=True)])


def _twice_in_a_folder(paths: Sequence[Path | None], stems: Sequence[str]) -> set[str]:
    named = {(path, stem) for path, stem in zip(paths, stems, strict=True) if path is not None}
    places = [(path.parent, stem) for path, stem in named]
    return {stem for (_, stem), count in Counter(places).items() if count > 1}


def files_apart(names: Sequence[str]) -> list[str]:
    """Return what to call the files of corpora, without the folders that are not needed."""
    paths = [_path(name) for name in names]
    return distinct(
        [_tails(path, path.name if path else name) for path, name in zip(paths, names, strict=True)]
    )


def _tails(path: Path | None, name: str) -> list[str]:
    """Return what a file may be called, as a text that can be published."""
    return [printable(called) for called in (tails(path, name) if path else [name])]


def _path(name: str) -> Path | None:
    """Return the path of a file; what is bundled and standard input have none."""
    return None if name == STDIN or bundled_path(name) else _place(name)


def _place(name: str) -> Path:
    """Return the path of a file with all its folders; links are followed only to resolve `..`."""
    place, real = Path(os.path.abspath(name)), Path(_real(name))
    return place if _real(str(place)) == str(real) else real


def _identity(name: str) -> str:
    return os.path.normcase(_real(bundled_path(name) or name))


def _real(name: str) -> str:
    """Return where a name leads; itself where no system has such a name."""
    try:
        return os.path.realpath(name)
    except ValueError:
        return name
