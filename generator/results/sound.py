"""Whether a result is as its shapes say: pages, files and the store rely on it."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from ..names import Kind
from ..tensors import NAMES as TENSOR_NAMES
from .codec import result_from_arrays, result_to_arrays
from .shapes import Finding, Grid, Matrix, Result, Series


def require_sound(result: Result) -> None:
    """Raise TypeError or ValueError for what cannot be kept, written into a file, or drawn."""
    _require_storable(result)
    for matrix in result.matrices:
        _require_matrix(matrix)
    for grid in result.grids:
        _require_grid(grid)
    for series in result.series:
        _require_series(series)
    for scores in result.scores:
        _require(scores.values.ndim == 1, f"scores {scores.name!r} are not one number per token")
    for one in result.distances:
        square = one.values.ndim == 2 and len(set(one.values.shape)) == 1
        _require(square, f"distances {one.kind!r} are not one number for every two heads")
    for finding in result.findings:
        _require_finding(finding)


def _require_storable(result: Result) -> None:
    """Raise for what is not read back: NaN in a table, an odd type, half a character."""
    arrays, header = result_to_arrays(result)
    json.dumps(header, allow_nan=False, ensure_ascii=False).encode()
    for name, array in arrays.items():
        if array.dtype.str[1:] not in TENSOR_NAMES:
            raise TypeError(f"{name} holds {array.dtype}, which no file can hold")
    result_from_arrays(arrays, header)


def _require(well: bool, otherwise: str) -> None:
    if not well:
        raise ValueError(otherwise)


def _require_kind(kind: str, of: str) -> None:
    _require(kind in get_args(Kind), f"{of} is of {kind!r}, which is no kind of attention")


def _require_matrix(matrix: Matrix) -> None:
    _require_kind(matrix.kind, "a matrix")
    _require(2 <= matrix.values.ndim <= 4, f"matrix {matrix.label!r} is not of queries and keys")


def _require_grid(grid: Grid) -> None:
    _require_kind(grid.kind, "a grid")
    shape = grid.values.shape
    as_named = len(shape) == 3 and len(grid.metrics) == shape[0]
    _require(as_named, f"grid {grid.kind!r} is not one number per metric, layer and head")
    beside = {"null": shape[:2], "low": shape, "high": shape, "n": shape}
    for name, wanted in beside.items():
        part: npt.NDArray[Any] | None = getattr(grid, name)
        fits = part is None or part.shape == wanted
        _require(fits, f"{name!r} of grid {grid.kind!r} has not the shape of its values")
    _require(not np.isinf(grid.values).any(), f"grid {grid.kind!r} holds an infinite number")


def _require_series(series: Series) -> None:
    places = len(series.x)
    for name in ("y", "low", "high", "null"):
        count = len(getattr(series, name))
        # only an interval and what chance gives may be missing as a whole
        fits = count == places or (not count and name != "y")
        _require(
            fits, f"series {series.name!r} has {places} places, and {count} numbers in {name!r}"
        )


def _require_finding(finding: Finding) -> None:
    for name in ("interval", "null"):
        pair = getattr(finding, name)
        two = pair is None or (len(pair) == 2 and all(map(math.isfinite, pair)))
        _require(two, f"{name!r} of finding {finding.id!r} is not two numbers")
    finite = finding.value is None or math.isfinite(finding.value)
    _require(finite, f"the value of finding {finding.id!r} is not finite")
