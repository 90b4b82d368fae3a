"""Each translation as the report lists it: its links, its errors, its scattered words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from ...array_types import Doubles
from ...results.shapes import Cell
from ...statistics import alignment as links
from ..alignment.pairs import TranslationPair, Words
from ..analysis import Read
from .spread import scattered, spread

COLUMNS = (
    "model", "corpus", "record", "text", "words", "written", "given", "error_rate", "precision",
    "recall", "spread", "scattered", "scattered_at", "dropped", "added", "links", "gold",
)  # fmt: skip
"""`words` and `written` are those of both texts, joined by blanks; links count them from 0."""


@dataclass(frozen=True, slots=True)
class Translated:
    """One translation by the way of reading that its model is shown by."""

    read: Read
    pair: TranslationPair
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
        record, made = pair.capture.record, links.chosen(self.weights)
        numbers: tuple[float | None, ...] = (None, None, None)
        if pair.gold is not None:
            counts = links.tally(pair.gold, made)
            found = (links.error_rate(counts), links.precision(counts), links.recall(counts))
            numbers = tuple(None if np.isnan(one) else float(one) for one in found)
        joined = links.chosen_both_ways(self.weights)
        sources, targets = ({link[side] for link in joined} for side in (0, 1))
        dropped, added = unpaired(pair.source, sources), unpaired(pair.target, targets)
        return (
            self.read.model.name, self.read.corpus, record.id, record.text,
            joined_words(pair.source), joined_words(pair.target),
            "yes" if pair.given else "no", *numbers,
            self.spread, " ".join(pair.target[at].text for at in self.scattered),
            " ".join(map(str, self.scattered)), " ".join(dropped), " ".join(added),
            pharaoh(made), gold_text(pair),
        )  # fmt: skip


def unpaired(words: Words, paired: set[int]) -> list[str]:
    """Return the words that are in no pair, but for punctuation."""
    texts = (word.text for at, word in enumerate(words) if at not in paired)
    return [text for text in texts if any(map(str.isalnum, text))]


def joined_words(words: Words) -> str:
    """Return words with a blank between them; a blank within one does not break."""
    return " ".join(word.text.replace(" ", "\u00a0") for word in words)


def worst_first(row: tuple[Cell, ...]) -> tuple[float, float]:
    """Order rows by falling error rate, those without one after them by falling spread."""
    rate = row[COLUMNS.index("error_rate")]
    far = cast("float | None", row[COLUMNS.index("spread")])
    return (-cast(float, rate) if rate is not None else 1.0, -(far or 0.0))


def pharaoh(made: set[links.WordLink]) -> str:
    """Return links as the corpus writes them."""
    return " ".join(f"{source}-{target}" for source, target in sorted(made))


def gold_text(pair: TranslationPair) -> str:
    """Return the gold links as the corpus writes them, possible ones with a p."""
    if pair.gold is None:
        return ""
    marks = {True: "-", False: "p"}
    return " ".join(
        f"{s}{marks[(s, t) in pair.gold.sure]}{t}" for s, t in sorted(pair.gold.possible)
    )
