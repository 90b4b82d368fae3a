"""Means over records with bootstrap intervals, in memory that does not grow with the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

RESAMPLES = 1000
SEED = 0
LEVEL = 0.95
BLOCK = 64
"""Records held at a time."""
COLUMNS = 4096
"""Columns resampled at a time: 2 x RESAMPLES x COLUMNS float64 are held, 65 MB."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Means of columns over the records where they are defined, each array [column].

    `low` and `high` bound the 95% percentile bootstrap interval (Efron & Tibshirani 1993, chapter
    13); they are NaN where `n`, the number of records behind the mean, is below 2.
    """

    value: Doubles
    low: Doubles
    high: Doubles
    n: npt.NDArray[np.int64]


def estimate(rows: Iterable[Doubles], resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Return the mean of each column of `rows` (one [column] a record, NaN undefined).

    `rows` is read more than once: first for the means, then once per 4096 columns, each time
    drawing the records anew. Every draw takes as many records as there are, with replacement; the
    draws are exactly multinomial although the records pass by in blocks, and the same for all
    columns, so that heads and layers stay comparable.
    """
    records, n, total = _totals(rows)
    value = _divided(total, n)
    low, high = np.full_like(value, np.nan), np.full_like(value, np.nan)
    for start in range(0, len(value), COLUMNS):
        part = slice(start, start + COLUMNS)
        means = _resampled(rows, part, records, n[part], resamples, seed)
        low[part], high[part] = _bounds(means, n[part])
    return Estimate(value, low, high, n)


def _totals(rows: Iterable[Doubles]) -> tuple[int, npt.NDArray[np.int64], Doubles]:
    """Return the number of records, and per column how many are defined and their sum."""
    records, n, total = 0, np.zeros(0, dtype=np.int64), np.zeros(0)
    for row in rows:
        defined = ~np.isnan(row)
        if not records:
            n, total = np.zeros(row.shape, dtype=np.int64), np.zeros(row.shape)
        n += defined
        total += np.where(defined, row, 0.0)
        records += 1
    return records, n, total


def _resampled(
    rows: Iterable[Doubles],
    part: slice,
    records: int,
    n: npt.NDArray[np.int64],
    resamples: int,
    seed: int,
) -> Doubles:
    """Return the mean of each column in each resample, [resample, column]."""
    random = np.random.default_rng(seed)
    sums = np.zeros((resamples, len(n)))
    counts = np.zeros((resamples, int((n < records).sum())))
    left, seen = np.full(resamples, records), 0
    for block in _blocks(row[part] for row in rows):
        drawn = random.binomial(left, min(1.0, len(block) / (records - seen)))
        often = random.multinomial(drawn, np.full(len(block), 1 / len(block))).astype(np.float64)
        left, seen = left - drawn, seen + len(block)
        sums += often @ np.nan_to_num(block)
        counts += often @ ~np.isnan(block[:, n < records])
    sums[:, n == records] /= max(records, 1)
    sums[:, n < records] = _divided(sums[:, n < records], counts)
    return sums


def _blocks(rows: Iterable[Doubles]) -> Iterator[Doubles]:
    """Yield [record, column] blocks of at most BLOCK records."""
    iterator = iter(rows)
    while block := list(islice(iterator, BLOCK)):
        yield np.stack(block)


def _bounds(means: Doubles, n: npt.NDArray[np.int64]) -> tuple[Doubles, Doubles]:
    """Return the bounds of each column over the resamples that have a record with a value."""
    edges = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    bounds = np.full((2, len(n)), np.nan)
    whole = ~np.isnan(means).any(axis=0)
    bounds[:, whole] = np.quantile(means[:, whole], edges, axis=0)
    for column in np.flatnonzero(~whole & (n > 0)):
        bounds[:, column] = np.nanquantile(means[:, column], edges)
    bounds[:, n < 2] = np.nan
    return bounds[0], bounds[1]


def _divided(values: Doubles, counts: npt.NDArray[Any]) -> Doubles:
    quotients: Doubles = np.full_like(values, np.nan)
    np.divide(values, counts, out=quotients, where=counts > 0)
    return quotients
