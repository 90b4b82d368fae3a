"""Values out of a JSON header, each with an error that says which key is not what it must be."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from .rows import ArrayError

ROUNDED = 1e-5
"""How far a number of single precision may lie beyond where it ends."""
HALF = re.compile("[\ud800-\udfff]")


def text(name: str, value: Any) -> str:
    """Return a text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise ArrayError(f"'{name}' must be a text")
    if HALF.search(value):
        raise ArrayError(f"'{name}' holds half of a surrogate pair, which is no character")
    return value


def number(name: str, value: Any) -> float:
    """Return a finite number."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    if not plain or not math.isfinite(value) or abs(value) > 1e300:
        raise ArrayError(f"'{name}' must be a number")
    return float(value)


def probability(name: str, value: Any) -> float:
    """Return a number from 0 to 1."""
    found = number(name, value)
    if not -ROUNDED <= found <= 1 + ROUNDED:
        raise ArrayError(f"'{name}' must be a probability, from 0 to 1")
    return found


def log_probability(name: str, value: Any) -> float:
    """Return a number that is no more than 0."""
    found = number(name, value)
    if found > ROUNDED:
        raise ArrayError(f"'{name}' must be the logarithm of a probability, 0 at most")
    return found


def count(name: str, value: Any, below: int | None = None) -> int:
    """Return a whole number from 0."""
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    if not whole or (below is not None and value >= below):
        most = "" if below is None else f" to {below - 1}"
        raise ArrayError(f"'{name}' must be a whole number from 0{most}")
    return int(value)


def flag(name: str, value: Any) -> bool:
    """Return what is true or false."""
    if not isinstance(value, bool):
        raise ArrayError(f"'{name}' must be true or false")
    return value


def one_of(name: str, value: Any, among: Collection[str]) -> str:
    """Return one of several words."""
    if not isinstance(value, str) or value not in among:
        raise ArrayError(f"'{name}' must be one of {', '.join(among)}")
    return value


def items(name: str, value: Any, least: int = 0) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list) or len(value) < least:
        raise ArrayError(f"'{name}' must be a list" + (" that is not empty" if least else ""))
    return value


def table(name: str, value: Any) -> Mapping[str, Any]:
    """Return an object."""
    if not isinstance(value, Mapping):
        raise ArrayError(f"'{name}' must be an object")
    return value
