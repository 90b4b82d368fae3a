"""Paired differences: their mean, how sure it is, and how often chance gives as much."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles
from .bootstrap import EDGES, LEAST, SEED, Interval

DRAWS = 2000
"""Draws of the bootstrap, and orders of the signs, unless all can be gone through."""
EXACT = 12
"""Clusters up to which every order of the signs is tried."""


@dataclass(frozen=True, slots=True)
class PairedMean:
    """The mean of paired differences over `n` pairs in `clusters`, and its 95% interval.

    `signs` is the two-sided p of the sign test, in which ties count for nothing, and `permutation`
    that of the mean when the sign of each cluster is drawn anew. None below five clusters.
    """

    value: float
    n: int
    clusters: int
    interval: Interval | None
    signs: float | None
    permutation: float | None


def paired_mean(
    differences: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    resamples: int = DRAWS,
    seed: int = SEED,
    most: float = np.inf,
) -> PairedMean:
    """Return the mean of `differences`; those of one cluster are drawn, and turned, together.

    Without `clusters` each stands alone. None is larger than `most`, either way, and so neither is
    the interval. ValueError where there is no difference at all.
    """
    values = np.asarray(differences, np.float64)
    if not values.size:
        raise ValueError("there is no pair to compare")
    places = range(len(values)) if clusters is None else clusters
    numbers = {name: at for at, name in enumerate(dict.fromkeys(places))}
    of = np.array([numbers[name] for name in places])
    sums = np.bincount(of, values).astype(np.float64)
    counts = np.bincount(of).astype(np.float64)
    mean, known = float(values.mean()), len(sums) >= LEAST
    return PairedMean(
        value=mean,
        n=len(values),
        clusters=len(sums),
        interval=_within(_interval(sums, counts, resamples, seed), most) if known else None,
        signs=_sign_test(sums) if known else None,
        permutation=_permutation(sums, resamples, seed) if known else None,
    )


def _within(interval: Interval, most: float) -> Interval:
    low, high = interval
    return max(low, -most), min(high, most)


def _interval(sums: Doubles, counts: Doubles, resamples: int, seed: int) -> Interval:
    """Return the bootstrap's t interval, which keeps its word for few clusters.

    Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 12.5. Where all draws are
    alike, that is the mean itself.
    """
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(sums), (resamples, len(sums)))
    totals, sizes = sums[drawn], counts[drawn]
    means = totals.sum(axis=1) / sizes.sum(axis=1)
    errors = _error(totals, sizes, means[:, None])
    mean = sums.sum() / counts.sum()
    error = float(_error(sums[None], counts[None], np.full((1, 1), mean))[0])
    usable = errors > 1e-12
    if not usable.any():
        return float(mean), float(mean)
    low, high = np.quantile((means[usable] - mean) / errors[usable], EDGES)
    return float(mean - high * error), float(mean - low * error)


def _error(sums: Doubles, counts: Doubles, means: Doubles) -> Doubles:
    """Return the standard error of a ratio of sums over clusters, [draw]."""
    clusters = sums.shape[1]
    off = ((sums - means * counts) ** 2).sum(axis=1)
    error: Doubles = np.sqrt(off * clusters / (clusters - 1)) / counts.sum(axis=1)
    return error


def _sign_test(sums: Doubles) -> float:
    from scipy.stats import binomtest

    positive, negative = int((sums > 0).sum()), int((sums < 0).sum())
    return float(binomtest(positive, positive + negative).pvalue) if positive + negative else 1.0


def _permutation(sums: Doubles, resamples: int, seed: int) -> float:
    """Return how often the mean is as far from zero when each cluster's sign is drawn anew."""
    count = len(sums)
    if count <= EXACT:
        signs = 1.0 - 2.0 * (np.arange(2**count)[:, None] >> np.arange(count) & 1)
        reached = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-12
        return float(reached.mean())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (resamples, count))
    reached = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-12
    return float((reached.sum() + 1) / (resamples + 1))
