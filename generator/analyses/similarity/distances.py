"""How alike the heads of a model attend: distances, a map, groups, and what chance gives.

Clark et al. 2019, "What Does BERT Look At?", section 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...array_types import Doubles, Integers, Singles
from ...capture import AttentionMap, Capture, Kind
from ...capture.masks import visible
from ...corpus import Record, group_of
from ...results.shapes import Cell, HeadDistances, Result, Table
from ...statistics.entropy import product_sums
from ...statistics.mds import metric_map
from ...statistics.permutations import sample_rows, shuffled_keys
from ...statistics.splits import Group, GroupSplitter
from ..analysis import Accumulation
from .clusters import NEAR, PART_LIMIT, Clusters, clustered, sentences

WORK = 1_500_000
"""Cells of mixed rows worked out for one map: longer texts lend an even sample of their rows."""
FULL = 16
"""As many texts get all of that, the next as many half, and so on: what many texts cost grows with
the logarithm of their number, and so does what each of them adds to a mean."""
PARTS_BYTES = 128_000_000
"""What the sums of one kind may take; it bounds into how many parts the records are cut."""
SEED = 0
COLUMNS = (
    "kind", "layer", "head", "x", "y", "group", "order", "nearest_layer", "nearest_head",
    "distance", "shuffled",
)  # fmt: skip
KINDS = ("kind", "heads", "records", "groups", "groups_shuffled", "stress")


def js_distances(weights: npt.NDArray[Any], smooth: float = 0.0) -> Doubles:
    """Return the Jensen-Shannon divergence between all heads, [layer * head, layer * head].

    In nats, the mean over queries, from 0 (the same rows) to ln 2 (no key in common); symmetric
    with a zero diagonal. `weights` is [layer, head, query, key]; `smooth` mixes in that share of
    the uniform distribution. Each pair needs H((a + b) / 2) - (H(a) + H(b)) / 2: float32 weights
    are worked with as such, whose logarithms take half the time, and are off by up to 1e-6.
    """
    rows = weights.reshape(-1, *weights.shape[2:])
    if rows.dtype != np.float32:
        rows = rows.astype(np.float64)
    rows = rows * rows.dtype.type(1 - smooth) + rows.dtype.type(smooth / rows.shape[-1])
    flat = np.maximum(rows, 2 * np.finfo(rows.dtype).tiny).reshape(len(rows), -1)
    own, half = product_sums(flat, np.log(flat)), flat / 2
    result = np.zeros((len(rows), len(rows)))
    room = np.empty((2, *flat.shape), flat.dtype)  # used for every head: new memory costs more
    for head in range(1, len(rows)):
        mixed, logs = room[:, :head]
        np.log(np.add(half[:head], half[head], out=mixed), out=logs)
        apart = (own[:head] + own[head]) / 2 - product_sums(mixed, logs)
        result[head, :head] = np.maximum(apart, 0) / rows.shape[1]
    return result + result.T


@dataclass(slots=True)
class DistanceSums:
    """Distances of one kind summed over records, which are dealt out to parts.

    `real` and `chance` are [part, head, head]; `n` counts the records of each part.
    """

    shape: tuple[int, int]
    real: Singles
    chance: Singles
    n: Integers
    splitter: GroupSplitter
    records: int = 0

    def add(self, real: Doubles, chance: Doubles, group: Group | None = None) -> None:
        """Add the distances of one record; near copies, a group, go to one part."""
        [part] = self.splitter.part(group)
        self.real[part] += real
        self.chance[part] += chance
        self.n[part] += 1
        self.records += 1


@dataclass(slots=True)
class Distances:
    """Sees the captures of a model and sums the distances between its heads, by kind."""

    sums: dict[Kind, DistanceSums] = field(default_factory=dict)

    def add(self, capture: Capture, results: Mapping[str, Result]) -> None:
        """Take in the maps of one capture; one with other heads than the first is passed over."""
        for attention in capture.maps:
            shape = (attention.layers, attention.heads)
            found = self.sums.setdefault(attention.kind, _empty(shape))
            if found.shape == shape:
                found.add(*_measured(attention, found.records), group_of(capture.record))


def _empty(shape: tuple[int, int]) -> DistanceSums:
    heads = shape[0] * shape[1]
    parts = max(4, min(PART_LIMIT, PARTS_BYTES // (8 * heads * heads)) // 2 * 2)
    real, chance = (np.zeros((parts, heads, heads), np.float32) for _ in range(2))
    return DistanceSums(shape, real, chance, np.zeros(parts, np.int64), GroupSplitter(parts))


def _measured(attention: AttentionMap, number: int) -> tuple[Doubles, Doubles]:
    """Return the distances in one map, and those after each head's rows were shuffled."""
    heads = attention.layers * attention.heads
    queries, keys = attention.weights.shape[2:]
    random = np.random.default_rng((SEED, number))
    most = 2 * WORK // (heads * heads * keys * (1 + number // FULL))
    rows = sample_rows(queries, most, random.random())
    weights = attention.weights[:, :, rows]
    moved = np.empty_like(weights)
    for layer in range(attention.layers):
        allowed = visible(attention, layer)[rows]
        places = shuffled_keys(np.broadcast_to(allowed, weights.shape[1:]), random)
        moved[layer] = np.take_along_axis(weights[layer], places, axis=-1)
    return js_distances(weights), js_distances(moved)


def compute(
    record_results: Iterable[tuple[Record, Mapping[str, Result]]], seen: Distances
) -> Result:
    """Return what the distances between the heads say, kind by kind.

    Pairs [head, head] of mean distances; the table `heads` has for each head its place on the map,
    its group (counted from 1, by size), its place in the order of the groups, and its nearest head
    with the distance to it, beside the distance to the nearest one after shuffling; `kinds` has a
    row for each kind. The findings say how many heads have a twin, how many groups there are, and
    whether the heads of a layer are alike.
    """
    found = [
        clustered(kind, s.shape, s.real, s.chance, s.n, s.splitter.dealt)
        for kind, s in seen.sums.items()
    ]
    found = [clusters for clusters in found if len(clusters.distances) > 1]
    tables: dict[str, Table] = {}
    if found:
        maps = [metric_map(clusters.distances) for clusters in found]
        rows = [row for g, made in zip(found, maps, strict=True) for row in _rows(g, made[0])]
        kinds = [
            (g.kind, len(g.distances), g.records, g.count, g.count_shuffled, stress)
            for g, (_, stress) in zip(found, maps, strict=True)
        ]
        tables = {"heads": Table(COLUMNS, tuple(rows)), "kinds": Table(KINDS, tuple(kinds))}
    return Result(
        ANALYSIS.name,
        tables=tables,
        distances=tuple(HeadDistances(clusters.kind, clusters.distances) for clusters in found),
        findings=tuple(said for clusters in found for said in sentences(clusters)),
    )


def _rows(clusters: Clusters, points: Doubles) -> Iterator[tuple[Cell, ...]]:
    places = np.argsort(clusters.order)
    for at, (layer, head) in enumerate(np.ndindex(clusters.shape)):
        near = int(clusters.nearest[at])
        yield (
            clusters.kind, layer, head, float(points[at, 0]), float(points[at, 1]),
            int(clusters.of[at]), int(places[at]), *divmod(near, clusters.shape[1]),
            float(clusters.distances[at, near]), float(clusters.nearest_shuffled[at]),
        )  # fmt: skip


ANALYSIS = Accumulation(
    name="similarity",
    title="Which heads are alike",
    about=(
        "The Jensen-Shannon divergence between the rows of every two heads: token by token, how "
        "differently the two spread their attention over the same text; the mean over tokens, then "
        "over texts. Heads are put on a map by metric multidimensional scaling, and into groups "
        "by average linkage."
    ),
    reading=(
        "Distances run from 0 nats, the same rows, to ln 2 = 0.69, no token in common. Two heads "
        f"are called alike up to {NEAR:.3f}, a tenth of that. On the map heads are close when "
        "their attention is; its axes have no meaning of their own. Chance is the same heads with "
        "the weights of each row in random order over the tokens it may see: heads that are alike "
        "only because both spread widely stay alike there."
    ),
    limits=(
        "Which head is another's nearest is chosen on every other text and its distance measured "
        "on the rest. Intervals come from drawing parts of the texts again (95%, "
        f"{PART_LIMIT} parts at most). Heads that look at the same tokens need not do the same: "
        "what they read there and what they write differs. A flat map cannot keep every distance: "
        "its stress says how far it is off. Of long texts, and where there are many, an even "
        "sample of the rows is compared."
    ),
    cite=(
        "Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828; "
        "Lin 1991, Divergence Measures Based on the Shannon Entropy, "
        "https://doi.org/10.1109/18.61115; "
        "Kruskal 1964, Multidimensional Scaling by Optimizing Goodness of Fit, "
        "https://doi.org/10.1007/BF02289565"
    ),
    compute=compute,
    accumulate=Distances,
)
