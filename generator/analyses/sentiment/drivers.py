"""Which words drive which answers, over all texts of a model."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...capture import Capture
from ...capture.words import words_of
from ...results.shapes import Cell, Result
from ...statistics.bootstrap import Interval
from ...statistics.clusters import interval, sums_by_cluster
from .adjectives import ADJECTIVES

WORDS = (
    "model", "label", "word", "part of speech", "told by", "share", "low", "high", "texts",
    "clusters",
)  # fmt: skip
LEAST, MOST = 2, 40
"""Texts that a word must stand in, near copies as one; words of one label and model kept."""
BY_TREE, BY_LIST = "upos", "list"
SIGNED = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a word says in one text: its share of the answer, with what it is."""

    share: float
    cluster: Hashable


@dataclass(slots=True)
class Word:
    """A word as it stands in several texts."""

    name: str
    kind: str
    told_by: str
    heard: list[Heard] = field(default_factory=list)

    @property
    def adjective(self) -> bool:
        """Return whether it is an adjective."""
        return self.kind == "ADJ"

    @property
    def share(self) -> float:
        """Return its mean share over the texts it stands in."""
        return float(np.mean([one.share for one in self.heard]))

    @property
    def clusters(self) -> int:
        """Return how many clusters these texts make."""
        return len({one.cluster for one in self.heard})

    @property
    def interval(self) -> Interval | None:
        """Return the 95% interval of the mean over clusters."""
        rows = [np.array([one.share, 1.0]) for one in self.heard]
        sums = sums_by_cluster(rows, [one.cluster for one in self.heard])
        return interval(sums, lambda drawn: drawn[:, 0] / drawn[:, 1], SIGNED)


def add_words(
    found: dict[tuple[str, str], Word], capture: Capture, result: Result, cluster: Hashable
) -> None:
    """Add the words of a text to those of its answer, by (label, word in small letters).

    Of two labels, what speaks against one speaks for the other.
    """
    prediction = capture.prediction
    said, names = str(prediction["label"]), [str(name) for name in prediction["labels"]]
    kinds = dict(_kinds(capture))
    shares: dict[str, float] = {}
    starts: dict[str, int] = {}
    for row in result.rows("words"):
        name = str(row["word"]).casefold()
        shares[name] = shares.get(name, 0.0) + float(row["share"])
        starts.setdefault(name, int(row["start"]))
    for name, share in shares.items():
        kind, told_by = kinds.get(starts[name], ("ADJ" if name in ADJECTIVES else "", BY_LIST))
        for label, signed in _signed(said, names, share):
            word = found.setdefault((label, name), Word(name, kind, told_by))
            word.heard.append(Heard(signed, cluster))


def _signed(said: str, names: Sequence[str], share: float) -> Iterator[tuple[str, float]]:
    yield said, share
    if len(names) == 2:
        yield names[1 - names.index(said)], -share


def _kinds(capture: Capture) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield where each word starts whose part of speech is given, and which that is."""
    record = capture.record
    if len(record.upos) == len(record.words):
        for word, kind in zip(words_of(record) if record.words else (), record.upos, strict=True):
            yield word.start, (kind, BY_TREE)


def word_rows(model: str, found: Mapping[tuple[str, str], Word]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of WORDS for the words that speak most for each label, adjectives first."""
    for label in dict.fromkeys(label for label, _ in found):
        own = leading(found, label)
        for word in sorted(own[:MOST], key=lambda one: not one.adjective):
            low, high = word.interval or (None, None)
            yield (
                model, label, word.name, word.kind, word.told_by, word.share, low, high,
                len(word.heard), word.clusters,
            )  # fmt: skip


def leading(found: Mapping[tuple[str, str], Word], label: str) -> list[Word]:
    """Return the words that speak for a label in a few texts at least, the strongest first."""
    own = [word for (of, _), word in found.items() if of == label and word.clusters >= LEAST]
    return sorted((word for word in own if word.share > 0), key=lambda word: -word.share)
