"""Which aspect of a text carries the answer, and whether erasing agrees."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...results.shapes import Cell
from ...statistics.bootstrap import Interval
from ...statistics.clusters import interval, share_interval, sums_by_cluster

TEXTS = (
    "model", "corpus", "record", "text", "label", "predicted", "right", "leads", "share",
    "erasing", "agrees", "mixed", "follows",
)  # fmt: skip
ASPECTS = (
    "model", "aspect", "texts", "clusters", "share", "low", "high", "fall", "leads", "with others",
)  # fmt: skip
EVEN = 0.5
"""How likely the answer must be of a part read alone for that part to say it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What speaks of one aspect of a text."""

    aspect: str
    text: str
    share: float
    without: float
    alone: float


@dataclass(frozen=True, slots=True)
class AspectText:
    """A text with aspects, as one model answered it; `full` is how likely that answer is."""

    model: str
    corpus: str
    record: str
    text: str
    label: str
    predicted: str
    right: bool | None
    full: float
    parts: tuple[Part, ...]
    cluster: Hashable

    @property
    def compared(self) -> bool:
        """Return whether there are several parts to compare."""
        return len({part.text for part in self.parts}) > 1

    @property
    def leads(self) -> Part:
        """Return the part whose words carry most of the answer."""
        return max(self.parts, key=lambda part: part.share)

    @property
    def costs(self) -> Part:
        """Return the part without which the answer is least likely."""
        return min(self.parts, key=lambda part: part.without)

    @property
    def agrees(self) -> bool:
        """Return whether erasing puts the same part first as the words do."""
        return self.costs.text == self.leads.text

    @property
    def mixed(self) -> bool:
        """Return whether parts, read alone, give different answers."""
        says = {part.alone > EVEN for part in self.parts}
        return self.compared and len(says) == 2

    @property
    def follows(self) -> Part:
        """Return the part that, read alone, says the answer most surely."""
        return max(self.parts, key=lambda part: part.alone)

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return a row of TEXTS."""
        right = None if self.right is None else ("yes" if self.right else "no")
        yes = {True: "yes", False: "no"}
        return (
            self.model, self.corpus, self.record, self.text, self.label, self.predicted, right,
            self.leads.aspect, self.leads.share, self.costs.aspect, yes[self.agrees],
            yes[self.mixed], self.follows.aspect,
        )  # fmt: skip


def parts(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Return the parts of a text that were erased and read alone."""
    return tuple(
        Part(row["aspect"], row["part"], row["share"], row["without"], row["alone"])
        for row in rows
        if row["without"] is not None and row["alone"] is not None
    )


def share_of(texts: Sequence[AspectText], true: Sequence[bool]) -> tuple[float, Interval | None]:
    """Return how many of the texts something is true of, as a share with its interval."""
    value = sum(true) / len(texts)
    return value, share_interval(value, len({one.cluster for one in texts}))


def aspect_rows(model: str, texts: Sequence[AspectText]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of ASPECTS for each aspect by its name, the most frequent first."""
    named: dict[str, list[tuple[AspectText, Part]]] = {}
    for text in texts:
        for part in text.parts:
            named.setdefault(part.aspect.casefold(), []).append((text, part))
    for name, own in sorted(named.items(), key=lambda pair: -len(pair[1])):
        rows = [np.array([part.share, 1.0]) for _, part in own]
        sums = sums_by_cluster(rows, [text.cluster for text, _ in own])
        low, high = interval(sums, _mean, (-1.0, 1.0)) or (None, None)
        fall = sum(text.full - part.without for text, part in own) / len(own)
        compared = [(text, part) for text, part in own if text.compared]
        leads = sum(text.leads.text == part.text for text, part in compared)
        share = sum(part.share for _, part in own) / len(own)
        yield model, name, len(own), len(sums), share, low, high, fall, leads, len(compared)


def _mean(drawn: Any) -> Any:
    return drawn[:, 0] / drawn[:, 1]
