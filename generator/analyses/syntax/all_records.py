"""How often heads join words as a treebank does, relation by relation, over many records.

Clark et al. 2019, "What Does BERT Look At?", section 4. Only counts are held: memory does not grow
with the number of records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...array_types import Doubles, Indices, Integers
from ...statistics.bootstrap import EDGES, Interval, bounds, cluster_numbers, draws
from ...statistics.bootstrap import LEAST as LEAST_CLUSTERS
from ...statistics.splits import Group
from .trees import ParsedRecord, Trees, members

ALL = "all"
"""All relations together, but for those that are left out (as in Clark et al.)."""
DIRECTIONS = ("to its head", "from its head")
"""A word attends to its head; the head attends to the word."""
REACH = 10
"""Fixed offsets are tried up to this many words away on either side."""
OFFSETS = tuple(offset for offset in range(-REACH, REACH + 1) if offset)
LEAST = 10
"""A relation with fewer cases than this in either half of the records is not judged."""
SHUFFLES, SEED = 100, 0


@dataclass(frozen=True, slots=True)
class RelationHead:
    """One relation: the head chosen on the first half of the records, judged on the second.

    `column` counts directions and heads as in ParsedRecord. `accuracy`, the accuracy `fixed` of the
    best fixed offset and the `gain` of one over the other hold for the second half, each with its
    95% interval (bootstrap over the `clusters` of records, None for too few); `null` is what the
    best of as many heads reaches there when trees are laid over the words in another order. Unlike
    in `best`, shares are of all cases together: a record has too few of a relation for a mean of
    its own.
    """

    relation: str
    cases: int
    n: int
    column: int
    accuracy: float
    interval: Interval | None
    offset: int
    fixed: float
    gain: float
    gain_interval: Interval | None
    null: Interval
    clusters: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The relations of some records and the counts behind them.

    `cases` [half, relation], `hits` [half, column, relation], `offsets` [half, offset, relation]
    and `shuffled` [shuffle, column, relation], the hits on shuffled trees of the second half; the
    last relation is ALL.
    """

    relations: tuple[str, ...]
    cases: Integers
    hits: Integers
    offsets: Integers
    shuffled: npt.NDArray[np.int32]


def tables(trees: Trees) -> Tables:
    """Return all counts, in one pass over the records."""
    random = np.random.default_rng(SEED)
    found: Tables | None = None
    for parsed in trees:
        if found is None:
            found = _empty(trees.relations, len(parsed.predicted))
        half, onto = int(parsed.second), members(parsed, len(trees.relations))
        found.cases[half] += onto.sum(axis=0)
        found.hits[half] += parsed.hits(parsed.words, parsed.heads) @ onto
        away = parsed.heads - parsed.words
        found.offsets[half] += (np.array(OFFSETS)[:, None] == away).astype(np.int64) @ onto
        if parsed.second:
            _shuffle(found, parsed, onto, random)
    return found or _empty(trees.relations, 0)


def best(found: Tables, trees: Trees) -> list[RelationHead]:
    """Return the best head of each relation that has enough cases, ALL first."""
    chosen, fixed = found.hits[0].argmax(axis=0), found.offsets[0].argmax(axis=0)
    rows = _Rows(trees, chosen, fixed)
    drawn = draws(rows, slice(None)).reshape(-1, 3, len(found.relations))
    clusters = rows.clusters(len(found.relations))
    places = [len(found.relations) - 1, *range(len(found.relations) - 1)]
    return [
        _best(found, place, (chosen[place], fixed[place]), drawn[:, :, place], int(clusters[place]))
        for place in places
        if found.cases[:, place].min(initial=LEAST) >= LEAST
    ]


def _best(
    found: Tables, place: int, chosen: tuple[int, int], drawn: Doubles, clusters: int
) -> RelationHead:
    """Return one relation; `drawn` [draw, 3] holds hits, those of the offset, and cases."""
    column, fixed = map(int, chosen)
    n = int(found.cases[1, place])
    accuracy = found.hits[1, column, place] / n
    offset = found.offsets[1, fixed, place] / n
    shares = drawn[:, :2] / np.where(drawn[:, 2:] > 0, drawn[:, 2:], np.nan)
    low, high = bounds(np.column_stack([shares, shares[:, 0] - shares[:, 1]]), clusters)
    low, high = np.maximum(low, (0.0, 0.0, -1.0)), np.minimum(high, 1.0)
    known = clusters >= LEAST_CLUSTERS
    return RelationHead(
        relation=found.relations[place],
        cases=int(found.cases[:, place].sum()),
        n=n,
        column=column,
        accuracy=float(accuracy),
        interval=(float(low[0]), float(high[0])) if known else None,
        offset=OFFSETS[fixed],
        fixed=float(offset),
        gain=float(accuracy - offset),
        gain_interval=(float(low[2]), float(high[2])) if known else None,
        null=_null(found, place),
        clusters=clusters,
    )


def _null(found: Tables, place: int) -> Interval:
    """Return the middle 95% of what the best of all heads reaches on shuffled trees."""
    reached = found.shuffled[:, :, place].max(axis=1) / found.cases[1, place]
    low, high = np.quantile(reached, EDGES).tolist()
    return low, high


def _shuffle(
    found: Tables, parsed: ParsedRecord, onto: Integers, random: np.random.Generator
) -> None:
    """Count the hits when the tree is laid over the words that were read in another order."""
    places = np.unique(np.concatenate([parsed.words, parsed.heads]))
    if not len(places):
        return
    orders = random.permuted(np.tile(places, (SHUFFLES, 1)), axis=1)
    words, heads = (
        orders[:, np.searchsorted(places, part)] for part in (parsed.words, parsed.heads)
    )
    hits = parsed.predicted[:, words] == heads  # [column, shuffle, case]
    counts = hits.astype(np.float32) @ onto.astype(np.float32)  # exact, and much faster than whole
    found.shuffled[:] += np.moveaxis(counts, 1, 0).astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The second half, one flat row a record: hits, those of the offset, cases, [3, relation]."""

    trees: Trees
    chosen: Indices
    fixed: Indices

    def clusters(self, relations: int) -> Integers:
        """Return how many clusters of records have any case of each relation."""
        numbers = cluster_numbers(self)
        found = np.zeros((int(numbers.max(initial=-1)) + 1, relations), dtype=bool)
        for number, (_, row) in zip(numbers, self.grouped(), strict=True):
            found[number] |= row.reshape(3, -1)[2] > 0
        counts: Integers = found.sum(axis=0)
        return counts

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the group of each record, and its row."""
        for parsed in self.trees:
            if parsed.second:
                onto = members(parsed, len(self.trees.relations))
                hits = parsed.hits(parsed.words, parsed.heads)[self.chosen].T
                offsets = np.array(OFFSETS)[self.fixed] == (parsed.heads - parsed.words)[:, None]
                counts = [(onto * hits).sum(axis=0), (onto * offsets).sum(axis=0), onto.sum(axis=0)]
                yield parsed.group, np.concatenate(counts).astype(np.float64)


def _empty(relations: tuple[str, ...], columns: int) -> Tables:
    size = len(relations) + 1
    return Tables(
        (*relations, ALL),
        np.zeros((2, size), dtype=np.int64),
        np.zeros((2, columns, size), dtype=np.int64),
        np.zeros((2, len(OFFSETS), size), dtype=np.int64),
        np.zeros((SHUFFLES, columns, size), dtype=np.int32),
    )
