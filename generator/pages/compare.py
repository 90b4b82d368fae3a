"""What the report of two models shows, out of its tables. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..results.shapes import Result
from .coreference import HeadPanel, Row, grid_of

SHOWN = 20
"""Rows that are seen at once; the others lie below, folded."""


@dataclass(frozen=True, slots=True)
class CompareView:
    """Answers that changed, what broke first; how far heads moved; gaps that both models have."""

    changed: tuple[Row, ...]
    counts: Mapping[str, int]
    heads: tuple[HeadPanel, ...]
    moved: tuple[Row, ...]
    among: int
    gaps: tuple[Row, ...]


def compare_view(result: Result) -> CompareView:
    """Return what the page shows."""
    answers, heads = result.rows("answers"), result.rows("heads")
    changed = tuple(row for row in answers if row["change"] != "same")
    return CompareView(
        changed=changed,
        counts=Counter(row["change"] for row in answers),
        heads=tuple(_panels(heads)),
        moved=tuple(heads[:SHOWN]),
        among=len(heads),
        gaps=tuple(result.rows("gaps")),
    )


def _panels(rows: list[Row]) -> list[HeadPanel]:
    """Return how far heads moved, and how far others are, on one scale."""
    ordered = sorted(rows, key=lambda row: (row["layer"], row["head"]))
    titles = {
        "moved": "How far each head moved",
        "other_heads": "For scale: how far other heads of its layer are",
    }
    grids = {title: grid_of(ordered, name) for name, title in titles.items()}
    values = [value for grid in grids.values() for row in grid for value in row]
    most = max(values, default=0.0)
    return [HeadPanel(title, grid, most, False) for title, grid in grids.items() if grid]
