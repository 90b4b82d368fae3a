"""Folders that builds wrote: told apart by their marker, and taken away without a trace."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import InputError
from ..site.swap import KEPT, is_atlas


def require_atlas(folder: Path) -> None:
    """Raise InputError unless a build wrote this folder."""
    if not folder.is_dir():
        raise InputError(f"No site in {folder}; build one with: attnatlas build -o {folder}")
    if not is_atlas(folder):
        raise InputError(f"{folder} was not written by attnatlas, so it is left alone.")


def remove_site(folder: Path) -> bool:
    """Remove the site in a folder; return False when there is nothing to remove.

    Files such as .gitkeep, which no build writes, stay, and the folder with them.
    """
    if not folder.exists() or _names(folder) <= KEPT:
        return False
    require_atlas(folder)
    kept = _names(folder) & KEPT
    if not kept:
        shutil.rmtree(folder)
        return True
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in kept:
            entry.unlink()
    return True


def _names(folder: Path) -> frozenset[str]:
    return frozenset(entry.name for entry in folder.iterdir()) if folder.is_dir() else frozenset()


def remove_store(folder: Path) -> bool:
    """Remove the captures kept in a folder; return False when there are none."""
    from ..store import Store

    if not folder.exists():
        return False
    Store(folder).clear()
    return True
