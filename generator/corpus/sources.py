"""Where corpora lie: those that come with the package, files on this machine, standard input."""

from __future__ import annotations

import difflib
import os
import re
import stat
import sys
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath

from ..errors import InputError
from ..names import printable
from .readers import SUFFIXES
from .spans import quoted

STDIN = "-"
"""The name of standard input, as a corpus."""
PACKED = ".gz"
UNNAMED = 100_000_000
"""Bytes up to which a file is looked into whose name does not tell what it is."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """The bytes of a corpus file, and what to call it in messages.

    `file` is its name without its folder, fit to be published; `suffix` that of what is packed.
    """

    name: str
    shown: str
    file: str
    """The file's name, without its folder unless that tells it apart: fit to be published."""
    suffix: str = ""
    data: bytes = b""
    bundled: bool = False


def bundled_corpora() -> tuple[str, ...]:
    """Return the names of the corpora that come with the package."""
    return tuple(sorted(_bundled()))


def bundled_path(name: str) -> str | None:
    """Return where the bundled corpus of this name lies, None where there is none."""
    return str(found) if (found := _bundled().get(name)) else None


def open_source(name_or_path: str | os.PathLike[str], *, any_kind: bool = False) -> CorpusFile:
    """Return the content of a bundled corpus or of a file, or say in one sentence why not.

    With `any_kind` a file may be of any size, even if its name does not tell what it is.
    """
    given = os.fspath(name_or_path)
    if given == STDIN:
        file = shown_file(STDIN)
        return CorpusFile(called(STDIN), file, file, data=sys.stdin.buffer.read())
    _refuse_remote(given)
    if given in (bundled := _bundled()):
        return _read(bundled[given], bundled[given].name, bundled=True)
    path = Path(given)
    try:
        found = path.stat() if given else None
    except (OSError, ValueError):
        found = None
    if found is None:
        raise InputError(_not_found(given))
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{shown(given)} is a folder; name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(
            f"{shown(given)} is a pipe or a device, not a file; "
            "save it, or pipe it into: attnatlas build -"
        )
    if not any_kind and not is_corpus_name(given) and found.st_size > UNNAMED:
        raise InputError(
            f"{shown(given)} is not of a kind that can be read ({_kinds()}; packed or not), and "
            "too large to be looked into; name its format with --format."
        )
    return _read(path, given)


def is_corpus_name(given: str) -> bool:
    """Say whether the ending of a name is that of a corpus file."""
    return _inner(PurePath(given)).suffix.lower() in SUFFIXES


def shown_file(name: str) -> str:
    """Return what to call a file in messages."""
    return "standard input" if name == STDIN else name


def called(name: PurePath | str) -> str:
    """Return what to call a corpus: by the name of its file without the ending, or its own."""
    if name == STDIN:
        return "stdin"
    return _inner(name).stem if isinstance(name, PurePath) else name


def _inner(path: PurePath) -> PurePath:
    """Return the name of a file, or of what is packed in it."""
    return path.with_suffix("") if path.suffix.lower() == PACKED else path


def shown(path: str) -> str:
    """Return a path as it is, or quoted where a terminal would act on it."""
    return path if path.isprintable() and path else repr(path)


def _bundled() -> dict[str, Traversable]:
    folder = files("attnatlas.corpora")
    found = (entry for entry in folder.iterdir() if PurePath(entry.name).suffix in SUFFIXES)
    return {PurePath(entry.name).stem: entry for entry in found}


def _read(file: Traversable, given: str, *, bundled: bool = False) -> CorpusFile:
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{shown(given)} cannot be read ({reason}); check it and try again."
        ) from error
    inner = _inner(PurePath(file.name))
    names = (printable(called(inner)), shown(given), printable(file.name))
    return CorpusFile(*names, inner.suffix.lower(), data, bundled)


def _refuse_remote(given: str) -> None:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/|//|\\\\", given):
        raise InputError(
            f"{quoted(given, 80)} is an address, and corpora are read only from this machine; "
            "download the file and give its path."
        )


def _not_found(given: str) -> str:
    """Say that there is no such corpus, which names are near, and which come with the package."""
    if _is_link(given):
        return f"{shown(given)} is a link that leads to no file; mend it, or give the file itself."
    names = bundled_corpora()
    near = difflib.get_close_matches(given, [*names, *_neighbours(given)], n=3, cutoff=0.6)
    meant = f" (did you mean {' or '.join(shown(name) for name in near)}?)" if near else ""
    known = ", ".join(names) or "none"
    if " " in given.strip() and not near:
        return (
            f"No corpus {quoted(given, 80)}; give a file ({_kinds()}) or one of: {known}. "
            "Texts go into a list: [text]."
        )
    return f"No corpus {quoted(given, 80)}{meant}; give a file ({_kinds()}) or one of: {known}."


def _is_link(given: str) -> bool:
    try:
        return Path(given).is_symlink()
    except (OSError, ValueError):
        return False


def _neighbours(given: str) -> list[str]:
    """Return the corpus files in the folder that the given path names."""
    folder = Path(given).parent
    try:
        found = [entry for entry in folder.iterdir() if is_corpus_name(entry.name)]
    except (OSError, ValueError):
        return []
    return [str(entry) for entry in found]


def _kinds() -> str:
    return ", ".join(SUFFIXES)
