"""Means over heads, layers and records beside the same means of uniform attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ...array_types import Doubles
from ...results.levels import ATTENTION, Claim
from ...statistics.bootstrap import LEAST, Interval, bounds, draws
from .means import MEAN, METRICS, NULL, PlainMeans

Run = tuple[int, int]
"""The first and the last of some neighbouring layers."""


@dataclass(frozen=True, slots=True)
class LayerComparison:
    """A mean over heads, a run of layers and records, beside the same of uniform attention.

    The pairs are 95% intervals; `difference` is that of value minus null, record by record, as far
    as the draws go, and `judged` as wide as so few texts ask for; None where they are too few.
    """

    value: float
    interval: Interval | None
    null: float
    null_range: Interval
    difference: Interval
    judged: Interval | None
    records: int

    def beyond(self, margin: float) -> bool:
        """Return whether the value lies above the null by a margin."""
        return self.value - self.null >= margin and self.difference[0] > 0

    @property
    def claim(self) -> Claim:
        """Return the claim that so much more of the attention goes somewhere than evenly spread."""
        return Claim(self.value - self.null, self.judged, (0.0, 0.0), ATTENTION)


@dataclass(frozen=True, slots=True)
class Layers:
    """A metric's mean over heads in each layer and its null: [layer, 2] and [draw, layer, 2]."""

    mean: Doubles
    drawn: Doubles
    records: int
    clusters: int

    def compared(self, run: Run) -> LayerComparison:
        """Return the mean over a run of layers beside its null."""
        part = slice(run[0], run[1] + 1)
        value, null = self.mean[part].mean(axis=0).tolist()
        drawn = self.drawn[:, part].mean(axis=1)
        both = np.column_stack([drawn, drawn[:, 0] - drawn[:, 1]])
        _, null_range, difference = pairs(*bounds(both))
        if self.clusters < LEAST:
            return LayerComparison(value, None, null, null_range, difference, None, self.records)
        interval, _, judged = pairs(*bounds(both, self.clusters))
        return LayerComparison(value, interval, null, null_range, difference, judged, self.records)


def by_layer(summary: PlainMeans, metric: str) -> Layers:
    """Return a metric's mean over heads and its null in each layer, drawn again and again."""
    mean = summary.estimate.value[METRICS.index(metric)][:, [MEAN, NULL]]
    places = summary.rows.places(metric)[0][:, [MEAN, NULL]]
    drawn = draws(summary.rows, places.ravel()).reshape(-1, *places.shape)
    return Layers(mean, drawn, summary.records, summary.clusters)


def pairs(low: Doubles, high: Doubles) -> list[Interval]:
    """Return the ends of intervals, one after the other."""
    return list(zip(low.tolist(), high.tolist(), strict=True))


def longest_run(marked: Sequence[bool]) -> Run | None:
    """Return the first and last place of the longest run of True, None if there is none."""
    runs = [[i for i, _ in group] for mark, group in groupby(enumerate(marked), _mark) if mark]
    longest = max(runs, key=len, default=None)
    return (longest[0], longest[-1]) if longest else None


def _mark(entry: tuple[int, bool]) -> bool:
    return entry[1]
