"""What the scripts of a model page get: the numbers of every head, roles, layer profile. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...charts.roles import ROLE_MARKS, RoleMark
from ...names import head_label
from ...results.shapes import Grid, Result, Series
from ..head_rows import key_of, paged, ranked, role_rows
from ..model_summary import ModelSummary
from ..packing import JSON, pack, pack_script
from ..record.page_data import rounded
from .dots import dots_island
from .metrics import BESIDE, METRICS, Metric
from .similarity import similarity_island
from .syntax import relations_island

NOTABLE = 12
"""Heads that the table lists before a reader asks for more."""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One line of the table of heads; numbers are means over texts, None undefined."""

    kind: str
    layer: int
    head: int
    role: RoleMark
    score: float | None
    low: float | None
    high: float | None
    null: float | None
    measure: str
    entropy: float | None
    distance: float | None
    delimiter: float | None
    confidence: float | None

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)


def model_island(found: ModelSummary, results: Mapping[str, Result]) -> JSON:
    """Return all that the page draws, numbers to four decimals."""
    profile = results.get("profile", Result("profile"))
    roles = role_rows(profile)
    shown = _paged(roles)
    beside = [grid for name in BESIDE if name in results for grid in results[name].grids]
    known = {name for grid in (*profile.grids, *beside) for name in grid.metrics}
    importance = results.get("importance", Result("importance"))
    unit = importance.tables["unit"].rows[0][0] if "unit" in importance.tables else ""
    words = results["context"].series if "context" in results else ()
    return {
        "map": found.map.island() if found.map else None,
        "metrics": [_metric(metric, str(unit)) for metric in METRICS if metric.name in known],
        "roles": [[mark.name, mark.letter, mark.says] for mark in ROLE_MARKS.values()],
        "kinds": [
            _kind(grid, roles, beside) | {"pages": shown.get(grid.kind)} for grid in profile.grids
        ],
        "similarity": similarity_island(found.page, results),
        "heads_at": found.page.heads_at,
        "relations": relations_island(results),
        "words": _series(words[0]) if words else None,
        "series": {series.name: _series(series) for series in profile.series},
        "dots": dots_island(results),
    }


def roles_script(results: Mapping[str, Result]) -> bytes:
    """Return the script that hands `roles` to the record pages.

    {kind: {roles: [layer][head], pages: [layer * heads + head] or None}}, where `pages` says which
    heads have a page, None being all.
    """
    rows = role_rows(results.get("profile", Result("profile")))
    shown = _paged(rows)
    found: dict[str, JSON] = {}
    for row in rows:
        layers = found.setdefault(row["kind"], {"roles": [], "pages": shown.get(row["kind"])})
        if row["layer"] == len(layers["roles"]):
            layers["roles"].append([])
        layers["roles"][-1].append(row["role"])
    return pack_script({"roles": pack(np.frombuffer(json.dumps(found).encode(), np.uint8))})


def _paged(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Return by kind 1 for each head that has a page, else 0; nothing where all have one."""
    chosen = set(paged(rows))
    if len(chosen) == len(rows):
        return {}
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["kind"], []).append(int(key_of(row) in chosen))
    return found


def notable_heads(results: Mapping[str, Result]) -> list[HeadRow]:
    """Return the strongest head of each role, then the next ones, of the first kind of map."""
    profile = results.get("profile", Result("profile"))
    if not profile.grids:
        return []
    grid = profile.grids[0]
    rows = [row for row in role_rows(profile) if row["kind"] == grid.kind]
    return [_head_row(row, grid) for row in ranked(rows)[:NOTABLE]]


def _head_row(row: Mapping[str, Any], grid: Grid) -> HeadRow:
    place = (row["layer"], row["head"])

    def mean(metric: str) -> float | None:
        value = float(grid.values[(grid.metrics.index(metric), *place)])
        return None if value != value else value

    return HeadRow(
        kind=row["kind"],
        layer=row["layer"],
        head=row["head"],
        role=ROLE_MARKS[row["role"]],
        score=row["score"],
        low=row["low"],
        high=row["high"],
        null=row["null"],
        measure=row["measure"],
        entropy=mean("entropy"),
        distance=mean("distance"),
        delimiter=mean("delimiter"),
        confidence=mean("confidence"),
    )


def _metric(metric: Metric, unit: str) -> JSON:
    """Return a metric as the page names it; `unit` is that of a score."""
    return {
        "name": metric.name,
        "title": metric.title,
        "short": metric.short,
        "unit": unit if metric.unit == "score" else metric.unit,
        "places": metric.places,
        "says": metric.says,
        "signed": metric.signed,
    }


def _kind(grid: Grid, roles: list[dict[str, Any]], beside: Sequence[Grid]) -> JSON:
    """Return one kind of map; metrics that are undefined in all its heads are left out.

    `beside` holds grids of other analyses, of the same heads.
    """
    _, layers, heads = grid.values.shape
    rows = [row for row in roles if row["kind"] == grid.kind]
    names = list(ROLE_MARKS)
    alike = [g for g in beside if g.kind == grid.kind and g.values.shape[1:] == (layers, heads)]
    return {
        "kind": grid.kind,
        "layers": layers,
        "heads": heads,
        "metrics": {
            name: found
            for part in (grid, *alike)
            for name in _shown(part)
            if (found := _numbers(part, name))
        },
        "roles": [names.index(row["role"]) for row in rows],
        "scores": [_score(row) for row in rows],
        "rests": [_rest(row) for row in rows],
    }


def _shown(grid: Grid) -> list[str]:
    return [metric.name for metric in METRICS if metric.name in grid.metrics]


def _numbers(grid: Grid, name: str) -> JSON | None:
    """Return values, bounds and counts [layer][head] and the null [layer] of a metric."""
    place = grid.metrics.index(name)
    values = rounded(grid.values[place])
    if all(value is None for row in values for value in row):
        return None
    parts = {"low": grid.low, "high": grid.high, "null": grid.null}
    found: JSON = {"values": values}
    found |= {part: rounded(array[place]) for part, array in parts.items() if array is not None}
    if grid.n is not None:
        found["n"] = int(grid.n[place].max())
    return found


def _score(row: Mapping[str, Any]) -> list[Any]:
    """Return [measure, score, null, low, high] of the role of one head."""
    numbers = (row[name] for name in ("score", "null", "low", "high"))
    return [row["measure"], *(None if v is None else round(v, 4) for v in numbers)]


def _rest(row: Mapping[str, Any]) -> list[Any]:
    """Return the share of a head that rests, and where."""
    share = row["rest"]
    return [None if share is None else round(share, 4), row["rest_on"]]


def _series(series: Series) -> JSON:
    return {
        part: [None if v is None else round(v, 4) for v in getattr(series, part)]
        for part in ("y", "low", "high", "null")
    }
