"""The list of a site's files with their hashes, in the format of `sha256sum -c`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

MANIFEST = "manifest-sha256.txt"
SCRIPT = "manifest.js"
"""The manifest for pages, which can load nothing but scripts from a disk; signed, its signature."""
CALL = re.compile(r"atlasManifest\((\{.*\})\);\n", re.DOTALL)


def manifest_text(hashes: Mapping[str, str]) -> str:
    """Return one line a file: its sha256, two spaces, its address in the site."""
    return "".join(f"{hashes[url]}  {url}\n" for url in sorted(hashes))


def manifest_script(**said: str) -> str:
    """Return the script that hands a page the manifest; `statement` and `signature` once signed."""
    return f"atlasManifest({json.dumps(said)});\n"


def said_by(script: str) -> dict[str, str]:
    """Return what such a script hands over; raises ValueError for any other."""
    found = CALL.fullmatch(script)
    said = json.loads(found[1]) if found else None
    if not isinstance(said, dict) or manifest_script(**said) != script:
        raise ValueError("it is not as builds write it")
    return said


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the sha256 of each address that a site's manifest lists; empty without one.

    What would lead out of the site is left out.
    """
    if not (folder / MANIFEST).is_file():
        return {}
    try:
        return parse_manifest((folder / MANIFEST).read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def parse_manifest(text: str) -> dict[str, str]:
    """Return the sha256 of each address that a manifest lists and that stays in the site."""
    parts = (line.partition("  ") for line in text.splitlines())
    found = {url: digest for digest, _, url in parts}
    return {url: digest for url, digest in found.items() if _is_inside(url)}


def _is_inside(url: str) -> bool:
    path = PureWindowsPath(url)  # knows drives, and both slashes
    return bool(url) and not path.anchor and ".." not in path.parts


def is_whole(folder: Path) -> bool:
    """Return whether every file that the manifest lists is there, byte for byte."""
    hashes = read_manifest(folder)
    return bool(hashes) and all(sha256_of(folder / url) == hashes[url] for url in hashes)


def sha256_of(path: Path) -> str | None:
    """Return the sha256 of a file, or None where there is none, or a pipe that never ends."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return None
