"""How well a model does: accuracy, F1, calibration; for several labels and for values, too.

Brier 1950 (probabilities); Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2
(expected calibration error, bins of equal width).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from ...array_types import Doubles
from ...results.shapes import Cell
from ...statistics.bootstrap import Interval
from ...statistics.clusters import interval, share_interval, sums_by_cluster
from .answers import Answer

BINS = 10
"""Bins of equal width that probabilities are put into, for calibration."""
LIMITS = {"macro_f1": (0.0, 1.0), "micro_f1": (0.0, 1.0), "brier": (0.0, 2.0)}
"""What a measure cannot be below and above."""
MEASURES = ("model", "key", "value", "low", "high", "n", "clusters")
ACCURACY = ("model", "n", "clusters", "right", "accuracy", "low", "high", "most_frequent")
CALIBRATION = ("model", "from", "to", "n", "probability", "accuracy")
LABELS = ("model", "label", "texts", "precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its name, interval, and the records and clusters behind it."""

    key: str
    value: float
    ends: Interval | None
    n: int
    clusters: int

    def row(self, model: str) -> tuple[Cell, ...]:
        """Return a row of MEASURES."""
        low, high = self.ends or (None, None)
        return model, self.key, self.value, low, high, self.n, self.clusters


def clusters_of(answers: Sequence[Answer]) -> int:
    """Return how many clusters answers make."""
    return len({one.cluster for one in answers})


def accuracy(answers: Sequence[Answer]) -> Measure:
    """Return the share of the answers that are right, with Wilson's interval."""
    share = sum(bool(one.right) for one in answers) / len(answers)
    clusters = clusters_of(answers)
    return Measure("accuracy", share, share_interval(share, clusters), len(answers), clusters)


def most_frequent(answers: Sequence[Answer]) -> float:
    """Return the share that always saying the most frequent label would get right."""
    return max(Counter(one.label for one in answers).values()) / len(answers)


def measures(answers: Sequence[Answer]) -> Iterator[Measure]:
    """Yield what can be measured of the labelled answers of one model."""
    told = [one for one in answers if one.right is not None]
    if told:
        yield accuracy(told)
    if single := [one for one in told if one.held is None]:
        yield _macro_f1(single)
        yield from _calibration(single)
    if several := [one for one in told if one.held is not None]:
        yield _several(several)
    if values := [one for one in answers if one.value is not None]:
        yield _measured("mean_absolute_error", values, [[one.off] for one in values], _first)


def _measured(
    key: str,
    answers: Sequence[Answer],
    rows: Sequence[Sequence[float | None]],
    measure: Callable[[Doubles], Doubles],
) -> Measure:
    """Return a measure of sums over records; `rows` get a last number that counts them."""
    counted = [np.array([*row, 1.0], dtype=np.float64) for row in rows]
    sums = sums_by_cluster(counted, [one.cluster for one in answers])
    value = float(measure(sums.sum(axis=0)[None])[0])
    within = LIMITS.get(key, (0.0, inf))
    ends = interval(sums, measure, within)
    return Measure(key, value, ends, len(answers), len(sums))


def _first(sums: Doubles) -> Doubles:
    found: Doubles = sums[:, 0] / sums[:, -1]
    return found


def _macro_f1(answers: Sequence[Answer]) -> Measure:
    """Return the mean of F1 over the labels that people or the model gave."""
    labels = sorted({name for one in answers for name in (one.label, one.predicted)})
    cells = np.eye(len(labels) ** 2)
    places = [
        labels.index(one.label) * len(labels) + labels.index(one.predicted) for one in answers
    ]

    def measure(sums: Doubles) -> Doubles:
        square = sums[:, :-1].reshape(-1, len(labels), len(labels))
        each = _f1(square.diagonal(axis1=1, axis2=2), square.sum(2), square.sum(1))
        found: Doubles = each.mean(axis=1)
        return found

    return _measured("macro_f1", answers, [cells[at].tolist() for at in places], measure)


def _f1(both: Doubles, labelled: Doubles, said: Doubles) -> Doubles:
    """Return F1, 0 where there is nothing to find and nothing was found."""
    found: Doubles = np.divide(
        2 * both, labelled + said, out=np.zeros_like(both), where=labelled + said > 0
    )
    return found


def _several(answers: Sequence[Answer]) -> Measure:
    """Return F1 over all labels of all texts together, where several hold."""
    rows = [
        [len((one.held or frozenset()) & one.wanted), len(one.wanted), len(one.held or ())]
        for one in answers
    ]

    def measure(sums: Doubles) -> Doubles:
        return _f1(sums[:, 0], sums[:, 1], sums[:, 2])

    return _measured("micro_f1", answers, rows, measure)


def _calibration(answers: Sequence[Answer]) -> Iterator[Measure]:
    """Yield the Brier score, and the expected calibration error, which has no interval."""
    sure = [one for one in answers if one.shares and one.label in one.names]
    if not sure:
        return
    rows = []
    for one in sure:
        truth = np.array([name == one.label for name in one.names], dtype=np.float64)
        rows.append([float(((np.array(one.shares) - truth) ** 2).sum())])
    yield _measured("brier", sure, rows, _first)
    bins = [*calibration(sure)]
    off = sum(n * abs(probability - right) for _, _, n, probability, right in bins)
    yield Measure("ece", off / len(sure), None, len(sure), clusters_of(sure))


def calibration(answers: Sequence[Answer]) -> Iterator[tuple[float, float, int, float, float]]:
    """Yield (from, to, texts, mean probability, accuracy) of each of the bins that has a text."""
    sure = [one for one in answers if one.shares and one.score is not None]
    for at in range(BINS):
        low, high = at / BINS, (at + 1) / BINS
        own = [one for one in sure if _bin(one.score or 0.0) == at]
        if own:
            mean = sum(one.score or 0.0 for one in own) / len(own)
            yield low, high, len(own), mean, sum(bool(one.right) for one in own) / len(own)


def _bin(score: float) -> int:
    """Return the bin of a probability: each holds its upper end, as Guo et al. have it."""
    return max(0, min(BINS - 1, int(np.ceil(score * BINS - 1e-9)) - 1))


def by_label(answers: Sequence[Answer]) -> Iterator[tuple[Cell, ...]]:
    """Yield (label, texts, precision, recall, F1) of each label that may hold beside others."""
    told = [one for one in answers if one.held is not None and one.right is not None]
    for name in told[0].names if told else ():
        wanted = sum(name in one.wanted for one in told)
        said = sum(name in (one.held or ()) for one in told)
        both = sum(name in one.wanted and name in (one.held or ()) for one in told)
        f1 = 2 * both / (wanted + said) if wanted + said else None
        yield name, wanted, both / said if said else None, both / wanted if wanted else None, f1
