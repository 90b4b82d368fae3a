"""Numbers of any sign and size as bytes, for matrices whose rows are not shares. Pure.

Amounts, none below zero, are stored as round(255 sqrt(v / most)), with the most of the whole
matrix. Signed numbers are stored as 128 + round(127 v / most), with the most of each head (of
each layer, where there are no heads); 0 says that a query may not see a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .packing import Bytes, quantise

Values = npt.NDArray[np.floating[Any]]
SLACK = 5e-3
"""How far a row of shares may be from adding up to 1, in half precision, too."""


@dataclass(frozen=True, slots=True)
class Range:
    """What full bytes stand for: one number, or one for each [layer][head] or [layer]."""

    signed: bool
    most: Any


def encode(values: Values) -> tuple[Bytes, Range | None]:
    """Return [layer, ..., query, key] as bytes, and their range; None where rows are shares."""
    finite = np.isfinite(values)
    known = np.where(finite, values, 0)
    if known.min() >= 0 and finite.all() and _are_shares(known):
        return quantise(values), None
    if known.min() >= 0:
        most = _short(known.max())
        return quantise(known / most), Range(False, float(most))
    tops = _short(np.abs(known).max(axis=(-2, -1)))
    steps = np.rint(127 * known / tops[..., None, None])
    stored: Bytes = np.where(finite, np.clip(steps, -127, 127) + 128, 0).astype(np.uint8)
    return stored, Range(True, tops.tolist())


def _are_shares(values: Values) -> bool:
    return bool((np.abs(values.sum(axis=-1, dtype=np.float64) - 1) <= SLACK).all())


def _short(most: Any) -> Any:
    """Return numbers rounded up to four digits, so that the page holds few; never zero."""
    numbers = np.maximum(np.asarray(most, dtype=np.float64), 1e-9)
    step = 10.0 ** (np.floor(np.log10(numbers)) - 3)
    return np.maximum(np.round(np.ceil(numbers / step) * step, 12), 1e-9)
