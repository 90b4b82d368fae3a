"""Where an export goes: written whole or not at all, and over nothing but an earlier export."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import AtlasError, InputError, ResourceError, explain_os_error
from .built_site import ATLAS, open_site

ELSEWHERE = "choose another place with -o"


def write_file(path: Path, content: bytes) -> None:
    """Write a file; raises InputError where something is that is not a site in one file."""
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it with -o.")
    if os.path.lexists(path) and not _is_export(path):
        raise _taken(path)
    replace_file(path, content)


def require_no_atlas(folder: Path) -> None:
    """Raise InputError for a folder that holds an atlas: a page about atlases replaces none."""
    if (folder / ATLAS).is_file():
        raise InputError(
            f"{folder} holds an atlas, so it is left alone; choose an empty or new folder with -o."
        )


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files of which none may be there."""
    for path in files:
        if os.path.lexists(path):
            raise _taken(path)
    for path, content in files.items():
        replace_file(path, content)


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new or an empty folder."""
    with _writing(path):
        if os.path.lexists(path) and (not path.is_dir() or any(path.iterdir())):
            raise _taken(path)
    with _draft(path) as draft:
        for name, content in files.items():
            place = draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if path.exists():
            path.rmdir()
        draft.rename(path)


def replace_file(path: Path, content: bytes, advice: str = ELSEWHERE) -> None:
    """Write a file in one step: where that fails, what was there is there still.

    `advice` ends the sentence that says so.
    """
    with _draft(path, advice) as draft:
        draft.write_bytes(content)
        draft.replace(path)


@contextmanager
def _draft(path: Path, advice: str = ELSEWHERE) -> Iterator[Path]:
    """Yield a path beside another, of which nothing is left; errors name the other."""
    draft = path.absolute().with_name(f".attnatlas-{secrets.token_hex(4)}.tmp")
    try:
        with _writing(path, advice):
            yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        with suppress(OSError):  # it was a folder, or has taken its place
            draft.unlink()


@contextmanager
def _writing(path: Path, advice: str = ELSEWHERE) -> Iterator[None]:
    """Say of a refusal of the system what could not be written, and what to do."""
    try:
        yield
    except OSError as error:
        told = explain_os_error(OSError(error.errno, error.strerror, str(path)))
        if isinstance(told, ResourceError):
            raise told from error
        raise InputError(f"{path} cannot be written: {error.strerror}; {advice}.") from error


def _is_export(path: Path) -> bool:
    """Return whether a file holds a site, so that a later one may stand in its place."""
    try:
        return open_site(path).form != "folder"
    except (AtlasError, OSError):
        return False


def _taken(path: Path) -> InputError:
    return InputError(f"{path} is there already; remove it, or choose another with -o.")
