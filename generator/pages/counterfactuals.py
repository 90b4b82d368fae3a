"""What the report of small changes shows, out of its table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..analyses.counterfactuals.pairs import WRITTEN, is_small
from ..results.shapes import Result
from .coreference import Parts, Row, differing

SEEN = 160
"""Characters of a translation that are seen."""

SHOWN = 25
"""Pairs of a model that are seen at once; the others lie below, folded."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A pair of texts side by side, what was written of them likewise, and the row about it."""

    parts: Parts
    row: Row
    written: Parts = ()


@dataclass(frozen=True, slots=True)
class CounterfactualView:
    """All pairs of each model, those that flip first, and what can be expected of them.

    `larger` differ in more than half of their words; a model without smaller changes has none.
    `kinds` has what a model answers with, nothing for one that gives no answer that could flip.
    """

    shown: Mapping[str, tuple[ChangeRow, ...]]
    folded: Mapping[str, tuple[ChangeRow, ...]]
    larger: Mapping[str, tuple[ChangeRow, ...]]
    checks: Mapping[str, tuple[Row, ...]]
    kinds: Mapping[str, str]


def counterfactual_view(result: Result) -> CounterfactualView:
    """Return what the page shows."""
    found: dict[str, list[ChangeRow]] = {}
    for row in result.rows("pairs"):
        parts = differing(row["first_text"], row["second_text"])
        written = _written(row) if row["kind"] == WRITTEN else ()
        found.setdefault(row["model"], []).append(ChangeRow(parts, row, written))
    told = [*result.rows("checks")]
    small = {name: _small(rows) or rows for name, rows in found.items()}
    return CounterfactualView(
        shown={name: tuple(rows[:SHOWN]) for name, rows in small.items()},
        folded={name: tuple(rows[SHOWN:]) for name, rows in small.items()},
        larger={name: tuple(rows[len(small[name]) :]) for name, rows in found.items()},
        kinds={
            name: next((one.row["kind"] for one in rows if one.row["flips"]), "")
            for name, rows in found.items()
        },
        checks={name: tuple(one for one in told if one["model"] == name) for name in found},
    )


def _small(rows: list[ChangeRow]) -> list[ChangeRow]:
    """Return the pairs that differ in a little, which come first."""
    return [one for one in rows if is_small(one.row["alike"])]


def _written(row: Row) -> Parts:
    return differing(row["first_answer"][:SEEN], row["second_answer"][:SEEN])
