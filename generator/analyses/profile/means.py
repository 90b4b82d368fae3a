"""The head metrics of all records of one model and kind: means, intervals, nulls and roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from ...array_types import Doubles, Indices, Integers
from ...capture import Kind
from ...corpus import Record, group_of
from ...errors import InputError
from ...results.shapes import Grid, Result
from ...statistics.bootstrap import (
    COLUMNS,
    LEAST,
    Estimate,
    bounds,
    column_blocks,
    draws,
    estimate,
    means,
)
from ...statistics.splits import Group, GroupedRows, held
from .. import head_metrics as heads
from ..analysis import RecordResults
from ..working import ROWS as WORKING_ROWS
from .roles import METRIC_OF, ROLES, Measures, assign

SINK = 0.3
"""Importance from which a token counts as a sink (Gu et al. 2024)."""
METRICS = tuple("sink" if name == "sink_importance" else name for name in heads.METRICS)
"""As in one record, but `sink` is the share of records with a sink."""

NO_SHARES = ("entropy", "distance", "queries", WORKING_ROWS)
"""Metrics that may be larger than 1."""
MEASURED = ("entropy", *METRIC_OF.values())
MEAN, NULL = -2, -1
"""Where a layer's mean over heads and its null stand, after its heads."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One text after the other: METRICS as a flat row of [metric, layer, head and two more].

    After the heads of a layer come their mean and the null. Records without this kind of map are
    passed over. The windows of a long text overlap and are no texts of their own, so together
    they make one row: the mean of each number, and the sum of the queries and of the rows.
    """

    record_results: RecordResults
    kind: Kind
    shape: tuple[int, int, int]
    known: GroupedRows | None = None

    def held(self) -> Rows:
        """Return the same rows, in memory if they are not large."""
        return replace(self, known=held(self))

    def __iter__(self) -> Iterator[Doubles]:
        return (row for _, row in self.grouped())

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the group of each text, and its row."""
        if self.known is not None:
            yield from ((group, np.asarray(row, np.float64)) for group, row in self.known.grouped())
            return
        for (_, group), windows in groupby(self._each(), key=lambda pair: pair[0]):
            rows = [row for _, row in windows]
            row = rows[0] if len(rows) == 1 else _together(np.stack(rows))
            yield group, row.ravel()

    def _each(self) -> Iterator[tuple[tuple[object, Group | None], Doubles]]:
        """Yield a row for each record, with what tells its text from those beside it."""
        for place, (record, results) in enumerate(self.record_results):
            for grid in grids(results):
                if grid.kind == self.kind:
                    text = record.window.record if record.window else place
                    yield (text, group_of(record)), self._row(record, grid)

    def places(self, *names: str) -> Indices:
        """Return where the numbers of some metrics stand in a row, [metric, layer, place]."""
        places = np.arange(np.prod(self.shape)).reshape(self.shape)
        return places[[METRICS.index(name) for name in names]]

    def _row(self, record: Record, grid: Grid) -> Doubles:
        values, null = _with_sinks(grid.values), grid.null
        layers, found = self.shape[1], values.shape[1:]
        if found != (layers, self.shape[2] - 2) or null is None:
            raise InputError(
                f"Record {record.id!r} has {found[0]} x {found[1]} heads where others of the same "
                f"model have {layers} x {self.shape[2] - 2}: give each model its own name."
            )
        defined = ~np.isnan(values)
        sums, counts = np.where(defined, values, 0).sum(axis=2), defined.sum(axis=2)
        mean = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
        return np.concatenate([values, mean[..., None], _with_sinks(null)[..., None]], axis=2)


@dataclass(frozen=True, slots=True)
class PlainMeans:
    """One kind of map over all records of a model.

    `estimate` is [metric, layer, head and two more] as in Rows, here without intervals.
    """

    rows: Rows
    special: tuple[str, ...]
    estimate: Estimate

    @property
    def kind(self) -> Kind:
        """Return the kind of map."""
        return self.rows.kind

    @property
    def layers(self) -> int:
        """Return the number of layers."""
        return self.rows.shape[1]

    @property
    def all_layers(self) -> tuple[int, int]:
        """Return the first and the last layer."""
        return 0, self.layers - 1

    @property
    def heads(self) -> int:
        """Return the number of heads in all layers."""
        return self.layers * (self.rows.shape[2] - 2)

    @property
    def records(self) -> int:
        """Return the number of records with this kind of map."""
        return int(self.estimate.n[METRICS.index("queries")].max())

    @property
    def clusters(self) -> int:
        """Return how many groups those records form that do not depend on each other."""
        return int(self.estimate.clusters[METRICS.index("queries")].max())


@dataclass(frozen=True, slots=True)
class HeadMeans(PlainMeans):
    """The same with intervals and roles.

    `roles` [layer, head] are places in ROLES, and `role_shares` [draw, role] is the share of heads
    with each role when the records are drawn again.
    """

    roles: Indices
    role_shares: Doubles

    def measures(self) -> Measures:
        """Return what the roles are told from."""
        return _measures(self.estimate.value[[METRICS.index(name) for name in MEASURED]])


def grids(results: Mapping[str, Result]) -> tuple[Grid, ...]:
    """Return the head metrics of one record, one Grid per kind."""
    return results[heads.ANALYSIS.name].grids if heads.ANALYSIS.name in results else ()


def plain_means(record_results: RecordResults) -> list[PlainMeans]:
    """Return one PlainMeans for each kind of map in the records, in the order they come."""
    shapes: dict[Kind, tuple[int, int, int]] = {}
    special: dict[Kind, dict[str, None]] = {}
    for _, results in record_results:
        for grid in grids(results):
            metrics, layers, count = grid.values.shape
            shapes.setdefault(grid.kind, (metrics, layers, count + 2))
            names = _special(results[heads.ANALYSIS.name], grid.kind)
            special.setdefault(grid.kind, {}).update(names)
    found = []
    for kind, shape in shapes.items():
        rows = Rows(record_results, kind, shape).held()
        found.append(PlainMeans(rows, tuple(special[kind]), means(rows).reshape(*shape)))
    return found


def summaries(record_results: RecordResults) -> list[HeadMeans]:
    """Return one HeadMeans for each kind of map in the records, in the order they come."""
    return [_summary(plain.rows, plain.special) for plain in plain_means(record_results)]


def _summary(rows: Rows, special: tuple[str, ...]) -> HeadMeans:
    found = _possible(estimate(rows).reshape(*rows.shape))
    values = found.value[[METRICS.index(name) for name in MEASURED]]
    places = rows.places(*MEASURED)
    roles, counts = [], []
    for part in column_blocks(rows.shape[1], max(1, COLUMNS // places[:, 0].size)):
        block = places[:, part]
        drawn = _measures(draws(rows, block.ravel()).reshape(-1, *block.shape))
        measures = [METRICS.index(name) for name in METRIC_OF.values()]
        texts = found.n[measures][:, part, :MEAN]
        clusters = found.clusters[measures][:, part, :MEAN]
        eligible = (bounds(drawn.margins, clusters)[0] > 0) & (texts >= LEAST)
        roles.append(assign(_measures(values[:, part]), eligible))
        counts.append(_role_counts(assign(drawn, eligible)))
    heads_found = np.concatenate(roles)
    return HeadMeans(rows, special, found, heads_found, np.sum(counts, axis=0) / heads_found.size)


def _possible(found: Estimate) -> Estimate:
    """Return means whose intervals hold nothing impossible: none is below 0, no share beyond 1."""
    most = np.array([np.inf if name in NO_SHARES else 1.0 for name in METRICS])[:, None, None]
    return replace(found, low=np.maximum(found.low, 0.0), high=np.minimum(found.high, most))


def _role_counts(roles: Indices) -> Integers:
    """Return how many heads of `roles` [draw, layer, head] have each role, [draw, role]."""
    return np.stack([(roles == role).sum(axis=(1, 2)) for role in range(len(ROLES))], axis=1)


def _measures(values: Doubles) -> Measures:
    """Return the measures in means [..., MEASURED, layer, head and two more]."""
    entropy, patterns = values[..., 0, :, :], values[..., 1:, :, :]
    return Measures(
        patterns[..., :MEAN], patterns[..., NULL], entropy[..., :MEAN], entropy[..., NULL]
    )


def _special(result: Result, kind: Kind) -> dict[str, None]:
    rows = result.tables["special"].rows if "special" in result.tables else ()
    return {str(row[1]): None for row in rows if row[0] == kind}


def _together(rows: Doubles) -> Doubles:
    """Return one row for the windows of a text [window, metric, layer, place]; NaN undefined."""
    defined = ~np.isnan(rows)
    sums, counts = np.where(defined, rows, 0).sum(axis=0), defined.sum(axis=0)
    found: Doubles = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    for name in ("queries", WORKING_ROWS):
        place = METRICS.index(name)
        found[place, :, :MEAN] = sums[place, :, :MEAN]
    return found


def _with_sinks(values: Doubles) -> Doubles:
    """Return values [metric, ...] with 1 for a sink and 0 for none in place of the importance."""
    place = METRICS.index("sink")
    replaced = values.copy()
    importance = values[place]
    replaced[place] = np.where(np.isnan(importance), np.nan, importance > SINK)
    return replaced
