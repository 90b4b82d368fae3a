"""The best of many heads, chosen on one half of the records and measured on the other.

The best of many is good by luck alone: the more heads, the better. So the records that choose a
head do not report it, and beside it stands the best of as many heads in data where what makes the
measure meaningful was shuffled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..results.shapes import Verdict
from ..results.wording import say
from .bootstrap import EDGES, RESAMPLES, SEED, Estimate, estimate
from .splits import Deal, Kin, Related

Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating[Any]]
Pair = tuple[float, float]
Rows = Iterable[Floats] | Related


@dataclass(frozen=True, slots=True)
class Best:
    """One measure's best head: its place, chosen by `chosen_n` records and measured on `n` others.

    `chosen` is its mean where it was chosen, `value` its mean on the others with the 95% bootstrap
    interval (None below two records). `null` is the middle 95% of what the best of as many `heads`
    reaches in those others over the permutations, `null_mean` the mean of it; None without any.
    """

    head: int
    chosen: float
    chosen_n: int
    value: float
    interval: Pair | None
    n: int
    heads: int
    null: Pair | None
    null_mean: float | None

    @property
    def beyond(self) -> bool:
        """Return whether the whole interval lies above what the best of as many reaches."""
        return bool(self.interval and self.null and self.interval[0] > self.null[1])

    @property
    def verdict(self) -> Verdict:
        """Return the word for the claim that this head is better than luck; alone it is none."""
        if self.interval is None or self.null is None:
            return "described"
        if self.beyond:
            return "supported"
        return "mixed" if self.value > self.null[1] else "no difference found"

    def says(self, shuffled: str, unit: str = "") -> str:
        """Return how it was chosen, n, interval and null; `shuffled` says what the null is."""
        others = "other record" if self.n == 1 else "other records"
        text = f"chosen on {self.chosen_n} and measured on {self.n} {others}: {say(self.value)}"
        text += unit
        if self.interval:
            low, high = self.interval
            text += f" (95% interval {say(low)} to {say(high)})"
        if self.null_mean is None:
            return text
        luck = f"the best of {self.heads} heads reaches {say(self.null_mean)}{unit}"
        return f"{text}; {shuffled}, {luck}"


class Luck:
    """What the best of as many heads reaches in shuffled data, summed record by record.

    For shuffles that are made once, while the records pass by, and are never kept.
    """

    def __init__(self) -> None:
        self._deal = Deal()
        self._sums: _Sums | None = None

    def add(self, values: Floats, shuffled: Floats, related: Kin | None = None) -> None:
        """Add a record: its `values` [measure, head] and the same [permutation, measure, head].

        `related` is what it has in common with near copies of it (see `halves.kin`).
        """
        if self._sums is None:
            self._sums = _Sums(np.zeros(shuffled.shape), np.zeros(shuffled.shape, np.int64))
        measures = (self._deal.part(related, _has(values)) == 1)[:, None]
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
    null: Iterable[Floats] | Luck | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[Best | None, ...]:
    """Return the best head for each measure, or None where fewer than two records have it.

    `rows` yields [measure, head] for each record, larger being better, NaN where undefined, and
    `null` [permutation, measure, head] for the same records in the same order: the same measures
    after a shuffle; or it is the Luck that these were added to. Arrays [record, measure, head] and
    [record, permutation, measure, head] do; so does whatever can be read more than once and yields
    one record at a time, in memory that does not grow with the records. Of the records that have a
    measure for any head, every other one, from the first, chooses; the rest measure. Near copies,
    as `Related` rows tell of them, are all on one side.
    """
    choosing, measuring = _sums(rows)
    if not measuring.n.any():
        return (None,) * len(choosing.n)
    chosen = np.where(np.isnan(choosing.mean), -np.inf, choosing.mean).argmax(axis=1)
    measured = estimate(_Measured(rows, chosen), resamples, seed)
    reached = None if null is None else _reached(rows, null)
    return tuple(
        _best(choosing, measured, reached, measure, int(head))
        for measure, head in enumerate(chosen)
    )


def best_head(
    values: Floats, null: Floats | None = None, resamples: int = RESAMPLES, seed: int = SEED
) -> Best | None:
    """Return the best head of one measure, as `best_heads` does, for what fits in memory.

    `values` is [record, head], `null` [permutation, record, head].
    """
    turned = None if null is None else np.moveaxis(null, 0, 1)[:, :, None]
    (found,) = best_heads(values[:, None], turned, resamples, seed)
    return found


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over one half of the records, and in how many a head had a value."""

    total: Doubles
    n: npt.NDArray[np.int64]

    @property
    def mean(self) -> Doubles:
        means: Doubles = np.full(self.total.shape, np.nan)
        np.divide(self.total, self.n, out=means, where=self.n > 0)
        return means


def _pairs(rows: Rows) -> Iterator[tuple[Kin | None, Doubles]]:
    pairs = rows.pairs() if isinstance(rows, Related) else ((None, row) for row in rows)
    return ((related, np.asarray(row, dtype=np.float64)) for related, row in pairs)


def _has(values: Floats) -> Flags:
    """Return which measures a record has for any head."""
    return np.asarray(~np.isnan(values).all(axis=1))


def _halves(rows: Rows) -> Iterator[tuple[Doubles, Flags]]:
    """Yield each record's values and, by measure, whether it is one that chooses."""
    deal = Deal()
    for related, values in _pairs(rows):
        yield values, deal.part(related, _has(values)) == 0


def _sums(rows: Rows) -> tuple[_Sums, _Sums]:
    """Return the sums over the records that choose and over those that measure."""
    total, n = np.zeros((2, 0, 0)), np.zeros((2, 0, 0), dtype=np.int64)
    for values, chooses in _halves(rows):
        if not total.size:
            total, n = np.zeros((2, *values.shape)), np.zeros((2, *values.shape), dtype=np.int64)
        place = (np.where(chooses, 0, 1), np.arange(len(values)))
        total[place] += np.nan_to_num(values)
        n[place] += ~np.isnan(values)
    return _Sums(total[0], n[0]), _Sums(total[1], n[1])


def _reached(rows: Rows, null: Iterable[Floats] | Luck) -> Doubles:
    """Return what the best heads of shuffled data reach, [permutation, measure]."""
    if isinstance(null, Luck):
        return null.reached
    luck = Luck()
    for (related, values), shuffled in zip(_pairs(rows), null, strict=True):
        luck.add(values, np.asarray(shuffled, np.float64), related)
    return luck.reached


@dataclass(frozen=True, slots=True)
class _Measured:
    """The chosen heads' values in the records that measure, one [measure] row a record."""

    rows: Rows
    heads: npt.NDArray[np.intp]

    def __iter__(self) -> Iterator[Doubles]:
        for values, chooses in _halves(self.rows):
            row = np.where(chooses, np.nan, values[np.arange(len(values)), self.heads])
            if not np.isnan(row).all():
                yield row


def _best(
    choosing: _Sums, measured: Estimate, reached: Doubles | None, measure: int, head: int
) -> Best | None:
    """Return what is known of one measure, None where it was not chosen or not measured."""
    if not choosing.n[measure, head] or not measured.n[measure]:
        return None
    ends = (float(measured.low[measure]), float(measured.high[measure]))
    luck = None if reached is None else reached[:, measure]
    known = luck is not None and luck.size > 0 and bool(np.isfinite(luck).all())
    low, high = np.quantile(luck, EDGES).tolist() if luck is not None and known else (0.0, 0.0)
    return Best(
        head=head,
        chosen=float(choosing.mean[measure, head]),
        chosen_n=int(choosing.n[measure, head]),
        value=float(measured.value[measure]),
        interval=None if np.isnan(ends).any() else ends,
        n=int(measured.n[measure]),
        heads=int((choosing.n[measure] > 0).sum()),
        null=(low, high) if known else None,
        null_mean=float(luck.mean()) if luck is not None and known else None,
    )
