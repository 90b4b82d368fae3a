"""A French adjective and its noun: which source words it looks at, and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import punctuation

import numpy as np

from ...array_types import Doubles
from ...results.shapes import Cell
from ..alignment.pairs import TranslationPair, Words
from .french import Form, adjectives, english_plural, nouns

COLUMNS = (
    "adjective", "noun", "gender", "order", "looks_at", "on_noun", "even", "among", "agrees",
)  # fmt: skip
LOOKS = 3
"""Source words that are named."""
AMONG = 2
"""The noun counts as looked at when it is one of so many first source words."""
NEAR = (-1, 1, -2, -3, -4)
"""Where the noun of an adjective may stand, seen from it, the likeliest first."""
BETWEEN = frozenset(("est", "sont", "était", "étaient", "sera", "très", "trop", "plus", "pas"))
"""What may stand between a noun and what is said of it."""


def agreements(pair: TranslationPair, weights: Doubles) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of COLUMNS for each adjective of the lexicon beside a noun of it.

    `weights` [target, source]. `order` says on which side of its noun the adjective stands;
    `on_noun` is the share, among the words, of the noun that sets the gender, `even` what even
    spreading gives; `among` whether that noun is one of the two source words looked at most;
    `agrees` is empty where the form shows neither gender nor number.
    """
    target, source = _plain(pair.target), _plain(pair.source)
    for at, word in enumerate(target):
        place = _noun_of(target, at) if word in adjectives() else None
        if place is None or np.isnan(weights[at]).any() or not weights[at].sum():
            continue
        noun = nouns()[target[place]]
        there = _in_source(source, noun)
        if there is None:
            continue
        shares = weights[at] / weights[at].sum()
        order = np.argsort(-shares, kind="stable")
        looks = ", ".join(f"{pair.source[s].text} {shares[s]:.2f}" for s in order[:LOOKS])
        yield (
            pair.target[at].text, pair.target[place].text, noun[0].genders,
            "before" if at < place else "after", looks,
            float(shares[there]), 1 / len(source), "yes" if there in order[:AMONG] else "no",
            _agree(adjectives()[word], noun),
        )  # fmt: skip


def _plain(words: Words) -> list[str]:
    return [word.text.casefold().strip(punctuation + "’") for word in words]


def _noun_of(words: Sequence[str], at: int) -> int | None:
    """Return where the noun of an adjective stands, None where none of the lexicon is near."""
    places = (at + step for step in NEAR if 0 <= at + step < len(words))
    return next((p for p in places if words[p] in nouns() and _joined(words, p, at)), None)


def _joined(words: Sequence[str], noun: int, at: int) -> bool:
    """Return whether nothing but what may stand there lies between a noun and an adjective."""
    return noun > at or BETWEEN.issuperset(words[noun + 1 : at])


def _in_source(words: Sequence[str], noun: Sequence[Form]) -> int | None:
    english = {form.english for form in noun} | {english_plural(form.english) for form in noun}
    return next((at for at, word in enumerate(words) if word in english), None)


def _agree(adjective: Sequence[Form], noun: Sequence[Form]) -> str:
    """Return yes or no, nothing where the adjective has one form for both genders."""
    if all(form.genders == "mf" for form in adjective):
        return ""
    fit = (set(a.genders) & set(n.genders) and a.plural == n.plural
           for a in adjective for n in noun)  # fmt: skip
    return "yes" if any(fit) else "no"
