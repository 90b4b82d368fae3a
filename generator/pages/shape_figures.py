"""Figures of results that no template of their own draws: one for each thing in them, by shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..capture import Capture
from ..results.shapes import Grid, Matrix, Result, Series, Table

SIDE = 64
"""Rows and columns of a matrix that are drawn."""
ROW, LEAST, MOST = 16, 120, 640
"""Height of a row in pixels, and of a figure at least and at most."""

HEADINGS = {
    "first_odds": "odds here",
    "second_odds": "odds in the other text",
    "total": "change",
    "all_indirect": "change by where heads look",
    "all_direct": "change by all else",
    "untrained": "untrained copies",
    "choice": "the model’s own choice",
}
"""What columns are called on pages whose names in the files say little."""
TITLES = {
    "indirect": "Indirect effect of each head",
    "direct": "Direct effect of each head",
    "to candidates": "Attention to the candidates",
    "choice": "What it chooses between",
    "candidates": "What each candidate gets",
    "odds": "Odds in both texts",
}
"""The same of figures and tables."""
Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class ShapeFigure:
    """One figure: the name of its chart, and the rows that its script draws and its table shows.

    `across` and `down` are what the places on the axes are called, where they are tokens.
    """

    chart: str
    title: str
    height: int
    columns: tuple[str, ...]
    rows: Rows
    across: tuple[str, ...] = ()
    down: tuple[str, ...] = ()

    def island(self) -> dict[str, Any]:
        """Return what the script of the page gets."""
        return asdict(self)


def shape_figures(result: Result, capture: Capture | None = None) -> list[ShapeFigure]:
    """Return the figures of a result; `capture` has the tokens of a record's."""
    return [
        *_series(result.series),
        *(figure for grid in result.grids for figure in _grids(grid)),
        *_scores(result, capture),
        *(_matrix(matrix, capture) for matrix in result.matrices),
        *(_squares("distances", f"Distances, {one.kind}", one.values) for one in result.distances),
    ]


def used(table: Table) -> Table:
    """Return a table with its columns in words, without those that are empty in every row."""
    places = [
        at
        for at in range(len(table.columns))
        if any(row[at] is not None and row[at] != "" for row in table.rows)
    ]
    rows = (tuple(row[at] for at in places) for row in table.rows)
    names = (HEADINGS.get(table.columns[at], table.columns[at]) for at in places)
    return Table(tuple(names), tuple(rows))


def _series(several: Sequence[Series]) -> Iterator[ShapeFigure]:
    for one in several:
        empty: tuple[None, ...] = (None,) * len(one.x)
        parts = (one.x, one.y, one.low or empty, one.high or empty, one.null or empty)
        rows = [[one.name, *map(_short, row)] for row in zip(*parts, strict=True)]
        columns = ("name", "x", "y", "low", "high", "null")
        yield ShapeFigure("shape-series", titled(one.name), 220, columns, rows)


def _grids(grid: Grid) -> Iterator[ShapeFigure]:
    for metric, values in zip(grid.metrics, grid.values, strict=True):
        rows = [[*place, _short(value)] for place, value in np.ndenumerate(values)]
        cells = [[layer, head, value] for (layer, head, value) in rows if value is not None]
        title = f"{titled(metric)}, {grid.kind}" if grid.kind != "self" else titled(metric)
        height = _height(len(values))
        yield ShapeFigure("shape-grid", title, height, ("layer", "head", "value"), cells)


def _scores(result: Result, capture: Capture | None) -> Iterator[ShapeFigure]:
    for one in result.scores:
        names = _names(capture, len(one.values))
        rows = [[place, _short(value)] for place, value in enumerate(one.values.ravel())]
        height, columns = _height(len(rows)), ("place", "value")
        yield ShapeFigure("shape-scores", titled(one.name), height, columns, rows, down=names)


def _matrix(matrix: Matrix, capture: Capture | None) -> ShapeFigure:
    """Return the map of a matrix: of its last layer, heads averaged, where it has these."""
    values, says = np.asarray(matrix.values, dtype=np.float64), []
    if values.ndim > 2:
        says.append(f"layer {len(values) - 1}")
        values = values[-1]
    if values.ndim > 2:
        says.append(f"mean of {len(values)} heads")
        values = values.mean(axis=0)
    if max(values.shape) > SIDE:
        says.append(f"first {SIDE} tokens")
        values = values[:SIDE, :SIDE]
    part = next((m for m in capture.maps if m.kind == matrix.kind), None) if capture else None
    down = tuple(token.shown for token in part.queries[:SIDE]) if part else ()
    across = tuple(token.shown for token in part.keys[:SIDE]) if part else ()
    title = ", ".join([titled(matrix.label), *says])
    return _squares("matrix", title, values, across, down)


def _squares(
    shape: str,
    title: str,
    values: npt.NDArray[Any],
    across: tuple[str, ...] = (),
    down: tuple[str, ...] = (),
) -> ShapeFigure:
    columns = ("query", "key", "value") if shape == "matrix" else ("other", "head", "value")
    rows = [[*place, _short(value)] for place, value in np.ndenumerate(values[:SIDE, :SIDE])]
    known = [row for row in rows if row[2] is not None]
    return ShapeFigure(
        f"shape-{shape}", title, _height(min(SIDE, len(values))), columns, known, across, down
    )


def _names(capture: Capture | None, count: int) -> tuple[str, ...]:
    """Return the tokens that scores are of: those of the source, where as many are given."""
    tokens = capture.maps[0].queries if capture else ()
    return tuple(token.shown for token in tokens) if len(tokens) == count else ()


def titled(name: str) -> str:
    """Return what a figure or a table is called on a page."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _height(rows: int) -> int:
    return max(LEAST, min(MOST, ROW * rows + 60))


def _short(value: Any) -> float | None:
    """Return a number with so many digits as a table shows; None where it is none."""
    if value is None or not np.isfinite(value):
        return None
    return float(f"{float(value):.5g}")
