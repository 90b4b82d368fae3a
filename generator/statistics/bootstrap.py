"""Means over records with bootstrap intervals, in memory that does not grow with the records.

Near copies, such as the variants of one sentence or the windows of one text, are drawn together:
they form a cluster, and say hardly more than one of them. The percentile interval of Efron &
Tibshirani 1993 (chapter 13) is too narrow for few clusters (it covers 0.83 with 5): it is widened
about its middle as far as Student's t is wider than the normal distribution, by
t(0.975, k - 1) / z(0.975) * sqrt(k / (k - 1)) for k clusters, after Hesterberg 2015, "What
Teachers Should Know About the Bootstrap", https://doi.org/10.1080/00031305.2015.1089789.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles, Integers, Mask
from .splits import Group, GroupedRows

Interval = tuple[float, float]
Rows = Iterable[Doubles] | GroupedRows
Groups = Sequence[Group | None]

RESAMPLES = 1000
SEED = 0
EDGES = (0.025, 0.975)
"""The quantiles that bound a 95% interval."""
Z = 1.959963984540054
"""The upper of them, of the normal distribution."""
LEAST = 5
"""Fewer clusters than this have no interval, and nothing is tested over them."""
BLOCK = 64
"""Records held at a time."""
HELD_DRAWS = 500_000
"""Numbers, of records times draws, that are held for the next measure: 4 MB, eight times."""
COLUMNS = 512
"""Columns resampled at a time: 2 x RESAMPLES x COLUMNS float64 are held, 8 MB: few enough that the
memory of one block serves the next."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Means of columns over the records where they are defined; five arrays of one shape.

    `low` and `high` bound the 95% bootstrap interval, NaN below LEAST `clusters` of the `n` records
    behind the mean.
    """

    value: Doubles
    low: Doubles
    high: Doubles
    n: Integers
    clusters: Integers

    def interval(self, column: int = 0) -> Interval | None:
        """Return the interval of a column, None where it has none."""
        ends = float(self.low[column]), float(self.high[column])
        return None if np.isnan(ends).any() else ends

    def reshape(self, *shape: int) -> Estimate:
        """Return the same numbers in another shape."""
        parts = (self.value, self.low, self.high)
        value, low, high = (part.reshape(shape) for part in parts)
        return Estimate(value, low, high, self.n.reshape(shape), self.clusters.reshape(shape))


def estimate(
    rows: Rows,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    groups: Groups | None = None,
    within: Interval | None = None,
) -> Estimate:
    """Return the mean of each column of `rows` (one [column] a record, NaN undefined).

    Records of one group are a cluster: `groups` lists that of each record, None of one that
    stands alone, unless GroupedRows tell of it themselves. No interval reaches out of what the
    measure can be, which `within` says. `rows` is read more than once: for the
    means, then for the draws of each 512 columns.
    """
    found = means(rows, groups)
    low, high = found.low, found.high
    for part in column_blocks(len(low)):
        drawn = draws(rows, part, resamples, seed, groups)
        low[part], high[part] = bounds(drawn, found.clusters[part])
    if within is not None:
        low, high = np.maximum(low, within[0]), np.minimum(high, within[1])
    return replace(found, low=low, high=high)


def means(rows: Rows, groups: Groups | None = None) -> Estimate:
    """Return what `estimate` does, without intervals."""
    n, total, clusters = _totals(rows, groups)
    value = _divided(total, n)
    return Estimate(value, np.full_like(value, np.nan), np.full_like(value, np.nan), n, clusters)


def draws(
    rows: Rows,
    columns: slice | Integers,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    groups: Groups | None = None,
) -> Doubles:
    """Return the mean of some columns over each draw of the clusters, [resample, column].

    Every draw takes as many clusters as there are, with replacement. The draws are exactly
    multinomial although the records pass by in blocks, and the same whatever the columns, so that
    heads, layers and metrics stay comparable. NaN where a draw has no record with a value.
    """
    counted = multiplicities(cluster_numbers(rows, groups), resamples, seed)
    sums = counts = np.zeros((resamples, 0))
    for block, often in zip(
        _blocks(row[columns] for _, row in _pairs(rows, groups)), counted, strict=False
    ):
        if not sums.size:
            sums, counts = (np.zeros((resamples, block.shape[1])) for _ in range(2))
        undefined = np.isnan(block)
        some = undefined.any(axis=0)
        sums += often @ np.nan_to_num(block)
        counts += often.sum(axis=1)[:, None]
        counts[:, some] -= often @ undefined[:, some]
    return _divided(sums, counts)


def multiplicities(numbers: Integers, resamples: int, seed: int) -> Iterable[Doubles]:
    """Return how often each record is in each draw, in blocks of BLOCK, [resample, record].

    `numbers` are the clusters of the records. The same draws are asked for by many measures of the
    same records: those of not too many are held.
    """
    if resamples * len(numbers) > HELD_DRAWS:
        return _multiplicities(numbers, resamples, seed)
    return _held_multiplicities(numbers.tobytes(), resamples, seed)


def _multiplicities(numbers: Integers, resamples: int, seed: int) -> Iterator[Doubles]:
    counted = Multiplicities(numbers, resamples, seed)
    for start in range(0, len(numbers), BLOCK):
        yield counted.of_next(min(BLOCK, len(numbers) - start))


@lru_cache(maxsize=8)
def _held_multiplicities(numbers: bytes, resamples: int, seed: int) -> tuple[Doubles, ...]:
    return tuple(_multiplicities(np.frombuffer(numbers, np.int64), resamples, seed))


class Multiplicities:
    """How often each record is in each draw, block by block: near copies as often as each other.

    Where every record stands alone, only a block is held; else a number for each cluster and draw.
    """

    def __init__(self, numbers: Integers, resamples: int, seed: int) -> None:
        self._numbers, self._resamples = numbers, resamples
        self._random = np.random.default_rng(seed)
        self._seen, self._left = 0, np.full(resamples, len(numbers))
        self._often: npt.NDArray[np.uint16] | None = None
        clusters = int(numbers.max(initial=-1)) + 1
        if clusters < len(numbers):
            even = np.full(clusters, 1 / clusters)
            drawn = self._random.multinomial(clusters, even, resamples)
            self._often = drawn.astype(np.uint16)

    def of_next(self, records: int) -> Doubles:
        """Return how often each of the next records is drawn, [resample, record]."""
        start, self._seen = self._seen, self._seen + records
        if self._often is not None:
            return self._often[:, self._numbers[start : self._seen]].astype(np.float64)
        share = min(1.0, records / (len(self._numbers) - start))
        drawn = self._random.binomial(self._left, share)
        self._left = self._left - drawn
        return self._random.multinomial(drawn, np.full(records, 1 / records)).astype(np.float64)


def cluster_numbers(rows: Rows, groups: Groups | None = None) -> Integers:
    """Return the cluster of each record, counted from 0."""
    known: dict[Group, int] = {}
    found: list[int] = []
    alone = 0
    for group, _ in _pairs(rows, groups):
        if group is not None and group in known:
            found.append(known[group])
            continue
        found.append(alone)
        if group is not None:
            known[group] = alone
        alone += 1
    return np.array(found, dtype=np.int64)


@cache
def widening(clusters: int) -> float:
    """Return by how much an interval over so few clusters must be wider than its draws are."""
    from scipy.special import stdtrit

    student = float(stdtrit(clusters - 1, EDGES[1]))
    return student / Z * float(np.sqrt(clusters / (clusters - 1)))


def bounds(means: Doubles, clusters: int | Integers | None = None) -> tuple[Doubles, Doubles]:
    """Return the ends of the 95% interval of `means` [resample, ...], NaN where it has none.

    `clusters`, one number or one for each column, says what the draws were of: below LEAST there
    is no interval, and with few it is widened. Without it the draws are taken as they are.
    """
    low, high = _quantiles(means)
    if clusters is None:
        return low, high
    counts = np.broadcast_to(np.asarray(clusters), low.shape)
    factors = np.full(low.shape, np.nan)
    for count in np.unique(counts[counts >= LEAST]).tolist():
        factors[counts == count] = widening(count)
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isnan(low), np.nan, means.mean(axis=0))
    middle = np.where(np.isnan(middle), (low + high) / 2, middle)
    # Most draws alike lie beyond their mean: there the widened end would pass the draws themselves.
    return (
        np.minimum(middle - factors * (middle - low), low),
        np.maximum(middle + factors * (high - middle), high),
    )


def _quantiles(means: Doubles) -> tuple[Doubles, Doubles]:
    flat = means.reshape(len(means), -1)
    ends = np.full((2, flat.shape[1]), np.nan)
    whole = ~np.isnan(flat).any(axis=0)
    ends[:, whole] = _edges(flat[:, whole])
    for column in np.flatnonzero(~whole & ~np.isnan(flat).all(axis=0)):
        ends[:, column] = np.nanquantile(flat[:, column], EDGES)
    low, high = ends.reshape(2, *means.shape[1:])
    return low, high


def _edges(means: Doubles) -> Doubles:
    """Return what np.quantile does, EDGES of each column [resample, column], in half the time."""
    lines, last = np.ascontiguousarray(means.T), len(means) - 1
    below = [int(last * edge) for edge in EDGES]
    above = [min(place + 1, last) for place in below]
    lines.partition(sorted({*below, *above}), axis=1)
    found = np.empty((2, len(lines)))
    for at, (edge, low, high) in enumerate(zip(EDGES, below, above, strict=True)):
        share, step = last * edge - low, lines[:, high] - lines[:, low]
        found[at] = lines[:, low] + step * share
        if share >= 0.5:  # from the nearer side, as numpy does
            found[at] = lines[:, high] - step * (1 - share)
    return found


def column_blocks(columns: int, size: int = COLUMNS) -> Iterator[slice]:
    """Cut `columns` into runs that are resampled together."""
    return (slice(start, min(start + size, columns)) for start in range(0, columns, size))


def _totals(rows: Rows, groups: Groups | None) -> tuple[Integers, Doubles, Integers]:
    """Return for each column in how many records it is defined, their sum, and the clusters."""
    n: Integers = np.zeros(0, dtype=np.int64)
    clusters: Integers = np.zeros(0, dtype=np.int64)
    total = np.zeros(0)
    known: dict[Group, Mask] = {}
    for number, (group, row) in enumerate(_pairs(rows, groups)):
        if not number:
            n, clusters = (np.zeros(row.shape, dtype=np.int64) for _ in range(2))
            total = np.zeros(row.shape)
        defined = ~np.isnan(row)
        before = known.get(group) if group is not None else None
        new = defined if before is None else defined & ~before
        if group is not None:
            known[group] = new if before is None else before | new
        n += defined
        clusters += new
        total += np.where(defined, row, 0.0)
    return n, total, clusters


def _pairs(rows: Rows, groups: Groups | None) -> Iterator[tuple[Group | None, Doubles]]:
    """Yield each record with its group."""
    if groups is not None:
        return zip(groups, rows, strict=True)  # type: ignore[arg-type]
    if isinstance(rows, GroupedRows):
        return ((group, np.asarray(row, np.float64)) for group, row in rows.grouped())
    return ((None, row) for row in rows)


def _blocks(rows: Iterable[Doubles]) -> Iterator[Doubles]:
    """Yield [record, column] blocks of at most BLOCK records."""
    iterator = iter(rows)
    while block := list(islice(iterator, BLOCK)):
        yield np.stack(block)


def _divided(values: Doubles, counts: npt.NDArray[Any]) -> Doubles:
    quotients: Doubles = np.full_like(values, np.nan)
    np.divide(values, counts, out=quotients, where=counts > 0)
    return quotients
