"""Checks of attention arrays: shape, values, and rows that sum to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..array_types import Mask, Singles

TOLERANCE = 2e-3
TOLERANCES = {"bfloat16": 5e-3}
"""How far a row may be from summing to 1, for numbers that were computed in a coarser format."""


class ArrayError(ValueError):
    """What is wrong with arrays or their header, in words that fit after the file's name."""


def probabilities(
    name: str, values: npt.NDArray[Any], sink: bool = False, dtype: str = "float32"
) -> Singles:
    """Return attention as float32 [layer, head, query, key], or raise ArrayError.

    Rows must sum to 1 within 2e-3 (5e-3 if the model ran in bfloat16); with `sink`, to at most
    that.
    """
    tolerance = TOLERANCES.get(dtype, TOLERANCE)
    weights = floats(name, values, "[layer, head, query, key]")
    sums = weights.sum(axis=-1, dtype=np.float32)
    if weights.min() < 0:
        raise ArrayError(
            f"{name} has a negative value {place_of(weights < 0)}; give probabilities, not scores"
        )
    wrong = sums > 1 + tolerance if sink else np.abs(sums - 1) > tolerance
    if wrong.any():
        example = float(sums[tuple(np.argwhere(wrong)[0])])
        hint = "" if sink or example > 1 else ', or declare "sink": true in the header'
        raise ArrayError(
            f"{name} has a row that sums to {example:.6g} {place_of(wrong)}; "
            f"rows must sum to 1{hint}"
        )
    return weights


def sink_of(name: str, weights: Singles, sink: npt.NDArray[Any] | None) -> Singles:
    """Return the share of each row that goes to no token, float32 [layer, head, query]."""
    missing: Singles = 1 - weights.sum(axis=-1, dtype=np.float32)
    if sink is None:
        return np.maximum(missing, np.float32(0))
    given = floats(name, sink, "[layer, head, query]")
    if given.shape != weights.shape[:3]:
        raise ArrayError(
            f"{name} is {shape_of(given)}, but the attention needs "
            f"{' x '.join(map(str, weights.shape[:3]))}"
        )
    wrong = np.abs(given - missing) > max(TOLERANCES.values())
    if wrong.any():
        raise ArrayError(f"{name} does not fill its row up to 1 {place_of(wrong)}")
    return given


def floats(name: str, values: npt.NDArray[Any], axes: str, finite: bool = True) -> Singles:
    """Return values as contiguous float32 with the axes named, or raise ArrayError."""
    if values.dtype.kind != "f":
        raise ArrayError(f"{name} is {values.dtype}; save it as float16 or float32")
    if values.ndim != axes.count(",") + 1 or 0 in values.shape:
        raise ArrayError(f"{name} is {shape_of(values)}; its shape must be {axes}")
    wide = np.ascontiguousarray(values, dtype=np.float32)
    if finite and not (np.isfinite(wide.min()) and np.isfinite(wide.max())):
        place = place_of(~np.isfinite(wide), axes)
        raise ArrayError(f"{name} has a NaN or infinite value {place}")
    return wide


def shape_of(values: npt.NDArray[Any]) -> str:
    """Return a shape as `12 x 12 x 9 x 9`."""
    return " x ".join(map(str, values.shape)) if values.ndim else "a single number"


def place_of(wrong: Mask, axes: str = "[layer, head, query, key]") -> str:
    """Name the first place where `wrong`, with the axes named or the first of them, holds."""
    names = axes.strip("[]").split(", ")
    place = zip(names, np.argwhere(wrong)[0].tolist(), strict=False)
    return "at " + ", ".join(f"{name} {index}" for name, index in place)
