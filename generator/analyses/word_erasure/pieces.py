"""Which tokens the words of a text are made of, without marks around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import punctuation, whitespace

import numpy as np

from ...array_types import Doubles, Floats, Indices
from ...capture import Capture, Token
from ...capture.token_positions import content_positions, covered
from ...capture.words import owners, words_of
from ...corpus import Record, Span

MARKS = whitespace + punctuation + "“”‘’«»„…–—¡¿。，、！？；："
UNCUT = 6
"""Tokens a word, on average, from which on a text counts as one without spaces."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The words of the first text of a record, and the word of each token: [token], -1 for none."""

    words: tuple[Span, ...]
    owner: Indices

    def places(self, start: int, end: int) -> frozenset[int]:
        """Return the tokens of the words that lie in code points [start, end)."""
        wanted = {at for at, one in enumerate(self.words) if start < one.end and one.start < end}
        return frozenset(int(at) for at in np.flatnonzero(np.isin(self.owner, [*wanted])))

    @property
    def read(self) -> list[int]:
        """Return the words of which a token was read, in order."""
        return sorted({int(at) for at in self.owner} - {-1})

    def of_word(self, word: int) -> frozenset[int]:
        """Return the tokens of one word."""
        return frozenset(int(at) for at in np.flatnonzero(self.owner == word))

    def sums(self, values: Floats) -> Doubles:
        """Return what the tokens of each word have together, float64 [word]."""
        found = np.zeros(len(self.words))
        own = self.owner >= 0
        np.add.at(found, self.owner[own], values[: len(self.owner)][own])
        return found


def pieces(capture: Capture, read: Iterable[int]) -> Pieces:
    """Return the words of the first text without the marks around them, and their tokens.

    `read` are the tokens from which the answer was given: a language model that writes a word has
    not seen what follows it. A text without spaces has its tokens for words.
    """
    record, tokens = capture.record, capture.maps[0].queries
    inside = sorted(
        {*covered(tokens, 0, len(record.text))} & {*content_positions(capture)} & {*read}
    )
    words = _words(record)
    if len(inside) >= UNCUT * max(1, len(words)):
        words = _tokens([tokens[at] for at in inside])
    owner = np.full(len(tokens), -1, dtype=np.intp)
    owner[inside] = owners([tokens[at] for at in inside], words)
    return Pieces(words, owner)


def _words(record: Record) -> tuple[Span, ...]:
    found = (bare(word) for word in words_of(record))
    return tuple(word for word in found if word.text)


def bare(word: Span) -> Span:
    """Return a piece of text without the marks and spaces around it."""
    left = word.text.lstrip(MARKS)
    return Span(left.rstrip(MARKS), word.start + len(word.text) - len(left))


def _tokens(tokens: Sequence[Token]) -> tuple[Span, ...]:
    found = (bare(Span(t.text, t.start)) for t in tokens if t.start is not None)
    return tuple(word for word in found if word.text)
