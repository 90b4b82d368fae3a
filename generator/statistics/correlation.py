"""Correlation of two numbers of each of several things, with intervals over these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles
from .bootstrap import LEAST, SEED, Interval, bounds

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Correlated:
    """Pearson's and Spearman's correlation over `n` things, each with its 95% interval."""

    n: int
    pearson: float
    pearson_ends: Interval | None
    spearman: float
    spearman_ends: Interval | None


def correlated(one: Doubles, other: Doubles, seed: int = SEED) -> Correlated | None:
    """Return how two numbers [thing] go together, None below three things, or where one is flat.

    Things are drawn with replacement; a thing that stands for several texts brings all of them.
    """
    if len(one) < 3:
        return None
    values = [measure(one[None], other[None])[0] for measure in (pearson, spearman)]
    if np.isnan(values).any():
        return None
    drawn = np.random.default_rng(seed).integers(len(one), size=(DRAWS, len(one)))
    ends = [_interval(measure, one[drawn], other[drawn]) for measure in (pearson, spearman)]
    return Correlated(len(one), float(values[0]), ends[0], float(values[1]), ends[1])


def _interval(
    measure: Callable[[Doubles, Doubles], Doubles], one: Doubles, other: Doubles
) -> Interval | None:
    if one.shape[1] < LEAST:
        return None
    low, high = bounds(measure(one, other)[:, None], one.shape[1])
    return max(-1.0, float(low[0])), min(1.0, float(high[0]))


def pearson(one: Doubles, other: Doubles) -> Doubles:
    """Return Pearson's correlation of each row [draw, thing], NaN where one of them is flat."""
    first, second = (part - part.mean(axis=1, keepdims=True) for part in (one, other))
    lengths = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Doubles = np.where(lengths > 1e-12, (first * second).sum(axis=1) / lengths, np.nan)
    return found


def spearman(one: Doubles, other: Doubles) -> Doubles:
    """Return Spearman's rank correlation of each row [draw, thing]; ties share their ranks."""
    from scipy.stats import rankdata

    return pearson(rankdata(one, axis=1), rankdata(other, axis=1))
