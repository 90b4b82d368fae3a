"""How things are named: kinds of attention, slugs for files and addresses, labels for heads."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Kind = Literal["self", "encoder", "decoder", "cross"]
"""Which tokens attend to which: those of one stack, or the decoder's to the source's."""

SLUG_LENGTH = 48
SURROGATE = re.compile("[\ud800-\udfff]")
RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
"""Names that Windows keeps for devices, whatever ending they have."""


def slug(name: str) -> str:
    """Return a file name made of `a-z0-9-` only, unique for each name.

    A name that is already of that form is kept; any other, and one that Windows reserves, gets six
    hex digits of its sha256, so that two names never share a file, not even on a disk that ignores
    case.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:SLUG_LENGTH].strip("-")
    if plain == name and plain not in RESERVED:
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain}-{digest}" if plain else digest


def key_part(name: str) -> str:
    """Return a name as a part of a key: letters, digits and `-`, such as `swap-she-he`."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def printable(name: str) -> str:
    """Return a file's name as a text; bytes of it that are no UTF-8 are written as `\\xe9`."""
    return SURROGATE.sub(lambda half: f"\\x{ord(half[0]) & 0xFF:02x}", name)


def head_label(layer: int, head: int) -> str:
    """Return `L4H11` for layer 4, head 11 (both counted from 0)."""
    return f"L{layer}H{head}"


def report_name(analysis: str, models: Iterable[str]) -> str:
    """Return the name of a report that is about some models alone: `compare-base-tuned`."""
    return "-".join([analysis, *map(slug, models)])
