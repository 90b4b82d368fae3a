"""Results as named arrays and a JSON header, and back, so that they can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from .shapes import Finding, Grid, Matrix, Pairs, Result, Scores, Series, Table

Arrays = dict[str, npt.NDArray[Any]]
Header = dict[str, Any]

GRID_ARRAYS = ("values", "null", "low", "high", "n")


def result_to_arrays(result: Result) -> tuple[Arrays, Header]:
    """Return matrices, grids, pairs and scores of a result as arrays, all else as JSON values."""
    arrays: Arrays = {f"matrix.{i}": matrix.values for i, matrix in enumerate(result.matrices)}
    arrays |= {f"scores.{i}": scores.values for i, scores in enumerate(result.scores)}
    arrays |= {f"pairs.{i}": pairs.values for i, pairs in enumerate(result.pairs)}
    for i, grid in enumerate(result.grids):
        found = {name: getattr(grid, name) for name in GRID_ARRAYS}
        arrays |= {f"grid.{i}.{name}": a for name, a in found.items() if a is not None}
    header = {
        "analysis": result.analysis,
        "matrices": [matrix.label for matrix in result.matrices],
        "grids": [{"kind": grid.kind, "metrics": grid.metrics} for grid in result.grids],
        "tables": {name: asdict(table) for name, table in result.tables.items()},
        "series": [asdict(series) for series in result.series],
        "scores": [scores.name for scores in result.scores],
        "findings": [asdict(finding) for finding in result.findings],
    }
    if result.pairs:
        header["pairs"] = [pairs.kind for pairs in result.pairs]
    return arrays, header


def result_from_arrays(arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> Result:
    """Return the result that arrays and header describe."""
    labels = [label.rpartition(".") for label in header["matrices"]]
    matrices = [Matrix(k, arrays[f"matrix.{i}"], name) for i, (name, _, k) in enumerate(labels)]
    grids = [_grid(f"grid.{i}.", arrays, entry) for i, entry in enumerate(header["grids"])]
    scores = [Scores(name, arrays[f"scores.{i}"]) for i, name in enumerate(header["scores"])]
    pairs = [Pairs(kind, arrays[f"pairs.{i}"]) for i, kind in enumerate(header.get("pairs", ()))]
    tables = {name: _table(entry) for name, entry in header["tables"].items()}
    return Result(
        analysis=header["analysis"],
        matrices=tuple(matrices),
        grids=tuple(grids),
        tables=tables,
        series=tuple(_series(entry) for entry in header["series"]),
        findings=tuple(_finding(entry) for entry in header["findings"]),
        scores=tuple(scores),
        pairs=tuple(pairs),
    )


def result_to_json(result: Result) -> Header:
    """Return a result as JSON values, grids included; without its matrices and scores."""
    arrays, header = result_to_arrays(result)
    for i, entry in enumerate(header["grids"]):
        found = {name: arrays.get(f"grid.{i}.{name}") for name in GRID_ARRAYS}
        entry |= {name: _listed(array) for name, array in found.items() if array is not None}
    return header


def grids_from_json(header: Mapping[str, Any]) -> Arrays:
    """Return the arrays of the grids in what `result_to_json` returned."""
    return {
        f"grid.{i}.{name}": np.array(entry[name], dtype=np.int64 if name == "n" else np.float64)
        for i, entry in enumerate(header["grids"])
        for name in GRID_ARRAYS
        if entry.get(name) is not None
    }


def _listed(array: npt.NDArray[Any]) -> list[Any]:
    """Return nested lists, None for NaN."""
    plain = array.astype(object)
    plain[np.isnan(array)] = None
    found: list[Any] = plain.tolist()
    return found


def _grid(prefix: str, arrays: Mapping[str, npt.NDArray[Any]], entry: Mapping[str, Any]) -> Grid:
    found = {name: arrays.get(prefix + name) for name in GRID_ARRAYS[1:]}
    return Grid(entry["kind"], tuple(entry["metrics"]), arrays[prefix + "values"], **found)


def _table(entry: Mapping[str, Any]) -> Table:
    return Table(tuple(entry["columns"]), tuple(tuple(row) for row in entry["rows"]))


def _series(entry: Mapping[str, Any]) -> Series:
    lines: dict[str, Any] = {name: tuple(v) for name, v in entry.items() if name != "name"}
    return Series(entry["name"], **lines)


def _finding(entry: Mapping[str, Any]) -> Finding:
    pairs = {name: tuple(entry[name]) for name in ("interval", "null") if entry[name]}
    return Finding(**{**entry, **pairs})
