"""The tables that lie beside the pages: heads.csv, heads_intervals.csv, findings.json. Strings."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..analyses.head_metrics import SERVING
from ..analyses.profile.means import METRICS
from ..analyses.working import WORKING
from ..results.published import published
from ..results.shapes import Cell, Finding, Grid, Result

MEANS = tuple(name for name in METRICS if name not in SERVING)
WORKS = (
    "rest", "working_role", "working_score", "working_low", "working_high", "working_n",
)  # fmt: skip
HEADS = ("kind", "layer", "head", "role", *MEANS, "queries", "records", *WORKS)
MEASURED = (*MEANS, "rest", *WORKING.values())
INTERVALS = ("kind", "layer", "head", "metric", "value", "low", "high", "n")
SCORES = (
    "kind", "layer", "head", "syntactic", "syntactic_low", "syntactic_high", "to_head",
    "from_head", "cases", "semantic", "semantic_low", "semantic_high", "records",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell starts that a spreadsheet would run."""


def heads_csv(profile: Result) -> str:
    """Return one row per kind, layer and head of a profile; undefined cells are empty.

    `queries` counts all queries behind the means, `records` the records.
    """
    return csv_text(HEADS, (row for grid in profile.grids for row in _head_rows(profile, grid)))


def heads_intervals_csv(profile: Result) -> str:
    """Return one row per kind, layer, head and metric that is defined, with its 95% interval."""
    return csv_text(INTERVALS, (row for grid in profile.grids for row in _interval_rows(grid)))


def syntax_csv(results: Mapping[str, Result]) -> str:
    """Return one row per kind, layer and head with its syntactic and its semantic score.

    What a model has no trees or no saliency for is empty.
    """
    found: dict[tuple[str, str], Grid] = {}
    for name in ("syntax", "semantic"):
        for grid in results[name].grids if name in results else ():
            found[name, grid.kind] = grid
    kinds = list(dict.fromkeys(kind for _, kind in found))
    return csv_text(SCORES, (row for kind in kinds for row in _score_rows(kind, found)))


def heads_alike_csv(similarity: Result) -> str:
    """Return one row per kind, layer and head: its place on the map, group and nearest head."""
    table = similarity.tables["heads"]
    return csv_text(table.columns, table.rows)


def findings_json(findings: Iterable[Finding]) -> str:
    """Return the findings as a JSON list, each with the promised keys; undefined is null."""
    rows = [published(finding) for finding in findings]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a CSV table with full precision, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([csv_cell(column) for column in columns])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def csv_cell(cell: Cell) -> str:
    """Return a cell as text: empty for None and NaN, and no text that a spreadsheet would run.

    A text that starts with one of = + - @, a tab or a carriage return gets ' in front, unless it
    is a number.
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if not isinstance(cell, str):
        return repr(cell)
    return f"'{cell}" if cell.startswith(FORMULA) and not _is_number(cell) else cell


def _head_rows(profile: Result, grid: Grid) -> Iterator[tuple[Cell, ...]]:
    table = profile.tables["roles"]
    roles = {row[:3]: named for row, named in zip(table.rows, table.named, strict=True)}
    for layer, head in _heads(grid):
        means = [_number(grid.values[grid.metrics.index(name), layer, head]) for name in MEANS]
        records = _n(grid, "queries", layer, head)
        queries = float(grid.values[grid.metrics.index("queries"), layer, head]) * records
        told = roles.get((grid.kind, layer, head), {})
        works = (told.get(name) for name in WORKS)
        yield (grid.kind, layer, head, told.get("role"), *means, round(queries), records, *works)


def _score_rows(kind: str, found: Mapping[tuple[str, str], Grid]) -> Iterator[tuple[Cell, ...]]:
    syntax, semantic = found.get(("syntax", kind)), found.get(("semantic", kind))
    grid = syntax or semantic
    for layer, head in _heads(grid) if grid else ():
        yield (
            kind, layer, head, *_bounded(syntax, "syntactic", layer, head),
            _value(syntax, "to_head", layer, head), _value(syntax, "from_head", layer, head),
            _n(syntax, "syntactic", layer, head) if syntax else None,
            *_bounded(semantic, "semantic", layer, head),
            _n(semantic, "semantic", layer, head) if semantic else None,
        )  # fmt: skip


def _value(grid: Grid | None, name: str, layer: int, head: int) -> float | None:
    return None if grid is None else _number(grid.values[grid.metrics.index(name), layer, head])


def _bounded(grid: Grid | None, name: str, layer: int, head: int) -> list[float | None]:
    """Return a number and the ends of its interval."""
    if grid is None or grid.low is None or grid.high is None:
        return [None, None, None]
    place = (grid.metrics.index(name), layer, head)
    return [_number(part[place]) for part in (grid.values, grid.low, grid.high)]


def _interval_rows(grid: Grid) -> Iterator[tuple[Cell, ...]]:
    for layer, head in _heads(grid):
        for name in MEASURED:
            if n := _n(grid, name, layer, head):
                place = (grid.metrics.index(name), layer, head)
                parts: tuple[Any, ...] = (grid.values, grid.low, grid.high)
                cells = [None if part is None else _number(part[place]) for part in parts]
                yield (grid.kind, layer, head, name, *cells, n)


def _heads(grid: Grid) -> Iterator[tuple[int, int]]:
    _, layers, heads = grid.values.shape
    return ((layer, head) for layer in range(layers) for head in range(heads))


def _n(grid: Grid, name: str, layer: int, head: int) -> int:
    """Return how many records stand behind a number."""
    return 0 if grid.n is None else int(grid.n[grid.metrics.index(name), layer, head])


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and text == text.strip()
    except ValueError:
        return False
