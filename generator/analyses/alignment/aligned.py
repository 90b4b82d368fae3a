"""Every way of reading cross-attention held against gold links, beside what needs no model."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ...array_types import Integers
from ...corpus import Record, group_of
from ...results.shapes import Cell
from ...statistics import alignment as links
from ...statistics.alignment import Rate
from ...statistics.splits import GroupSplitter
from .pairs import READINGS, TranslationPair, way_names

LINKS = ("argmax", "both")
"""How links are made: from each target word, or where both words choose each other."""
CHOOSE = (links.chosen, links.chosen_both_ways)
STEPS = tuple(range(-3, 4))
"""The fixed offsets that are tried, in words."""
PLAIN = ("diagonal", *(f"offset {step:+d}" for step in STEPS))
"""Links that need no model."""
COLUMNS = (
    "way", "layer", "head", "reading", "links", "error_rate", "low", "high", "precision", "recall",
    "sentences", "clusters", "half",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """The links of one sentence, counted: `ways` [reading, links, way, 4], `plain` [PLAIN, 4]."""

    ways: Integers
    plain: Integers


def counted(pair: TranslationPair) -> Counted:
    """Return what the links of a sentence with gold links come to, in every way."""
    gold = pair.gold
    assert gold is not None
    ways = [
        [[links.tally(gold, choose(way)) for way in pair.attention[reading]] for choose in CHOOSE]
        for reading in READINGS
    ]
    sizes = (len(pair.source), len(pair.target))
    made = [links.diagonal(*sizes), *(links.offset(*sizes, step) for step in STEPS)]
    return Counted(np.array(ways), np.stack([links.tally(gold, one) for one in made]))


@dataclass(slots=True)
class Tallies:
    """What the sentences of one model with gold links add up to, sentence by sentence."""

    layers: int = 0
    heads: int = 0
    ways: list[Integers] = field(default_factory=list)
    plain: list[Integers] = field(default_factory=list)
    clusters: list[Hashable] = field(default_factory=list)
    tells: list[bool] = field(default_factory=list)
    splitter: GroupSplitter = field(default_factory=GroupSplitter)

    def add(self, record: Record, ways: Integers, plain: Integers, shape: tuple[int, int]) -> None:
        """Take in one sentence; one of other heads than the first is passed over."""
        if self.clusters and shape != (self.layers, self.heads):
            return
        self.layers, self.heads = shape
        group = group_of(record)
        self.ways.append(ways)
        self.plain.append(plain)
        self.clusters.append(group or len(self.clusters))
        self.tells.append(bool(self.splitter.part(group)[0]))

    @property
    def names(self) -> list[str]:
        """Return what the ways are called."""
        return way_names(self.layers, self.heads)

    def rate(self, way: int, reading: str = "written", made: str = "argmax") -> Rate:
        """Return the rates of a way over all sentences."""
        return self._pooled(self._of(way, reading, made))

    def told(self, way: int, reading: str = "written", made: str = "argmax") -> Rate:
        """Return the rates of a way over the half of the sentences that does not choose."""
        return self._pooled(self._of(way, reading, made), half=True)

    def baseline(self, name: str, half: bool = False) -> Rate:
        """Return the rates of links that need no model."""
        return self._pooled([one[PLAIN.index(name)] for one in self.plain], half)

    def offset(self) -> str:
        """Return the name of the best fixed offset over all sentences."""
        return min(PLAIN[1:], key=lambda name: self.baseline(name).value)

    def best_head(self) -> int | None:
        """Return the head that errs least on the half that chooses, None without halves."""
        return self._best(0, self.layers * self.heads)

    def best_mean(self) -> int | None:
        """Return the mean of heads that errs least on the half that chooses."""
        start = self.layers * self.heads
        return self._best(start, start + self.layers + 1)

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield a row for each way, reading and making of links; then those without a model."""
        for reading in READINGS:
            yield from self.of_reading(reading, reading)
        for name in ("diagonal", self.offset()):
            yield (name, None, None, "", "", *_numbers(self.baseline(name)), "all")
        head = self.best_head()
        for reading in READINGS if head is not None else ():
            if head is not None:
                yield self._row(head, reading, "argmax", self.told(head, reading), "other")

    def of_reading(self, reading: str, called: str) -> Iterator[tuple[Cell, ...]]:
        """Yield a row for each way and making of links by one reading, under the name for it."""
        for made in LINKS:
            for way in range(len(self.names)):
                rate = self.rate(way, reading, made)
                yield self._row(way, called, made, rate)

    def _row(
        self, way: int, reading: str, made: str, rate: Rate, half: str = "all"
    ) -> tuple[Cell, ...]:
        heads = self.layers * self.heads
        place: tuple[int | None, int | None] = (None, None)
        if way < heads + self.layers:
            place = divmod(way, self.heads) if way < heads else (way - heads, None)
        return (self.names[way], *place, reading, made, *_numbers(rate), half)

    def _of(self, way: int, reading: str, made: str) -> list[Integers]:
        at = (READINGS.index(reading), LINKS.index(made), way)
        return [one[at] for one in self.ways]

    def _best(self, first: int, last: int) -> int | None:
        choosing = [
            one[0, 0] for one, tells in zip(self.ways, self.tells, strict=True) if not tells
        ]
        if not choosing or len(choosing) == len(self.ways):
            return None
        rates = links.error_rate(np.sum(choosing, axis=0))[first:last]
        return first + int(np.nanargmin(rates)) if not np.isnan(rates).all() else None

    def _pooled(self, counts: list[Integers], half: bool = False) -> Rate:
        which = [at for at, tells in enumerate(self.tells) if tells or not half]
        return links.pooled([counts[at] for at in which], [self.clusters[at] for at in which])


def _numbers(rate: Rate) -> tuple[Cell, ...]:
    low, high = rate.interval or (None, None)
    return (rate.value, low, high, rate.precision, rate.recall, rate.n, rate.clusters)
