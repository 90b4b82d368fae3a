"""What silencing heads shows over all records: means, the strongest head, and patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...capture import Kind
from ...corpus import group_of
from ...names import head_label
from ...results.levels import CORRELATION, PROBABILITY, Claim
from ...results.shapes import Finding, Grid, Result, Table
from ...results.wording import correlation, say
from ...statistics import ranks
from ...statistics.bootstrap import (
    EDGES,
    RESAMPLES,
    Interval,
    bounds,
    column_blocks,
    draws,
    estimate,
)
from ...statistics.splits import Group, GroupSplitter
from .. import head_metrics as heads
from ..analysis import RecordResults
from ..profile.roles import PATTERNS

NAME = METRIC = "importance"
LEAST = 4
"""Fewer records than this cannot be halved."""
SHUFFLES, SEED = 200, 0
HEADS = {"self": "", "encoder": "encoder ", "decoder": "decoder ", "cross": "cross-attention "}
ALIKE = "chosen alike, with the heads of each text shuffled"
COLUMNS = 4096
"""Columns drawn again at a time."""


@dataclass(frozen=True, slots=True)
class Falls:
    """One record after the other: the fall of the score without each head, [layer * head].

    With `patterns`, behind it how far each of PATTERNS lies above uniform attention, NaN undefined.
    """

    record_results: RecordResults
    kind: Kind
    patterns: bool = False

    def __iter__(self) -> Iterator[Doubles]:
        return (row for _, row in self.grouped())

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the falls of each record, and its group."""
        for record, results in self.record_results:
            for grid in importance_grids(results):
                if grid.kind == self.kind:
                    row = grid.values[0].ravel()
                    far = margins(results, grid) if self.patterns else row[:0]
                    yield group_of(record), np.concatenate([row, far])


def aggregate(record_results: RecordResults) -> Result:
    """Return the mean fall of the score without each head, and what stands out, by kind of map."""
    shapes: dict[Kind, tuple[int, int]] = {}
    unit = ""
    for _, results in record_results:
        for grid in importance_grids(results):
            shapes.setdefault(grid.kind, grid.values.shape[1:])
            unit = unit or _unit(results)
    grids, findings = [], []
    for kind, shape in shapes.items():
        rows = Falls(record_results, kind)
        found = estimate(rows).reshape(1, *shape)
        null = np.zeros((1, shape[0]))
        grids.append(Grid(kind, (METRIC,), found.value, null, found.low, found.high, found.n))
        findings += [
            strongest(rows, shape, unit),
            beside_patterns(Falls(record_results, kind, True), shape),
        ]
    tables = {"unit": Table(("unit",), ((unit,),))} if grids else {}
    said = tuple(finding for finding in findings if finding is not None)
    return Result(NAME, grids=tuple(grids), tables=tables, findings=said)


def importance_grids(results: Mapping[str, Result]) -> tuple[Grid, ...]:
    """Return the falls of one record, one Grid per kind."""
    return results[NAME].grids if NAME in results else ()


def margins(results: Mapping[str, Result], like: Grid) -> Doubles:
    """Return how far each pattern of each head lies above uniform attention, [pattern * head]."""
    for grid in results[heads.ANALYSIS.name].grids if heads.ANALYSIS.name in results else ():
        if grid.kind == like.kind and grid.null is not None:
            places = [grid.metrics.index(name) for name in PATTERNS]
            above: Doubles = grid.values[places] - grid.null[places][..., None]
            return above.ravel()
    return np.full(len(PATTERNS) * like.values[0].size, np.nan)


def strongest(rows: Falls, shape: tuple[int, int], unit: str) -> Finding | None:
    """Say what the head that mattered most in half of the records does in the other half."""
    sums, counts = np.zeros((2, shape[0] * shape[1])), np.zeros((2, 1))
    drawn = np.zeros((2, SHUFFLES, shape[0] * shape[1]))
    random = np.random.default_rng(SEED)
    for half, _, row in _split_half(rows):
        sums[half] += row
        counts[half] += 1
        drawn[half] += random.permuted(np.tile(row, (SHUFFLES, 1)), axis=1)
    if counts.sum() < LEAST or not counts.all():
        return None
    head = int(sums[0].argmax())
    chance = drawn[1][np.arange(SHUFFLES), drawn[0].argmax(axis=1)] / counts[1]
    low, high = (float(end) for end in np.quantile(chance, EDGES))
    reported = [row[[head]] for half, _, row in _split_half(rows) if half]
    groups = [group for half, group, _ in _split_half(rows) if half]
    found = estimate(reported, groups=groups)
    value, interval = float(found.value[0]), found.interval()
    claim = Claim(value, interval, (low, high), PROBABILITY)
    text = _strongest_says(
        head_label(*divmod(head, shape[1])), claim,
        f"{shape[0] * shape[1]} {HEADS[rows.kind]}heads", unit,
    )  # fmt: skip
    return Finding(
        f"{rows.kind}-importance", text, value=value, n=len(reported), interval=interval,
        null=(low, high), null_says=ALIKE, claim=claim,
        clusters=int(found.clusters[0]),
    )  # fmt: skip


def _split_half(rows: Falls) -> Iterator[tuple[int, Group | None, Doubles]]:
    """Yield the half of each record, its group, and its falls."""
    splitter = GroupSplitter()
    for group, row in rows.grouped():
        yield int(splitter.part(group)[0]), group, np.asarray(row, np.float64)


def _strongest_says(head: str, claim: Claim, heads_: str, unit: str) -> str:
    """Return the sentence on the strongest head."""
    falls = f"the {unit or 'score'} of the answer {_falls(claim.value)}"
    chosen = f"without {head}, which mattered most in one half of the texts, {falls} in the other"
    return f"One of {heads_} matters on its own: {chosen}."


def _falls(value: float) -> str:
    return f"falls by {say(value)}" if value >= 0 else f"rises by {say(-value)}"


def beside_patterns(rows: Falls, shape: tuple[int, int]) -> Finding | None:
    """Say whether heads with a clear pattern of attention are those that matter."""
    count = shape[0] * shape[1]
    found = estimate(rows, resamples=2)
    records = int(found.n[:count].max())
    one, other = found.value[:count], _clearest(found.value[None, count:], count)[0]
    if records < 2 or np.isnan(other).any():
        return None
    agreed = ranks.agreement(one, other)
    if agreed is None:
        return None
    drawn = [np.empty((RESAMPLES, 0)), np.empty((RESAMPLES, 0))]
    for part in column_blocks(count, max(1, COLUMNS // (1 + len(PATTERNS)))):
        columns = np.arange(count * (1 + len(PATTERNS))).reshape(-1, count)[:, part]
        again = draws(rows, columns.ravel())
        width = columns.shape[1]
        drawn[0] = np.column_stack([drawn[0], again[:, :width]])
        drawn[1] = np.column_stack([drawn[1], _clearest(again[:, width:], width)])
    low, high = bounds(spearman(*drawn)[:, None])
    interval = (float(low[0]), float(high[0]))
    return _beside_says(rows.kind, agreed, interval, records)


def _clearest(above: Doubles, count: int) -> Doubles:
    """Return how far the clearest pattern of each head lies above its null, [draw, head]."""
    stacked = above.reshape(len(above), len(PATTERNS), count)
    found: Doubles = np.where(np.isnan(stacked), -np.inf, stacked).max(axis=1)
    return np.where(np.isinf(found), np.nan, found)


def spearman(one: Doubles, other: Doubles) -> Doubles:
    """Return the rank correlation of each row of `one` with that of `other`, [row]."""
    from scipy.stats import rankdata

    ranked = [rankdata(values, axis=1) for values in (one, other)]
    centred = [values - values.mean(axis=1, keepdims=True) for values in ranked]
    lengths = [np.linalg.norm(values, axis=1) for values in centred]
    products, both = (centred[0] * centred[1]).sum(axis=1), lengths[0] * lengths[1]
    found: Doubles = np.divide(products, both, out=np.zeros_like(products), where=both > 0)
    return found


def _beside_says(kind: Kind, agreed: ranks.Agreement, interval: Interval, records: int) -> Finding:
    """Return the sentence on importance and patterns: do they go together?"""
    value, null = agreed.spearman, agreed.null
    heads_ = f"{agreed.n} {HEADS[kind]}heads"
    low, high = map(correlation, interval)
    said = f"rank correlation {correlation(value)} over {heads_}, 95% interval {low} to {high}"
    claim = Claim(value, interval, null, CORRELATION)
    text = f"Heads with a clear habit matter more to the answer than others: {said}"
    return Finding(
        f"{kind}-importance-habits", f"{text}.", value=value, n=records, interval=interval,
        null=null, null_says="heads paired at random", claim=claim,
    )  # fmt: skip


def _unit(results: Mapping[str, Result]) -> str:
    rows = results[NAME].tables["asked"].rows if "asked" in results[NAME].tables else ()
    return str(rows[0][1]) if rows else ""
