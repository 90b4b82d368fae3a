"""Earlier copies, in the texts and in random tokens said twice: the lines of one table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...analyses.repeated_tokens import MEASURES
from ...names import head_label
from ...results.shapes import Grid, Result

LISTED = 3
"""Heads of each stack and measure that the table names."""
WORDS = {
    "induction": "to what followed the earlier copy",
    "duplicate": "to the earlier copy itself",
}


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its interval, what chance gives, and how many it is over; None undefined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    null: float | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One head: what it does with random tokens said twice, and what it does in the texts."""

    kind: str
    measure: str
    layer: int
    head: int
    probe: Mean
    corpus: Mean

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)


def copy_rows(results: Mapping[str, Result]) -> list[CopyRow]:
    """Return the heads that lie furthest above their null, for each stack and measure."""
    profile = {grid.kind: grid for grid in _grids(results, "profile")}
    rows = []
    for grid in _grids(results, "repeated_tokens"):
        for measure in MEASURES:
            copy, null = (grid.values[grid.metrics.index(m)] for m in (measure, f"{measure}_null"))
            best = np.argsort(null - copy, axis=None, kind="stable")[:LISTED]
            for layer, head in (divmod(int(place), copy.shape[1]) for place in best):
                place = (measure, layer, head)
                beside = profile.get(grid.kind)
                corpus = Mean() if beside is None else _mean(beside, *place)
                rows.append(CopyRow(grid.kind, *place, _mean(grid, *place), corpus))
    return rows


def _grids(results: Mapping[str, Result], name: str) -> Iterator[Grid]:
    yield from results[name].grids if name in results else ()


def _mean(grid: Grid, measure: str, layer: int, head: int) -> Mean:
    at = (grid.metrics.index(measure), layer, head)
    if f"{measure}_null" in grid.metrics:
        null = grid.values[grid.metrics.index(f"{measure}_null"), layer, head]
    else:
        null = np.nan if grid.null is None else grid.null[at[:2]]
    ends = (np.nan if part is None else part[at] for part in (grid.low, grid.high))
    value, low, high, null = (
        None if np.isnan(v) else float(v) for v in (grid.values[at], *ends, null)
    )
    return Mean(value, low, high, null, 0 if grid.n is None else int(grid.n[at]))
