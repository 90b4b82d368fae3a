"""Results as named arrays and a JSON header, and back: for the store and for data files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from .levels import Claim
from .shapes import (
    Finding,
    Grid,
    HeadDistances,
    Matrix,
    Partial,
    Result,
    Scores,
    Series,
    Table,
)

Arrays = dict[str, npt.NDArray[Any]]
Header = dict[str, Any]

GRID_ARRAYS = ("values", "null", "low", "high", "n")
FINDING = tuple(field.name for field in fields(Finding) if field.name != "survival")
PAIRS = ("interval", "null")
INLINE = ("distances.", "partial.")
"""What the names of arrays begin with that JSON holds as lists."""
MATRIX = "matrix."
"""What the names of matrices begin with: readers who need none leave them out by it."""


def result_to_arrays(result: Result) -> tuple[Arrays, Header]:
    """Return all arrays of a result by name, and everything else as JSON values."""
    parts: tuple[tuple[str, tuple[Any, ...]], ...] = (
        (MATRIX, result.matrices),
        ("scores.", result.scores),
        ("distances.", result.distances),
        ("partial.", result.partials),
    )
    arrays: Arrays = {f"{n}{i}": one.values for n, part in parts for i, one in enumerate(part)}
    for i, grid in enumerate(result.grids):
        found = {name: getattr(grid, name) for name in GRID_ARRAYS}
        arrays |= {f"grid.{i}.{name}": a for name, a in found.items() if a is not None}
    return arrays, _header(result)


def _header(result: Result) -> Header:
    header: Header = {
        "analysis": result.analysis,
        "matrices": [matrix.label for matrix in result.matrices],
        "grids": [{"kind": grid.kind, "metrics": grid.metrics} for grid in result.grids],
        "tables": {
            name: {"columns": table.columns, "rows": table.rows}
            for name, table in result.tables.items()
        },
        "series": [asdict(series) for series in result.series],
        "scores": [scores.name for scores in result.scores],
        "findings": [_said(finding) for finding in result.findings],
    }
    if result.distances:
        header["distances"] = [distances.kind for distances in result.distances]
    if result.partials:
        header["partials"] = [[partial.name, partial.labels] for partial in result.partials]
    return header


def result_from_arrays(arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> Result:
    """Return the result that arrays and header describe; without matrices where they are absent."""
    labels = [label.rpartition(".") for label in header["matrices"] if f"{MATRIX}0" in arrays]
    matrices = [Matrix(k, arrays[f"{MATRIX}{i}"], name) for i, (name, _, k) in enumerate(labels)]
    grids = [_grid(f"grid.{i}.", arrays, entry) for i, entry in enumerate(header["grids"])]
    scores = [Scores(name, arrays[f"scores.{i}"]) for i, name in enumerate(header["scores"])]
    distances = [
        HeadDistances(kind, arrays[f"distances.{i}"])
        for i, kind in enumerate(header.get("distances", ()))
    ]
    partials = [
        Partial(name, arrays[f"partial.{i}"], tuple(labels))
        for i, (name, labels) in enumerate(header.get("partials", ()))
    ]
    return Result(
        analysis=header["analysis"],
        matrices=tuple(matrices),
        grids=tuple(grids),
        tables={name: _table(entry) for name, entry in header["tables"].items()},
        series=tuple(_series(entry) for entry in header["series"]),
        findings=tuple(_finding(entry) for entry in header["findings"]),
        scores=tuple(scores),
        distances=tuple(distances),
        partials=tuple(partials),
    )


def result_to_json(result: Result) -> Header:
    """Return a result as JSON values; the arrays of its matrices and scores are left out."""
    arrays, header = result_to_arrays(result)
    inner = {name: array for name, array in arrays.items() if name.startswith(INLINE)}
    if inner:
        header["arrays"] = {name: _listed(array) for name, array in inner.items()}
    for i, entry in enumerate(header["grids"]):
        found = {name: arrays.get(f"grid.{i}.{name}") for name in GRID_ARRAYS}
        entry |= {name: _listed(array) for name, array in found.items() if array is not None}
    return header


def result_from_json(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Result:
    """Return what `result_to_json` was given; `arrays` are those of its matrices and scores."""
    inner = {name: _inner(part) for name, part in header.get("arrays", {}).items()}
    return result_from_arrays({**arrays, **inner, **_grid_arrays(header)}, header)


def _grid_arrays(header: Mapping[str, Any]) -> Arrays:
    return {
        f"grid.{i}.{name}": np.array(entry[name], dtype=np.int64 if name == "n" else np.float64)
        for i, entry in enumerate(header["grids"])
        for name in GRID_ARRAYS
        if entry.get(name) is not None
    }


def _inner(part: Any) -> npt.NDArray[Any]:
    """Return the array of nested lists, of whole numbers where all of them are."""
    found: npt.NDArray[Any] = np.array(part)
    return found if found.dtype.kind == "i" else np.array(part, float)


def _listed(array: npt.NDArray[Any]) -> list[Any]:
    """Return nested lists, None for NaN."""
    plain = array.astype(object)
    if array.dtype.kind == "f":
        plain[np.isnan(array)] = None
    found: list[Any] = plain.tolist()
    return found


def _grid(prefix: str, arrays: Mapping[str, npt.NDArray[Any]], entry: Mapping[str, Any]) -> Grid:
    found = {name: arrays.get(prefix + name) for name in GRID_ARRAYS[1:]}
    return Grid(entry["kind"], tuple(entry["metrics"]), arrays[prefix + "values"], **found)


PLAIN = frozenset((str, int, bool, type(None)))


def _are_cells(rows: Sequence[Sequence[object]]) -> bool:
    """Return whether all cells are texts, whole numbers, finite numbers or nothing."""
    kinds = set(map(type, chain.from_iterable(rows)))
    if not kinds <= PLAIN | {float}:
        return False
    return all(map(math.isfinite, [c for c in chain.from_iterable(rows) if type(c) is float]))


def _table(entry: Mapping[str, Any]) -> Table:
    if not all(isinstance(row, list | tuple) for row in (entry["rows"], *entry["rows"])):
        raise TypeError("a table or a row of it is no list")
    columns, rows = tuple(entry["columns"]), tuple(tuple(row) for row in entry["rows"])
    if not _are_cells(rows):
        raise ValueError("a cell of a table is no text and no finite number")
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row of a table has not as many cells as there are columns")
    return Table(columns, rows)


def _series(entry: Mapping[str, Any]) -> Series:
    lines: dict[str, Any] = {name: tuple(v) for name, v in entry.items() if name != "name"}
    return Series(entry["name"], **lines)


def _said(finding: Finding) -> dict[str, Any]:
    """Return a finding with its word, which is made anew whenever it is read."""
    known = asdict(replace(finding, survival=None)) | {"level": finding.level}
    del known["survival"]
    return known


def _finding(entry: Mapping[str, Any]) -> Finding:
    if not all(isinstance(entry[name], str) for name in ("id", "statement")):
        raise TypeError("a finding without a sentence")
    known = {name: entry[name] for name in FINDING if name in entry}
    parts = _pairs(known)
    if known.get("twin") is not None:
        parts["twin"] = tuple(known["twin"])
    if claim := known.get("claim"):
        parts["claim"] = Claim(**{**claim, **_pairs(claim)})
    return Finding(**{**known, **parts})


def _pairs(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(entry[name]) for name in PAIRS if entry.get(name)}
