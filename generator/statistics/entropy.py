"""Shannon entropy, with numpy's logarithm, which is vectorised where scipy's `entr` is not."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from ..array_types import Doubles, Floats

F = TypeVar("F", bound=Floats)

TINY = float(np.finfo(np.float64).tiny)
"""Stands for 0 in logarithms."""


def entropy(shares: Floats) -> Doubles:
    """Return -sum p ln p over the last axis, in nats, float64 [...]; p = 0 adds nothing."""
    wide = shares.astype(np.float64, copy=False)
    return 0 - product_sums(wide, np.log(np.maximum(wide, TINY)))


def product_sums(one: F, other: F) -> F:
    """Return the sum of the products over the last axis, without an array of the products."""
    sums: F = np.einsum("...k,...k->...", one, other)
    return sums
