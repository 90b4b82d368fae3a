"""Means over records with bootstrap intervals, in memory that does not grow with the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles, Integers

Interval = tuple[float, float]

RESAMPLES = 1000
SEED = 0
EDGES = (0.025, 0.975)
"""The quantiles that bound a 95% interval."""
BLOCK = 64
"""Records held at a time."""
COLUMNS = 4096
"""Columns resampled at a time: 2 x RESAMPLES x COLUMNS float64 are held, 65 MB."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Means of columns over the records where they are defined; four arrays of one shape.

    `low` and `high` bound the 95% percentile bootstrap interval (Efron & Tibshirani 1993, chapter
    13); they are NaN where `n`, the number of records behind the mean, is below 2.
    """

    value: Doubles
    low: Doubles
    high: Doubles
    n: Integers

    def reshape(self, *shape: int) -> Estimate:
        """Return the same numbers in another shape."""
        value, low, high = (part.reshape(shape) for part in (self.value, self.low, self.high))
        return Estimate(value, low, high, self.n.reshape(shape))


def estimate(rows: Iterable[Doubles], resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Return the mean of each column of `rows` (one [column] a record, NaN undefined).

    `rows` is read more than once: for the means, then for the draws of each 4096 columns.
    """
    n, total = _totals(rows)
    value = _divided(total, n)
    low, high = np.full_like(value, np.nan), np.full_like(value, np.nan)
    for part in column_blocks(len(value)):
        low[part], high[part] = bounds(draws(rows, part, resamples, seed))
    low[n < 2] = high[n < 2] = np.nan
    return Estimate(value, low, high, n)


def draws(
    rows: Iterable[Doubles],
    columns: slice | Integers,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Doubles:
    """Return the mean of some columns over each draw of the records, [resample, column].

    Every draw takes as many records as there are, with replacement. The draws are exactly
    multinomial although the records pass by in blocks, and the same whatever the columns, so that
    heads, layers and metrics stay comparable. NaN where a draw has no record with a value.
    """
    random = np.random.default_rng(seed)
    records = sum(1 for _ in rows)
    left = np.full(resamples, records)
    sums = counts = np.zeros((resamples, 0))
    seen = 0
    for block in _blocks(row[columns] for row in rows):
        drawn = random.binomial(left, min(1.0, len(block) / (records - seen)))
        often = random.multinomial(drawn, np.full(len(block), 1 / len(block))).astype(np.float64)
        if not seen:
            sums, counts = (np.zeros((resamples, block.shape[1])) for _ in range(2))
        sums += often @ np.nan_to_num(block)
        counts += often @ ~np.isnan(block)
        left, seen = left - drawn, seen + len(block)
    return _divided(sums, counts)


def bounds(means: Doubles) -> tuple[Doubles, Doubles]:
    """Return the ends of the 95% interval of `means` [resample, ...], NaN where it has none."""
    flat = means.reshape(len(means), -1)
    ends = np.full((2, flat.shape[1]), np.nan)
    whole = ~np.isnan(flat).any(axis=0)
    ends[:, whole] = np.quantile(flat[:, whole], EDGES, axis=0)
    for column in np.flatnonzero(~whole & ~np.isnan(flat).all(axis=0)):
        ends[:, column] = np.nanquantile(flat[:, column], EDGES)
    low, high = ends.reshape(2, *means.shape[1:])
    return low, high


def column_blocks(columns: int, size: int = COLUMNS) -> Iterator[slice]:
    """Cut `columns` into runs that are resampled together."""
    return (slice(start, min(start + size, columns)) for start in range(0, columns, size))


def _totals(rows: Iterable[Doubles]) -> tuple[Integers, Doubles]:
    """Return for each column in how many records it is defined, and their sum."""
    n, total = np.zeros(0, dtype=np.int64), np.zeros(0)
    for number, row in enumerate(rows):
        if not number:
            n, total = np.zeros(row.shape, dtype=np.int64), np.zeros(row.shape)
        defined = ~np.isnan(row)
        n += defined
        total += np.where(defined, row, 0.0)
    return n, total


def _blocks(rows: Iterable[Doubles]) -> Iterator[Doubles]:
    """Yield [record, column] blocks of at most BLOCK records."""
    iterator = iter(rows)
    while block := list(islice(iterator, BLOCK)):
        yield np.stack(block)


def _divided(values: Doubles, counts: npt.NDArray[Any]) -> Doubles:
    quotients: Doubles = np.full_like(values, np.nan)
    np.divide(values, counts, out=quotients, where=counts > 0)
    return quotients
