"""Pairs of like texts: what a model said of each, and how far its maps moved between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from ...array_types import Doubles
from ...capture import Capture
from ...capture.words import owners, to_words, words_of
from ...corpus import cluster_of
from ...results.shapes import Cell
from ..analysis import Read
from ..context.pairs import divergence, partition, shared
from ..rollout import normalised, rollout

PAIRS = (
    "model", "corpus", "group", "first_variant", "second_variant", "first_record",
    "second_record", "first_text", "second_text", "first_answer", "second_answer", "first_share",
    "second_share", "moved", "flips", "attention", "rollout", "kind", "second_corpus", "alike",
)  # fmt: skip
SMALL = 0.5
"""The share of words that two texts have in common, in one order, from which on the change between
them is called small."""
LABEL, GUESS, NEXT, WRITTEN = "label", "guess", "next", "translation"
"""Kinds of answer: of a classifier, a masked word, what follows a text, a text of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, its kind, and how likely each thing was that it could have said."""

    text: str
    kind: str
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of the first text of a group until its partners come by.

    `rows` is attention between words [layer, head, word, word] and `rolled` the rollout over all
    layers, [word, word]; rows sum to 1.
    """

    read: Read
    answer: Answer | None
    words: tuple[str, ...]
    rows: Doubles
    rolled: Doubles

    @property
    def variant(self) -> str | None:
        """Return the variant of the text."""
        return self.read.capture.record.variant


@dataclass(frozen=True, slots=True)
class ChangedPair:
    """A row of PAIRS, how likely each label was in both texts, and what the pair counts with."""

    row: tuple[Cell, ...]
    shares: Mapping[str, tuple[float, float]]
    cluster: tuple[str, str]

    def __getitem__(self, column: str) -> Cell:
        """Return a cell of the row by its column."""
        return self.row[PAIRS.index(column)]

    @property
    def small(self) -> bool:
        """Return whether the two texts have at least half of their words in common."""
        return is_small(self["alike"])


def is_small(alike: Cell) -> bool:
    """Return whether texts with so much in common differ in a small thing."""
    return isinstance(alike, float) and alike >= SMALL


def pairs_of(reads: Iterator[Read]) -> Iterator[ChangedPair]:
    """Yield the first text of each group beside every other variant of it.

    Last come groups that have one variant in each of several corpora.
    """
    waiting: dict[tuple[str, str], Seen] = {}
    paired: set[str] = set()
    for read in reads:
        record = read.capture.record
        if not record.group or not record.variant:
            continue
        place = (read.corpus, record.group)
        first = waiting.get(place)
        if first is None:
            waiting[place] = _seen(read)
        elif first.read.capture.record.variant != record.variant:
            paired.add(record.group)
            yield _pair(first, _seen(read))
    alone: dict[str, list[Seen]] = {}
    for (_, group), seen in waiting.items():
        if group not in paired:
            alone.setdefault(group, []).append(seen)
    for first, *rest in alone.values():
        told = {first.variant}
        for other in rest:
            if other.variant not in told:
                told.add(other.variant)
                yield _pair(first, other)


def _seen(read: Read) -> Seen:
    capture = read.capture
    part = capture.text_map
    assert part is not None
    words = words_of(capture.record)
    at = owners(part.queries, words), owners(part.keys, words)
    rolled = to_words(rollout(part.weights)[-1], *at, len(words))
    rows = to_words(part.weights, *at, len(words))
    names = tuple(word.text.casefold() for word in words)
    both = (normalised(np.nan_to_num(one)) for one in (rows, rolled))
    own = Read(read.model, read.corpus, _small(capture), {})
    return Seen(own, _answer(capture.prediction), names, *both)


def _small(capture: Capture) -> Capture:
    """Return the capture without its maps, which are large."""
    return replace(capture, maps=())


def _answer(said: Mapping[str, Any]) -> Answer | None:
    """Return what a model said of a text; None where it says nothing that could flip."""
    if "label" in said:
        return Answer(str(said["label"]), LABEL, {k: float(p) for k, p in said["labels"].items()})
    if "holds" in said:
        return Answer(", ".join(map(str, said["holds"])) or "no label", LABEL, {})
    masked = said["masked"][0]["top"] if said.get("masked") else ()
    for kind, top in ((GUESS, masked), (NEXT, said.get("next", ()))):
        if top:
            shares = {str(one["text"]).strip(): float(one["score"]) for one in top}
            return Answer(str(top[0]["text"]).strip(), kind, shares)
    return Answer(str(said["text"]), WRITTEN, {}) if "text" in said else None


def _pair(first: Seen, second: Seen) -> ChangedPair:
    one, other = first.read.capture.record, second.read.capture.record
    start = (first.read.model.name, first.read.corpus, one.group, one.variant, other.variant)
    where = (one.id, other.id, one.text, other.text)
    maps = (_moved(first, second, "rows"), _moved(first, second, "rolled"))
    kind = first.answer.kind if first.answer and second.answer else ""
    said = _answers(first.answer, second.answer)
    row = (*start, *where, *said, *maps, kind, second.read.corpus, _alike(first, second))
    return ChangedPair(row, _shares(first, second), cluster_of(one, first.read.corpus))


def _alike(first: Seen, second: Seen) -> float:
    """Return the share of the words of two texts that both have in one order, from 0 to 1."""
    return SequenceMatcher(None, first.words, second.words, autojunk=False).ratio()


def _shares(first: Seen, second: Seen) -> dict[str, tuple[float, float]]:
    """Return the probabilities of labels, which each text gives to all of them; else nothing."""
    if (
        "label" not in (first.read.capture.prediction or {})
        or not first.answer
        or not second.answer
    ):
        return {}
    before, after = first.answer.shares, second.answer.shares
    return {name: (before[name], after[name]) for name in before if name in after}


def _answers(one: Answer | None, other: Answer | None) -> tuple[Cell, ...]:
    if one is None or other is None:
        return "", "", None, None, None, ""
    before, after = (said.shares.get(one.text) for said in (one, other))
    moved = None if before is None or after is None else abs(after - before)
    flips = "yes" if one.text != other.text else "no"
    return one.text, other.text, before, after, moved, flips


def _moved(first: Seen, second: Seen, what: str) -> float | None:
    """Return how far the rows of words that both texts have differ, from 0 to 1, on average.

    Compared on what both have; all else is put together. The Jensen-Shannon divergence in bits.
    """
    common, columns = shared((first.words, second.words)), (len(first.words), len(second.words))
    one, other = getattr(first, what), getattr(second, what)
    found = [
        divergence(one[..., i, :], other[..., j, :], partition(columns, common, (i, j))).mean()
        for i, j in common
    ]
    return float(np.mean(found) / np.log(2)) if found else None
