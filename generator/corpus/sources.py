"""Where corpora lie: those that come with the package, and files on this machine."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath

from ..errors import InputError
from .readers import READERS
from .spans import quoted


@dataclass(frozen=True, slots=True)
class Source:
    """The content of a corpus file, and what to call it in messages."""

    name: str
    shown: str
    file: str
    """The file's name, without its folder unless that tells it apart: fit to be published."""
    suffix: str = ""
    content: str = ""


def bundled_corpora() -> tuple[str, ...]:
    """Return the names of the corpora that come with the package."""
    return tuple(sorted(_bundled()))


def bundled_path(name: str) -> str | None:
    """Return where the bundled corpus of this name lies, None where there is none."""
    return str(found) if (found := _bundled().get(name)) else None


def open_source(name_or_path: str | os.PathLike[str]) -> Source:
    """Return the content of a bundled corpus or of a file, or say in one sentence why not."""
    given = os.fspath(name_or_path)
    _refuse_remote(given)
    if given in (bundled := _bundled()):
        return _read(bundled[given], bundled[given].name)
    path = Path(given)
    try:
        exists, is_folder = bool(given) and path.exists(), path.is_dir()
    except (OSError, ValueError):
        exists = is_folder = False
    if not exists:
        raise InputError(_not_found(given))
    if is_folder:
        raise InputError(f"{shown(given)} is a folder; name a file in it.")
    if path.suffix.lower() not in READERS:
        raise InputError(
            f"{shown(given)} is not of a kind that can be read; use one of {_kinds()}."
        )
    return _read(path, given)


def shown(path: str) -> str:
    """Return a path as it is, or quoted where a terminal would act on it."""
    return path if path.isprintable() and path else repr(path)


def _bundled() -> dict[str, Traversable]:
    folder = files("attnatlas.corpora")
    found = (entry for entry in folder.iterdir() if PurePath(entry.name).suffix in READERS)
    return {PurePath(entry.name).stem: entry for entry in found}


def _read(file: Traversable, given: str) -> Source:
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{shown(given)} cannot be read ({reason}); check it and try again."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{shown(given)} is not UTF-8 (byte {error.start}); save it as UTF-8."
        ) from error
    name = PurePath(file.name)
    return Source(name.stem, shown(given), file.name, name.suffix.lower(), content)


def _refuse_remote(given: str) -> None:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/|//|\\\\", given):
        raise InputError(
            f"{quoted(given, 80)} is an address, and corpora are read only from this machine; "
            "download the file and give its path."
        )


def _not_found(given: str) -> str:
    """Say that there is no such corpus, which names are near, and which come with the package."""
    names = bundled_corpora()
    near = difflib.get_close_matches(given, [*names, *_neighbours(given)], n=3, cutoff=0.6)
    meant = f" (did you mean {' or '.join(shown(name) for name in near)}?)" if near else ""
    known = ", ".join(names) or "none"
    return f"No corpus {quoted(given, 80)}{meant}; give a file ({_kinds()}) or one of: {known}."


def _neighbours(given: str) -> list[str]:
    """Return the corpus files in the folder that the given path names."""
    folder = Path(given).parent
    try:
        found = [entry for entry in folder.iterdir() if entry.suffix.lower() in READERS]
    except (OSError, ValueError):
        return []
    return [str(entry) for entry in found]


def _kinds() -> str:
    return ", ".join(READERS)
