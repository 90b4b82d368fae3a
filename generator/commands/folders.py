"""Folders that builds wrote: told apart by their marker, and taken away without a trace."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..site.carry import remove_ours
from ..site.manifest import MANIFEST, read_manifest
from ..site.ownership import KEPT, LAST, is_atlas, topmost
from ..site.swap import locked, sweep


def require_atlas(folder: Path) -> None:
    """Raise InputError unless a build wrote this folder."""
    if not folder.is_dir():
        raise InputError(f"No site in {folder}; build one with: attnatlas build -o {folder}")
    if not is_atlas(folder):
        raise InputError(f"{folder} was not written by attnatlas, so it is left alone.")


def remove_site(folder: Path) -> list[str] | None:
    """Remove the site in a folder; return what is not of it and stays, None where there is no site.

    The folder goes with the site if nothing stays.
    """
    if not folder.exists() or _names(folder) <= KEPT:
        return None
    require_atlas(folder)
    if not read_manifest(folder) and _names(folder) - KEPT - {*LAST}:
        raise InputError(
            f"{folder} has no {MANIFEST} to tell what is not of the site, so it is left alone; "
            "remove it by hand."
        )
    with locked(folder):
        sweep(folder)
        left = topmost(folder)
        remove_ours(folder)
    return left


def _names(folder: Path) -> frozenset[str]:
    return frozenset(entry.name for entry in folder.iterdir()) if folder.is_dir() else frozenset()


def remove_store(folder: Path) -> bool:
    """Remove the captures kept in a folder; return False when there are none."""
    from ..store import Store

    if not folder.exists():
        return False
    Store(folder).clear()
    return True
