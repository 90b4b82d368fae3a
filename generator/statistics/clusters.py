"""Intervals over clusters: records that are near copies of each other count as one draw."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from math import inf, sqrt

import numpy as np

from ..array_types import Doubles
from .bootstrap import LEAST, RESAMPLES, SEED, Interval, bounds

Z = 1.959963984540054
"""The 97.5% point of the normal distribution."""


def sums_by_cluster(rows: Sequence[Doubles], clusters: Sequence[Hashable]) -> Doubles:
    """Return the sums of `rows` [number] over the records of each cluster, [cluster, number]."""
    places: dict[Hashable, int] = {}
    own = np.array([places.setdefault(one, len(places)) for one in clusters], dtype=np.intp)
    values = np.stack(rows)
    found = np.zeros((len(places), values.shape[1]))
    np.add.at(found, own, values)
    return found


def interval(
    sums: Doubles,
    measure: Callable[[Doubles], Doubles],
    within: Interval = (-inf, inf),
    seed: int = SEED,
) -> Interval | None:
    """Return the 95% interval of a measure of summed numbers; None below 5 clusters.

    `sums` is [cluster, number]; `measure` takes [draw, number] and gives [draw], which may lie
    `within` these ends. Clusters are drawn with replacement (Field & Welsh 2007, Bootstrapping
    clustered data, section 2), and the ends are those of `bootstrap`, which widens them.
    """
    if len(sums) < LEAST:
        return None
    random = np.random.default_rng(seed)
    often = random.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    drawn = measure(often.astype(np.float64) @ sums)
    low, high = (float(ends[0]) for ends in bounds(drawn[:, None], np.array([len(sums)])))
    if np.isnan(low):
        return None
    return max(low, within[0]), min(high, within[1])


def share_interval(share: float, clusters: int) -> Interval | None:
    """Return Wilson's 95% interval of a share; None below 5 clusters.

    Each cluster counts once, which is exact for clusters of one record and wide for larger ones
    (Wilson 1927, Probable Inference, JASA 22).
    """
    if clusters < LEAST:
        return None
    middle = share + Z * Z / (2 * clusters)
    half = Z * sqrt(share * (1 - share) / clusters + Z * Z / (4 * clusters * clusters))
    scale = 1 + Z * Z / clusters
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
