"""What the figure of a model page gets that compares methods two by two. Pure."""

from __future__ import annotations

from typing import Any

from ...analyses.agreement import PAIRS, named
from ...results.shapes import Result
from ..packing import JSON


def pairs_island(result: Result | None) -> JSON | None:
    """Return {columns, rows, methods: {name: words}} of the pairs, None where there are none."""
    if result is None or "pairs" not in result.tables:
        return None
    rows = [[_short(cell) for cell in row] for row in result.tables["pairs"].rows]
    names = dict.fromkeys(str(name) for row in rows for name in row[:2])
    return {"columns": PAIRS, "rows": rows, "methods": {name: named(name) for name in names}}


def _short(cell: Any) -> Any:
    return round(cell, 4) if isinstance(cell, float) else cell
