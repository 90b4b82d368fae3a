"""Word alignment held against gold links: alignment error rate, precision and recall.

Och & Ney 2003, A Systematic Comparison of Various Statistical Alignment Models, section 5.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles, Integers
from .bootstrap import LEAST, RESAMPLES, SEED, Interval, bounds

WordLink = tuple[int, int]
"""A source word and a target word, counted from 0."""
SURE, POSSIBLE, MADE, WANTED = range(4)
"""What is counted: sure hits, possible hits, links made, sure links."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The links that people drew in one sentence pair; every sure link is possible, too."""

    sure: frozenset[WordLink]
    possible: frozenset[WordLink]


@dataclass(frozen=True, slots=True)
class Rate:
    """A pooled error rate from 0 to 1 with its 95% interval, and precision and recall."""

    value: float
    interval: Interval | None
    precision: float
    recall: float
    n: int
    clusters: int


def tally(gold: Gold, made: Iterable[WordLink]) -> Integers:
    """Count sure hits, possible hits, links made and sure links, [4]."""
    links = set(made)
    hits, possible = len(links & gold.sure), len(links & gold.possible)
    return np.array([hits, possible, len(links), len(gold.sure)])


def error_rate(counts: Integers) -> Doubles:
    """Return the alignment error rate of counts [..., 4], NaN where nothing is linked."""
    hits = counts[..., SURE] + counts[..., POSSIBLE]
    return 1 - _share(hits, counts[..., MADE] + counts[..., WANTED])


def precision(counts: Integers) -> Doubles:
    """Return the share of the links made that are possible ones, from counts [..., 4]."""
    return _share(counts[..., POSSIBLE], counts[..., MADE])


def recall(counts: Integers) -> Doubles:
    """Return the share of the sure links that were made, from counts [..., 4]."""
    return _share(counts[..., SURE], counts[..., WANTED])


def chosen(weights: Doubles) -> set[WordLink]:
    """Link every target word to the source word with the most weight, from [target, source].

    A target word without numbers gets no link.
    """
    known = ~np.isnan(weights).any(axis=1)
    return {(int(weights[at].argmax()), int(at)) for at in np.flatnonzero(known)}


def chosen_both_ways(weights: Doubles) -> set[WordLink]:
    """Link a source and a target word where each has its most weight with the other."""
    known = np.where(np.isnan(weights), -np.inf, weights)
    return {(s, t) for s, t in chosen(weights) if int(known[:, s].argmax()) == t}


def diagonal(source: int, target: int) -> set[WordLink]:
    """Link each of `target` words to the one of `source` words at the same relative place."""
    steps = max(1, target - 1)
    return {(round(at * (source - 1) / steps), at) for at in range(target)}


def offset(source: int, target: int, step: int) -> set[WordLink]:
    """Link each target word to the source word `step` places after its own, within the text."""
    return {(min(max(at + step, 0), source - 1), at) for at in range(target)}


def pooled(counts: Sequence[Integers], clusters: Sequence[Hashable]) -> Rate:
    """Pool the counts of sentences, each [4], and resample their clusters 1000 times."""
    numbers = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(numbers), 4), np.int64)
    np.add.at(sums, [numbers[name] for name in clusters], np.stack(list(counts)))
    total = sums.sum(axis=0)
    interval = None
    if len(sums) >= LEAST:
        drawn = np.random.default_rng(SEED).integers(0, len(sums), (RESAMPLES, len(sums)))
        low, high = bounds(error_rate(sums[drawn].sum(axis=1)), len(sums))
        interval = (max(0.0, float(low)), min(1.0, float(high)))
    return Rate(
        float(error_rate(total)), interval, float(precision(total)), float(recall(total)),
        len(counts), len(sums),
    )  # fmt: skip


def _share(part: Integers, whole: Integers) -> Doubles:
    found: Doubles = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=found, where=np.asarray(whole) > 0)
    return found
