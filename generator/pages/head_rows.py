"""The heads of a model as the table of roles has them, and which get a page. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..results.shapes import Result

MOST = 600
"""Head pages of one model; of a model with more heads, the strongest of each role."""
Key = tuple[str, int, int]
"""Kind, layer and head."""


def role_rows(profile: Result) -> list[dict[str, Any]]:
    """Return the table of roles as one mapping a head."""
    return profile.rows("roles")


def ranked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows of the table of roles: the strongest of each role, then the next ones."""
    order = sorted(rows, key=lambda row: -(row["margin"] or 0.0) if row["role"] != "none" else 1.0)
    seen: Counter[str] = Counter()
    places = []
    for row in order:
        seen[row["role"]] += 1
        places.append((seen[row["role"]], row))
    return [row for _, row in sorted(places, key=lambda pair: pair[0])]


def key_of(row: Mapping[str, Any]) -> Key:
    """Return which head a row of a table is about."""
    return row["kind"], row["layer"], row["head"]


def paged(rows: Sequence[Mapping[str, Any]]) -> list[Key]:
    """Return the heads that get a page of their own, in the order of the model."""
    strongest = {key_of(row) for row in ranked(rows)[:MOST]} if len(rows) > MOST else None
    keys = (key_of(row) for row in rows)
    return [key for key in keys if strongest is None or key in strongest]
