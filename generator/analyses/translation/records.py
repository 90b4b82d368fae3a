"""Each translation as the report lists it: its links, its errors, its scattered words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from ...array_types import Doubles
from ...results.shapes import Cell
from ...statistics import alignment as links
from .pairs import Pair
from .spread import scattered, spread

COLUMNS = (
    "model", "corpus", "record", "text", "translation", "given", "error_rate", "precision",
    "recall", "spread", "scattered", "dropped", "added", "links", "gold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Translated:
    """One translation by the way of reading that its model is shown by."""

    pair: Pair
    weights: Doubles

    @property
    def spread(self) -> float | None:
        """Return how far its words spread over the source, from 0 to 1."""
        return spread(self.weights)

    @property
    def scattered(self) -> list[int]:
        """Return the target words that look as if at half of the source or more."""
        return [int(at) for at in np.flatnonzero(scattered(self.weights))]

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return the translation as a row of COLUMNS."""
        pair = self.pair
        record, made = pair.read.capture.record, links.chosen(self.weights)
        numbers: tuple[float | None, ...] = (None, None, None)
        if pair.gold is not None:
            counts = links.tally(pair.gold, made)
            found = (links.error_rate(counts), links.precision(counts), links.recall(counts))
            numbers = tuple(None if np.isnan(one) else float(one) for one in found)
        joined = links.chosen_both_ways(self.weights)
        sources, targets = ({link[side] for link in joined} for side in (0, 1))
        dropped = [word.text for at, word in enumerate(pair.source) if at not in sources]
        added = [word.text for at, word in enumerate(pair.target) if at not in targets]
        return (
            pair.read.model.name, pair.read.corpus, record.id, record.text,
            " ".join(word.text for word in pair.target), "yes" if pair.given else "no", *numbers,
            self.spread, " ".join(pair.target[at].text for at in self.scattered),
            " ".join(dropped), " ".join(added), pharaoh(made), gold_text(pair),
        )  # fmt: skip


def worst_first(row: tuple[Cell, ...]) -> tuple[float, float]:
    """Order rows by falling error rate, those without one after them by falling spread."""
    rate = row[COLUMNS.index("error_rate")]
    far = cast("float | None", row[COLUMNS.index("spread")])
    return (-cast(float, rate) if rate is not None else 1.0, -(far or 0.0))


def pharaoh(made: set[links.Pair]) -> str:
    """Return links as the corpus writes them."""
    return " ".join(f"{source}-{target}" for source, target in sorted(made))


def gold_text(pair: Pair) -> str:
    """Return the gold links as the corpus writes them, possible ones with a p."""
    if pair.gold is None:
        return ""
    marks = {True: "-", False: "p"}
    return " ".join(
        f"{s}{marks[(s, t) in pair.gold.sure]}{t}" for s, t in sorted(pair.gold.possible)
    )
