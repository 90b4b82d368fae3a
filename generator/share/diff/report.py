"""What a comparison says: as JSON for programs, and as lines for a person."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ...report import printable, table
from .compare import GROUPS, Diff
from .states import STATES, Item

SCHEMA = 1
SHOWN = 5


def as_json(diff: Diff) -> dict[str, Any]:
    """Return counts, and everything that is not identical."""
    return {
        "schema": SCHEMA,
        "one": _about(diff, 0),
        "other": _about(diff, 1),
        "changed": diff.changed,
        "counts": diff.counts,
        "without_interval": diff.unsure,
        "movers": [item.key for item in diff.movers()],
        "items": [_item(item) for item in diff.items if item.state != "identical"],
    }


def _about(diff: Diff, place: int) -> dict[str, Any]:
    site = (diff.one, diff.other)[place].site
    return {
        "title": site.atlas["title"],
        "built": site.atlas["provenance"]["date"],
        "texts": len(site.atlas["records"]),
        "models": [model["name"] for model in site.atlas["models"]],
    }


def _item(item: Item) -> dict[str, Any]:
    found = asdict(item)
    if item.moved is not None and not math.isfinite(item.moved):
        found["moved"] = None
    found["numbers"] = [asdict(number) for number in item.numbers] if item.numbers else None
    return found


def lines(diff: Diff) -> Iterator[str]:
    """Yield the counts as a table, then what changed most in each group."""
    rows = [
        (group, *(f"{diff.counts[group][state]:,}" for state in STATES))
        for group in GROUPS
        if any(diff.counts[group].values())
    ]
    yield table(("", *STATES), rows, numbers=tuple(range(1, len(STATES) + 1)))
    if diff.unsure:
        yield ""
        yield f"{diff.unsure:,} of those that changed have no interval, so it may be noise."
    for group in GROUPS:
        found = diff.movers() if group == "heads" else diff.of(group, "changed", "added", "removed")
        if found:
            yield ""
            yield f"{group}:"
        for item in found[:SHOWN]:
            yield printable(f"  {item.state}: {said(item)}")
        if len(found) > SHOWN:
            yield f"  and {len(found) - SHOWN:,} more"


def said(item: Item) -> str:
    """Return one thing in a line."""
    if item.state in ("added", "removed"):
        return f"{item.title}: {item.after or item.before}".rstrip(": ")
    if item.group == "findings":
        return f"{item.before} -> {item.after}"
    return f"{item.title}: {item.before} -> {item.after}"
