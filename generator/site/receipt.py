"""What a build leaves in its site so that the next one can tell whether anything has changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ..config import Settings
from ..corpus import Skipped
from .manifest import MANIFEST, is_whole, sha256_of
from .ownership import MARKER

ELSEWHERE = ("output", "store", "force", "gate", "redact", "redact_list")
"""Settings that do not change what a site holds, and those that nobody may find out from it."""

SEAL = "sha256"
"""The name of the hash of all else in a marker file."""

LIBRARIES = ("torch", "transformers", "numpy", "scipy", "altair", "jinja2", "vl-convert-python")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a build wrote. `weights` holds (group, files, bytes) for each part of the site.

    `failed` holds (analysis, times). One that is not `complete` is built again, since what failed
    may pass.
    """

    pages: int
    records: int
    skipped: tuple[Skipped, ...]
    failed: tuple[tuple[str, int], ...]
    complete: bool
    weights: tuple[tuple[str, int, int], ...]
    notes: tuple[str, ...] = ()


def receipt_key(settings: Settings, source: str) -> str:
    """Return a hash of all that decides what a site holds: source, settings, code, libraries."""
    chosen = {name: str(v) for name, v in asdict(settings).items() if name not in ELSEWHERE}
    parts = [source, json.dumps(chosen, sort_keys=True), code_hash()]
    parts += ["redacted"] if settings.redact or settings.redact_list else []
    parts += [_version(name) for name in LIBRARIES]
    parts.append(os.environ.get("SOURCE_DATE_EPOCH", ""))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def code_hash() -> str:
    """Return a hash of our own code, templates, styles and scripts."""
    digest = hashlib.sha256()
    for package in ("attnatlas", "attnatlas.templates"):
        for part in sorted(_sources(files(package)), key=str):
            digest.update(part.read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for part in folder.iterdir():
        if part.is_dir():
            found += [] if part.name in ("training", "zoo", "__pycache__") else _sources(part)
        elif part.name.endswith((".py", ".html", ".css", ".js")):
            found.append(part)
    return found


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def write_receipt(folder: Path, key: str, receipt: Receipt) -> None:
    """Leave the receipt in a site's marker file, with the hash of the manifest."""
    about = {"key": key, **asdict(receipt), "manifest": sha256_of(folder / MANIFEST)}
    (folder / MARKER).write_text(sealed(about), "utf-8")


def sealed(about: Mapping[str, Any]) -> str:
    """Return the text of a marker file: what it says, and a hash of that."""
    said = {name: value for name, value in about.items() if name != SEAL}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return json.dumps({**said, SEAL: digest}, indent=1, ensure_ascii=False) + "\n"


def read_receipt(folder: Path, key: str) -> Receipt | None:
    """Return the receipt of a site built from the same things and still whole, else None."""
    try:
        found = json.loads((folder / MARKER).read_text("utf-8"))
        if found.pop("key") != key or not is_whole(folder):
            return None
        for name in ("manifest", SEAL):
            found.pop(name, None)
        found["skipped"] = tuple(Skipped(**item) for item in found["skipped"])
        found["notes"] = tuple(found["notes"])
        found["failed"] = tuple((name, count) for name, count in found["failed"])
        found["weights"] = tuple((name, count, size) for name, count, size in found["weights"])
        receipt = Receipt(**found)
        return receipt if receipt.complete else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
