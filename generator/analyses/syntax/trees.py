"""The trees of many records, and the words that each head of a model joins them to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from ...array_types import Indices, Integers, Mask
from ...capture import Kind
from ...corpus import Record, group_of
from ...results.shapes import Result
from ...statistics.splits import Group, GroupSplitter
from ..analysis import RecordResults

LEFT_OUT = ("punct", "root")
"""Relations that count neither in all together nor alone (as in Clark et al.)."""
MOST = 60
"""Relations that are counted: the most frequent ones."""


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


def members(parsed: ParsedRecord, relations: int) -> Integers:
    """Return which relation each case belongs to, [case, relation], the last one being all."""
    onto = np.zeros((len(parsed.words), relations + 1), dtype=np.int64)
    inside = np.flatnonzero(parsed.relations >= 0)
    onto[inside, parsed.relations[inside]] = onto[inside, -1] = 1
    return onto
