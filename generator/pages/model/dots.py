"""The dot plots of a model page: one picture a question, one axis down it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...analyses.agreement import named
from ...analyses.method_pairs import PAIRS
from ...analyses.profile.roles import PHRASES
from ...names import head_label
from ...results.shapes import Result, Table
from ..packing import JSON
from ..units import POINTS, RANK, SHARE, Unit, ends, unit_of

ERASED = "-erased"
"""What the ids of the sentences end with that say what erasing an order does."""


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row: an estimate with its 95% interval and what chance gives, in the unit of the axis."""

    name: str
    value: float
    interval: tuple[float | None, float | None]
    null: tuple[float | None, float | None]
    n: int
    open: bool

    def scaled(self, unit: Unit) -> JSON:
        """Return the row as the chart gets it."""
        numbers = (self.value, *self.interval, *self.null)
        keys = ("value", "low", "high", "null_low", "null_high")
        found: JSON = {key: _times(one, unit) for key, one in zip(keys, numbers, strict=True)}
        return {"name": self.name, **found, "n": self.n, "open": self.open}


def dots_island(results: Mapping[str, Result]) -> dict[str, JSON]:
    """Return the dot plots by name: {says, from, to, rows, few, more: {columns, rows}}.

    `few` is how many texts there are where no row has an interval, as of few; else 0.
    """
    pairs = _table(results, "agreement", "pairs")
    plots: list[tuple[str, Unit, Sequence[DotRow], Table | None]] = [
        ("pairs", RANK, _pairs(pairs), _named_pairs(pairs)),
        ("erased", POINTS, list(_erased(results)), None),
        ("habits", SHARE, list(_habits(_table(results, "habits", "best"))), None),
    ]
    return {name: _plot(unit, rows, more) for name, unit, rows, more in plots if rows}


def _plot(unit: Unit, rows: Sequence[DotRow], more: Table | None) -> JSON:
    numbers = [v for row in rows for v in (row.value, *row.interval, *row.null) if v is not None]
    low, high = ends([unit.factor * one for one in numbers])
    found: JSON = {"says": unit.name, "from": low, "to": high}
    found["rows"] = [row.scaled(unit) for row in rows]
    none = all(row.interval[0] is None for row in rows)
    found["few"] = max(row.n for row in rows) if none else 0
    if more:
        found["more"] = {"columns": more.columns, "rows": [list(map(_short, r)) for r in more.rows]}
    return found


def _pairs(rows: Sequence[Mapping[str, Any]]) -> list[DotRow]:
    """Return every two methods, those that agree most first."""
    found = [
        DotRow(
            f"{named(row['one'])} · {named(row['other'])}",
            row["spearman"],
            (row["low"], row["high"]),
            (row["null_low"], row["null_high"]),
            row["n"],
            row["beyond_chance"] != "yes",
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: -row.value)


def _named_pairs(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    """Return all that is known of every two methods, by the names of the page."""
    ordered = sorted(rows, key=lambda row: -row["spearman"])
    lines = [
        (named(row["one"]), named(row["other"]), *(row[name] for name in PAIRS[2:]))
        for row in ordered
    ]
    return Table(PAIRS, tuple(lines)) if lines else None


def _erased(results: Mapping[str, Result]) -> Iterator[DotRow]:
    """Yield how much more it costs to hide the words that a method ranks first, in points.

    More than hiding random ones, that is: what the verdict beside the sentence is about.
    """
    for said in results.get("faithfulness", Result("faithfulness")).findings:
        claim = said.claim
        if claim and said.id.endswith(ERASED) and unit_of(said, "faithfulness") == POINTS:
            method = said.id.removesuffix(ERASED).rpartition("-")[2]
            interval = claim.interval or (None, None)
            yield DotRow(
                named(method), claim.value, interval, claim.null, said.n or 0, said.level != "holds"
            )


def _habits(rows: Sequence[Mapping[str, Any]]) -> Iterator[DotRow]:
    """Yield the best head for each habit; of several kinds of attention, with the kind."""
    several = len({row["kind"] for row in rows}) > 1
    for row in rows:
        kind = f"{row['kind']}, " if several else ""
        yield DotRow(
            f"{kind}{PHRASES[row['habit']]} · {head_label(row['layer'], row['head'])}",
            row["value"],
            (row["low"], row["high"]),
            (row["null_low"], row["null_high"]),
            row["n"],
            row["beyond_chance"] != "yes",
        )


def _table(results: Mapping[str, Result], name: str, table: str) -> list[dict[str, Any]]:
    return results.get(name, Result(name)).rows(table)


def _times(value: float | None, unit: Unit) -> float | None:
    return None if value is None else round(unit.factor * value, 4)


def _short(cell: Any) -> Any:
    return round(cell, 4) if isinstance(cell, float) else cell
