"""Every way of reading cross-attention held against gold links, beside what needs no model."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ...array_types import Integers
from ...results.shapes import Cell
from ...statistics import alignment as links
from ...statistics.alignment import Rate
from ...statistics.splits import GroupSplitter
from .pairs import READINGS, Pair, way_names

LINKS = {"argmax": links.chosen, "both": links.chosen_both_ways}
"""How links are made: from each target word, or where both words choose each other."""
STEPS = tuple(range(-3, 4))
"""The fixed offsets that are tried, in words."""
COLUMNS = (
    "model", "way", "layer", "head", "reading", "links", "error_rate", "low", "high", "precision",
    "recall", "sentences", "clusters", "half",
)  # fmt: skip


@dataclass(slots=True)
class Tallies:
    """What the sentences of one model with gold links add up to, sentence by sentence."""

    layers: int = 0
    heads: int = 0
    ways: dict[tuple[str, str], list[Integers]] = field(default_factory=dict)
    plain: dict[str, list[Integers]] = field(default_factory=dict)
    clusters: list[Hashable] = field(default_factory=list)
    tells: list[bool] = field(default_factory=list)
    splitter: GroupSplitter = field(default_factory=GroupSplitter)

    def add(self, pair: Pair) -> None:
        """Count the links of one sentence, in every way, [way, 4]."""
        gold = pair.gold
        if gold is None:
            return
        cross = next(part for part in pair.read.capture.maps if part.kind == "cross")
        self.layers, self.heads = cross.layers, cross.heads
        for reading in READINGS:
            for name, choose in LINKS.items():
                found = [links.tally(gold, choose(way)) for way in pair.attention[reading]]
                self.ways.setdefault((reading, name), []).append(np.stack(found))
        sizes = (len(pair.source), len(pair.target))
        self.plain.setdefault("diagonal", []).append(links.tally(gold, links.diagonal(*sizes)))
        for step in STEPS:
            made = links.offset(*sizes, step)
            self.plain.setdefault(f"offset {step:+d}", []).append(links.tally(gold, made))
        self.clusters.append(pair.cluster)
        self.tells.append(bool(self.splitter.part(pair.group)[0]))

    @property
    def names(self) -> list[str]:
        """Return what the ways are called."""
        return way_names(self.layers, self.heads)

    def rate(self, way: int, reading: str = "written", made: str = "argmax") -> Rate:
        """Return the rates of a way over all sentences."""
        return self._pooled([row[way] for row in self.ways[reading, made]])

    def told(self, way: int, reading: str = "written", made: str = "argmax") -> Rate:
        """Return the rates of a way over the half of the sentences that does not choose."""
        return self._pooled([row[way] for row in self.ways[reading, made]], half=True)

    def baseline(self, name: str, half: bool = False) -> Rate:
        """Return the rates of links that need no model."""
        return self._pooled(self.plain[name], half)

    def offset(self) -> str:
        """Return the name of the best fixed offset over all sentences."""
        names = [f"offset {step:+d}" for step in STEPS]
        return min(names, key=lambda name: self.baseline(name).value)

    def best(self, first: int, last: int) -> int | None:
        """Return which of some ways errs least on the half that chooses, None without halves."""
        choosing = [not tells for tells in self.tells]
        if not any(choosing) or all(choosing):
            return None
        found = np.stack(self.ways["written", "argmax"])[choosing].sum(axis=0)
        return first + int(np.nanargmin(links.error_rate(found)[first:last]))

    def best_head(self) -> int | None:
        """Return the head that errs least on the half that chooses."""
        return self.best(0, self.layers * self.heads)

    def best_mean(self) -> int | None:
        """Return the mean of heads that errs least on the half that chooses."""
        start = self.layers * self.heads
        return self.best(start, start + self.layers + 1)

    def rows(self, model: str) -> Iterator[tuple[Cell, ...]]:
        """Yield a row for each way, reading and making of links; then those without a model."""
        for (reading, made), _ in self.ways.items():
            for way, name in enumerate(self.names):
                yield _row(
                    model, name, self._place(way), reading, made, self.rate(way, reading, made)
                )
        for name in ("diagonal", self.offset()):
            yield _row(model, name, (None, None), "", "", self.baseline(name))
        head = self.best_head()
        if head is None:
            return
        for reading in READINGS:
            told, place = self.told(head, reading), self._place(head)
            yield _row(model, self.names[head], place, reading, "argmax", told, "other half")

    def _place(self, way: int) -> tuple[int | None, int | None]:
        heads = self.layers * self.heads
        if way < heads:
            return divmod(way, self.heads)
        return (way - heads, None) if way < heads + self.layers else (None, None)

    def _pooled(self, counts: list[Integers], half: bool = False) -> Rate:
        which = [at for at, tells in enumerate(self.tells) if tells or not half]
        return links.pooled([counts[at] for at in which], [self.clusters[at] for at in which])


def _row(
    model: str,
    name: str,
    place: tuple[int | None, int | None],
    reading: str,
    made: str,
    rate: Rate,
    half: str = "all",
) -> tuple[Cell, ...]:
    low, high = rate.interval or (None, None)
    numbers = (rate.value, low, high, rate.precision, rate.recall, rate.n, rate.clusters)
    return (model, name, *place, reading, made, *numbers, half)
