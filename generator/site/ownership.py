"""Whose a file in an output folder is: what the manifest names is ours, all else is the user's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from .manifest import MANIFEST, SCRIPT, read_manifest, sha256_of

MARKER = ".attnatlas-site"
"""A file that says: this folder was written here and may be replaced or removed."""

DRAFT = ".attnatlas-draft"
"""In a folder that is about to be a site, what it holds of the user's; gone when all is done."""

LAST = (DRAFT, SCRIPT, MANIFEST, MARKER)
"""What a folder is known by, and so loses last."""

KEPT = frozenset({".git", ".gitkeep", ".gitignore", ".gitattributes", "CNAME"})
"""What may lie in a folder before its first site: files of a repository, or of its host."""

JUNCTION = 0xA0000003
"""What Windows marks a folder with that stands for another one."""


def is_atlas(folder: Path) -> bool:
    """Return whether a folder was written by a build."""
    return (folder / MARKER).is_file()


def ours(folder: Path) -> frozenset[str]:
    """Return the addresses of the files that a build wrote into a folder."""
    return frozenset({*read_manifest(folder), *LAST})


def is_ours(url: str, entry: os.DirEntry[str], own: frozenset[str]) -> bool:
    """Return whether an entry is a file of ours; what stands in its place is not."""
    return url in own and entry.is_file(follow_symlinks=False)


def theirs(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what is not ours: files, and folders that hold none of ours, each before its files."""
    own = ours(folder)
    shared = folders_of(own)
    for url, entry in contents(folder):
        if url not in shared if is_folder(entry) else not is_ours(url, entry, own):
            yield url, entry


def topmost(folder: Path) -> list[str]:
    """Return what is not ours by address: a folder of the user's alone, not what it holds."""
    found: list[str] = []
    for url, _ in theirs(folder):
        if not found or not url.startswith(f"{found[-1]}/"):
            found.append(url)
    return found


def changed(folder: Path) -> list[str]:
    """Return the files of ours that are there and no longer what a build wrote."""
    hashes = read_manifest(folder)
    found = {url: sha256_of(folder / url) for url in hashes if not (folder / url).is_symlink()}
    return [url for url, sha256 in found.items() if sha256 and sha256 != hashes[url]]


def contents(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield all that lies below a folder by address, a folder before its files.

    No link is followed, and what vanishes meanwhile is left out.
    """
    ahead = [(entry.name, entry) for entry in reversed(_entries(os.fspath(folder)))]
    while ahead:
        url, entry = ahead.pop()
        yield url, entry
        if is_folder(entry):
            inner = reversed(_entries(entry.path))
            ahead += [(f"{url}/{below.name}", below) for below in inner]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, and no link to one."""
    if not entry.is_dir(follow_symlinks=False) or os.name != "nt":
        return entry.is_dir(follow_symlinks=False)
    return getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) != JUNCTION


def folders_of(urls: Iterable[str]) -> frozenset[str]:
    """Return the folders that files lie in."""
    return frozenset(str(parent) for url in urls for parent in parents(url))


def parents(url: str) -> list[PurePosixPath]:
    """Return the folders above an address, without the site itself."""
    return [*PurePosixPath(url).parents][:-1]


def clash(url: str, folder: bool, written: Mapping[str, bool]) -> bool:
    """Return whether an entry of the user's stands where ours go: {address: whether a folder}."""
    here = written.get(url)
    above = any(written.get(str(parent)) is False for parent in parents(url))
    return above or (here is not None and not (here and folder))


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
