"""How often heads join words as a treebank does, relation by relation, over many records.

Clark et al. 2019, "What Does BERT Look At?", section 4. Only counts are held: memory does not grow
with the number of records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from ...array_types import Doubles, Indices, Integers, Mask
from ...capture import Kind
from ...corpus import Record, group_of
from ...results.shapes import Result
from ...statistics.bootstrap import EDGES, Interval, bounds, cluster_numbers, draws
from ...statistics.bootstrap import LEAST as LEAST_CLUSTERS
from ...statistics.splits import Group, GroupSplitter
from ..analysis import RecordResults

ALL, LEFT_OUT = "all", ("punct", "root")
"""All relations together, and those that count neither there nor alone (as in Clark et al.)."""
DIRECTIONS = ("to its head", "from its head")
"""A word attends to its head; the head attends to the word."""
REACH = 10
"""Fixed offsets are tried up to this many words away on either side."""
OFFSETS = tuple(offset for offset in range(-REACH, REACH + 1) if offset)
LEAST = 10
"""A relation with fewer cases than this in either half of the records is not judged."""
MOST = 60
"""Relations that are counted: the most frequent ones."""
SHUFFLES, SEED = 100, 0


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """What the heads of one record predict, and what its tree says.

    `predicted` [direction and head, word] is the word that each is joined to, -1 for none;
    `words` and `heads` [case] are the words that have a head among those the model read, and
    `relations` [case] the place of each case's relation, -1 for one that is not counted.
    """

    predicted: Indices
    words: Indices
    heads: Indices
    relations: Indices
    second: bool
    group: Group | None

    def hits(self, words: Indices, heads: Indices) -> Mask:
        """Return whether each head joins each of these words to that head, [column, case]."""
        found: Mask = self.predicted[:, words] == heads
        return found


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


@dataclass(frozen=True, slots=True)
class Trees:
    """The records of one model that have a tree, one after the other, for one kind of map.

    `merged` is the way to merge pieces, "" for the usual one.
    """

    record_results: RecordResults
    kind: Kind
    relations: tuple[str, ...]
    merged: str = ""

    def __iter__(self) -> Iterator[ParsedRecord]:
        """Yield each record; the halves alternate, and near copies share theirs."""
        known = {name: place for place, name in enumerate(self.relations)}
        splitter = GroupSplitter()
        for record, results in self.record_results:
            predicted = predictions(results, self.kind, self.merged)
            if predicted is None:
                continue
            group = group_of(record)
            second = bool(splitter.part(group)[0])
            read = np.asarray(predicted.min(axis=0) >= -1)
            words, heads = cases(record, read)
            names = [known.get(record.deprel[word], -1) for word in words]
            places = np.array(names, dtype=np.intp)
            yield ParsedRecord(predicted, words, heads, places, second, group)


def merged_name(kind: str, merged: str) -> str:
    """Return what predictions are called that go by another way to merge pieces."""
    return f"{kind}/{merged}"


def extents(record_results: RecordResults) -> dict[Kind, tuple[int, int]]:
    """Return layers and heads of each kind of map in the records."""
    found: dict[Kind, tuple[int, int]] = {}
    for _, results in record_results:
        for one in results["syntax"].partials if "syntax" in results else ():
            _, layers, heads, _ = one.values.shape
            found.setdefault(cast(Kind, one.name.partition("/")[0]), (layers, heads))
    return found


def merged_otherwise(record_results: RecordResults, kind: Kind) -> tuple[str, ...]:
    """Return the other ways to merge pieces, where any record has a word of several."""
    names = (
        one.name.partition("/")
        for _, results in record_results
        for one in (results["syntax"].partials if "syntax" in results else ())
    )
    return tuple(dict.fromkeys(way for of, _, way in names if of == kind and way))


def predictions(results: Mapping[str, Result], kind: Kind, merged: str = "") -> Indices | None:
    """Return what a record's heads predict, [direction and head, word]: -1 none, -2 not read.

    Where no word has several pieces, all ways to merge them are one.
    """
    syntax = results.get("syntax", Result("syntax"))
    found = syntax.partial(merged_name(kind, merged)) if merged else None
    found = found or syntax.partial(kind)
    if found is None:
        return None
    return found.values.astype(np.intp).reshape(-1, found.values.shape[-1])


def cases(record: Record, read: Mask) -> tuple[Indices, Indices]:
    """Return the words that have a head and the heads, both read by the model: two [case]."""
    heads = np.array(record.head, dtype=np.intp) - 1
    words = np.flatnonzero((heads >= 0) & read & read[heads])
    return words, heads[words]


def counted(record_results: RecordResults, kind: Kind) -> tuple[str, ...]:
    """Return the relations in the records, the most frequent first."""
    counts: Counter[str] = Counter()
    for record, results in record_results:
        if predictions(results, kind) is not None:
            counts.update(name for name in record.deprel if name not in LEFT_OUT)
    return tuple(name for name, _ in counts.most_common(MOST))


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


def members(parsed: ParsedRecord, relations: int) -> Integers:
    """Return which relation each case belongs to, [case, relation], the last one being all."""
    onto = np.zeros((len(parsed.words), relations + 1), dtype=np.int64)
    inside = np.flatnonzero(parsed.relations >= 0)
    onto[inside, parsed.relations[inside]] = onto[inside, -1] = 1
    return onto


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
