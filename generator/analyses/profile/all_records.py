"""What the heads of a model do over all its records: means, intervals, roles, layers, sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...results.shapes import Cell, Finding, Grid, Result, Series, Table
from ...statistics import bootstrap as intervals
from .. import head_metrics as heads
from ..analysis import Aggregate, RecordResults
from ..working import HABITS, ROWS
from .means import MEAN, METRICS, NULL, HeadMeans, plain_means, summaries
from .rest import resting_place
from .roles import BROAD, MARGIN, METRIC_OF, PATTERNS, ROLES, nearest
from .sentences import claimed, findings

LAYER_METRICS = ("entropy", "distance", "delimiter", "confidence")
ROLE_COLUMNS = (
    "kind", "layer", "head", "role", "measure", "score", "null", "margin", "low", "high", "n",
    "rest", "rest_on", "working_role", "working_score", "working_low", "working_high", "working_n",
)  # fmt: skip


def compute(record_results: RecordResults) -> Result:
    """Return the means over the records of one model, from their results.

    A Grid for each kind of map with intervals, n and null; the table `roles`, one row a head; a
    Series `<metric>.<kind>` for each line of the layer profile; and the sentences.
    """
    found = summaries(record_results)
    rows = tuple(row for summary in found for row in _role_rows(summary))
    return Result(
        ANALYSIS.name,
        grids=tuple(_grid(summary) for summary in found),
        tables={"roles": Table(ROLE_COLUMNS, rows)},
        series=tuple(series for summary in found for series in _profile(summary)),
        findings=tuple(finding for summary in found for finding in findings(summary)),
    )


def claims(record_results: RecordResults) -> tuple[Finding, ...]:
    """Return the findings of `compute` that claim something, for a fraction of its time."""
    return tuple(said for summary in plain_means(record_results) for said in claimed(summary))


def _grid(summary: HeadMeans) -> Grid:
    part, found = (..., slice(None, MEAN)), summary.estimate
    null = found.value[..., NULL]
    values = (found.value[part], null, found.low[part], found.high[part])
    return Grid(summary.kind, METRICS, *values, n=found.n[part])


def _profile(summary: HeadMeans) -> Iterator[Series]:
    """Yield the mean of all heads by layer, for each metric of the layer profile."""
    found = summary.estimate
    for name in LAYER_METRICS:
        place = METRICS.index(name)
        if not found.n[place].any():
            continue
        lines = [part[place][:, MEAN] for part in (found.value, found.low, found.high)]
        y, low, high, null = (_values(line) for line in (*lines, found.value[place][:, NULL]))
        x = tuple(float(layer) for layer in range(summary.layers))
        yield Series(f"{name}.{summary.kind}", x, y, low, high, null)


def _role_rows(summary: HeadMeans) -> Iterator[tuple[Cell, ...]]:
    """Yield the role of each head, the measure it was told from, where it rests, how it works.

    `measure` is the pattern, `entropy` for a broad head, and for a head without a role the pattern
    that comes nearest. The working role is that among the tokens where no head rests, and
    `working_n` the rows that are left without them.
    """
    closest = nearest(summary.measures())
    for layer, head in np.ndindex(summary.roles.shape):
        role = ROLES[summary.roles[layer, head]]
        pattern = role if role in PATTERNS else PATTERNS[closest[layer, head]]
        measure = "entropy" if role == "broad" else pattern
        at = METRICS.index(METRIC_OF.get(measure, measure))
        cell, null = (at, layer, head), (at, layer, NULL)
        value, chance = summary.estimate.value[cell], summary.estimate.value[null]
        bounds = (summary.estimate.low[cell], summary.estimate.high[cell])
        numbers = _values(np.array([value, chance, value - chance, *bounds]))
        n = int(summary.estimate.n[cell])
        works = (role, numbers[0], *numbers[3:]) if role in HABITS else (None,) * 4
        rest, place = resting_place(summary, layer, head)
        rows = _rows(summary, layer, head)
        yield (summary.kind, layer, head, role, measure, *numbers, n, rest, place, *works, rows)


def _rows(summary: HeadMeans, layer: int, head: int) -> int:
    """Return how many rows are left, over all records, without the tokens where heads rest."""
    cell = (METRICS.index(ROWS), layer, head)
    rows = float(np.nan_to_num(summary.estimate.value[cell]))
    return round(rows * int(summary.estimate.n[cell]))


def _values(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(number) else float(number) for number in numbers)


ANALYSIS = Aggregate(
    name="profile",
    title="What the heads do, layer by layer",
    about=(
        "The mean of every head's numbers over all texts, the role each head has, and how "
        "heads change from the first layer to the last."
    ),
    reading=(
        "Two facts of every head: where it rests (the share on special tokens, or on the first "
        "token where there are none), and what it does when it does not, those tokens left out "
        f"and the rows renormalised. A head has a role when it then puts at least {MARGIN} more of "
        "its attention there than uniform attention would, with an interval above that chance, in "
        f"{intervals.LEAST} texts or more; the largest such difference wins. A head without one is "
        "named after where it rests, if anything. A head is broad when its entropy is at least "
        f"{BROAD} of uniform attention's, and has no role when nothing stands out."
    ),
    limits=(
        f"Intervals are 95% percentile bootstrap intervals over texts ({intervals.RESAMPLES} "
        f"draws, seed {intervals.SEED}); with few texts they are too narrow, and with one "
        "there is none. A role is about these texts. It names where weight goes, not what the "
        "head is for."
    ),
    cite=heads.ANALYSIS.cite,
    compute=compute,
    claims=claims,
)
