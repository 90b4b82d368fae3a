"""Tables of the report of mentions with all models side by side: texts, and ways to look. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
CHOICE = "the model’s own choice"
WAYS = {
    "most attention, all heads": "the candidate that all heads together look at most",
    "rollout": "the one most looked at through all layers (rollout)",
    "relevance": "the one with most gradient-weighted relevance",
    "saliency": "the one with most saliency",
    "best head of the other half": "what the best head looks at, chosen on other texts",
    "best head of the other half, untrained copies": "the same head choice in untrained copies",
    "nearest candidate": "always the nearest candidate",
    "first candidate": "always the first candidate",
}
"""What a way is called on the page."""
RULES = ("nearest candidate", "first candidate", "untrained")
"""What the name of a way has that learned nothing."""
HEADS = re.compile(r" \((L\d+H\d+(?:, L\d+H\d+)*)\)$")
"""The heads that a way ends with, which are another model's no more."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table with a cell for each model, None where a model has none."""

    of: Row
    cells: tuple[Row | None, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A table of all models: their names, and its lines."""

    models: tuple[str, ...]
    lines: tuple[Line, ...]


def texts_beside(rows: Sequence[Row]) -> SideBySide:
    """Return each text once, with what every model makes of it."""
    return _beside(rows, lambda row: (row["corpus"], row["record"]))


def ways_beside(rows: Sequence[Row]) -> SideBySide | None:
    """Return each way once, what learned nothing last; None where intervals are to be drawn."""
    if any(row["low"] is not None for row in rows):
        return None
    found = _beside([*map(_way, rows)], lambda row: row["way"])
    ordered = sorted(found.lines, key=lambda line: (line.of["rule"], line.of["way"] != CHOICE))
    return SideBySide(found.models, tuple(ordered))


def _way(row: Row) -> Row:
    heads = HEADS.search(row["way"])
    way = HEADS.sub("", row["way"])
    rule = any(name in way for name in RULES)
    return {**row, "way": WAYS.get(way, way), "rule": rule, "heads": heads[1] if heads else ""}


def _beside(rows: Sequence[Row], key: Any) -> SideBySide:
    models = tuple(dict.fromkeys(row["model"] for row in rows))
    own: dict[Any, dict[str, Row]] = {}
    for row in rows:
        own.setdefault(key(row), {})[row["model"]] = row
    return SideBySide(models, tuple(_lines(own, models)))


def _lines(own: dict[Any, dict[str, Row]], models: Sequence[str]) -> Iterator[Line]:
    for cells in own.values():
        yield Line(next(iter(cells.values())), tuple(cells.get(model) for model in models))
