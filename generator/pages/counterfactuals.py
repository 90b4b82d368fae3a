"""What the report of small changes shows, out of its table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..results.shapes import Result
from .coreference import Parts, Row, differing, result_rows

SHOWN = 25
"""Pairs of a model that are seen at once; the others lie below, folded."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A pair of texts side by side, and the row about it."""

    parts: Parts
    row: Row


@dataclass(frozen=True, slots=True)
class CounterfactualView:
    """All pairs of each model, those that flip first, and what can be expected of them.

    Models that are `silent` give no answer that could flip.
    """

    shown: Mapping[str, tuple[ChangeRow, ...]]
    folded: Mapping[str, tuple[ChangeRow, ...]]
    checks: Mapping[str, tuple[Row, ...]]
    silent: frozenset[str]


def counterfactual_view(result: Result) -> CounterfactualView:
    """Return what the page shows."""
    found: dict[str, list[ChangeRow]] = {}
    for row in result_rows(result, "pairs"):
        parts = differing(row["first_text"], row["second_text"])
        found.setdefault(row["model"], []).append(ChangeRow(parts, row))
    told = [*result_rows(result, "checks")]
    return CounterfactualView(
        shown={name: tuple(rows[:SHOWN]) for name, rows in found.items()},
        folded={name: tuple(rows[SHOWN:]) for name, rows in found.items()},
        silent=frozenset(
            name for name, rows in found.items() if not any(one.row["flips"] for one in rows)
        ),
        checks={name: tuple(one for one in told if one["model"] == name) for name in found},
    )
