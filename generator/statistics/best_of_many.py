"""The best of many heads, chosen on one half of the records and measured on the other.

The best of many is good by chance alone: the more heads, the better. So the records that choose a
head do not report it, and beside it stands the best of as many heads in data where what makes the
measure meaningful was shuffled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles, Floats, Indices, Integers, Mask
from .bootstrap import EDGES, RESAMPLES, SEED, Estimate, Groups, Interval, estimate
from .splits import Group, GroupedRows, GroupSplitter, HeldRows, held

Rows = Iterable[Floats] | GroupedRows


@dataclass(frozen=True, slots=True)
class BestHead:
    """One measure's best head: its place, chosen by `chosen_n` records and measured on `n` others.

    `chosen` is its mean where it was chosen, `value` its mean on the others with the 95% bootstrap
    interval (None below five `clusters` of near copies). `null` is the middle 95% of what the best
    of as many `heads` reaches in those others over the permutations, `null_mean` the mean of it;
    None without any.
    """

    head: int
    chosen: float
    chosen_n: int
    value: float
    interval: Interval | None
    n: int
    clusters: int
    heads: int
    null: Interval | None
    null_mean: float | None

    @property
    def beyond(self) -> bool:
        """Return whether the whole interval lies above what the best of as many reaches."""
        return bool(self.interval and self.null and self.interval[0] > self.null[1])


class MaxNull:
    """What the best of as many heads reaches in shuffled data, summed record by record.

    For shuffles that are made once, while the records pass by, and are never kept.
    """

    def __init__(self) -> None:
        self._splitter = GroupSplitter()
        self._sums: _Sums | None = None

    def add(self, values: Floats, shuffled: Floats, group: Group | None = None) -> None:
        """Add a record: its `values` [measure, head] and the same [permutation, measure, head].

        `group` is that of its near copies.
        """
        if self._sums is None:
            self._sums = _Sums(np.zeros(shuffled.shape), np.zeros(shuffled.shape, np.int64))
        measures = (self._splitter.part(group, _has(values)) == 1)[:, None]
        self._sums.total[:] += np.where(measures, np.nan_to_num(shuffled), 0)
        self._sums.n[:] += measures & ~np.isnan(shuffled)

    @property
    def reached(self) -> Doubles:
        """Return the best mean of any head in the half that measures, [permutation, measure]."""
        means = np.zeros((0, 0, 0)) if self._sums is None else self._sums.mean
        best: Doubles = np.max(means, axis=-1, initial=-np.inf, where=~np.isnan(means))
        return best


def best_heads(
    rows: Rows,
    null: Iterable[Floats] | MaxNull | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    within: Interval | None = None,
) -> tuple[BestHead | None, ...]:
    """Return the best head for each measure, or None where fewer than two records have it.

    `rows` yields [measure, head] for each record, larger being better, NaN where undefined, and
    `null` [permutation, measure, head] for the same records in the same order: the same measures
    after a shuffle; or it is the MaxNull that these were added to. Arrays [record, measure, head]
    and [record, permutation, measure, head] do; so does whatever can be read more than once and
    yields one record at a time, in memory that does not grow with the records. Of the records that
    have a measure for any head, every other one, from the first, chooses; the rest measure. Near
    copies, as GroupedRows tell of them, are all on one side. No interval reaches out of `within`.
    """
    rows = held(rows) if isinstance(rows, GroupedRows) else rows
    choosing, measuring = _sums(rows)
    if not measuring.n.any():
        return (None,) * len(choosing.n)
    chosen = np.where(np.isnan(choosing.mean), -np.inf, choosing.mean).argmax(axis=1)
    measured = estimate(held(_Measured(rows, chosen)), resamples, seed, within=within)
    reached = None if null is None else _reached(rows, null)
    return tuple(
        _best(choosing, measured, reached, measure, int(head))
        for measure, head in enumerate(chosen)
    )


def best_head(
    values: Floats,
    null: Floats | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    groups: Groups | None = None,
) -> BestHead | None:
    """Return the best head of one measure, as `best_heads` does, for what fits in memory.

    `values` is [record, head], `null` [permutation, record, head]; `groups` has that of each
    record, None of one that stands alone.
    """
    turned = None if null is None else np.moveaxis(null, 0, 1)[:, :, None]
    rows = HeldRows([*zip(groups or [None] * len(values), values[:, None], strict=True)])
    (found,) = best_heads(rows, turned, resamples, seed)
    return found


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over one half of the records, and in how many a head had a value."""

    total: Doubles
    n: Integers

    @property
    def mean(self) -> Doubles:
        means: Doubles = np.full(self.total.shape, np.nan)
        np.divide(self.total, self.n, out=means, where=self.n > 0)
        return means


def _pairs(rows: Rows) -> Iterator[tuple[Group | None, Doubles]]:
    pairs = rows.grouped() if isinstance(rows, GroupedRows) else ((None, row) for row in rows)
    return ((group, np.asarray(row, dtype=np.float64)) for group, row in pairs)


def _has(values: Floats) -> Mask:
    """Return which measures a record has for any head."""
    return np.asarray(~np.isnan(values).all(axis=1))


def _split_half(rows: Rows) -> Iterator[tuple[Group | None, Doubles, Mask]]:
    """Yield each record's group, values and, by measure, whether it is one that chooses."""
    splitter = GroupSplitter()
    for group, values in _pairs(rows):
        yield group, values, splitter.part(group, _has(values)) == 0


def _sums(rows: Rows) -> tuple[_Sums, _Sums]:
    """Return the sums over the records that choose and over those that measure."""
    total, n = np.zeros((2, 0, 0)), np.zeros((2, 0, 0), dtype=np.int64)
    for _, values, chooses in _split_half(rows):
        if not total.size:
            total, n = np.zeros((2, *values.shape)), np.zeros((2, *values.shape), dtype=np.int64)
        place = (np.where(chooses, 0, 1), np.arange(len(values)))
        total[place] += np.nan_to_num(values)
        n[place] += ~np.isnan(values)
    return _Sums(total[0], n[0]), _Sums(total[1], n[1])


def _reached(rows: Rows, null: Iterable[Floats] | MaxNull) -> Doubles:
    """Return what the best heads of shuffled data reach, [permutation, measure]."""
    if isinstance(null, MaxNull):
        return null.reached
    null_maxima = MaxNull()
    for (group, values), shuffled in zip(_pairs(rows), null, strict=True):
        null_maxima.add(values, np.asarray(shuffled, np.float64), group)
    return null_maxima.reached


@dataclass(frozen=True, slots=True)
class _Measured:
    """The chosen heads' values in the records that measure, one [measure] row a record."""

    rows: Rows
    heads: Indices

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the group of each record that measures, and its row."""
        for group, values, chooses in _split_half(self.rows):
            row = np.where(chooses, np.nan, values[np.arange(len(values)), self.heads])
            if not np.isnan(row).all():
                yield group, row


def _best(
    choosing: _Sums, measured: Estimate, reached: Doubles | None, measure: int, head: int
) -> BestHead | None:
    """Return what is known of one measure, None where it was not chosen or not measured."""
    if not choosing.n[measure, head] or not measured.n[measure]:
        return None
    null = np.zeros(0) if reached is None else reached[:, measure]
    known = null.size > 0 and bool(np.isfinite(null).all())
    low, high = np.quantile(null, EDGES).tolist() if known else (0.0, 0.0)
    return BestHead(
        head=head,
        chosen=float(choosing.mean[measure, head]),
        chosen_n=int(choosing.n[measure, head]),
        value=float(measured.value[measure]),
        interval=measured.interval(measure),
        n=int(measured.n[measure]),
        clusters=int(measured.clusters[measure]),
        heads=int((choosing.n[measure] > 0).sum()),
        null=(low, high) if known else None,
        null_mean=float(null.mean()) if known else None,
    )
