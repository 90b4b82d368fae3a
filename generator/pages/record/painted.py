"""The text of a record page, painted by the words for the answer and against it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ...capture import Token
from .reasons import Reason, Reasons

FAINT, FULL = 12, 40
"""Percent of the colour of a side: under the words that move the answer least, and most."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the text: its side, "" for most of it, and how strongly it is painted."""

    text: str
    side: str = ""
    strength: int = 0


Mark = tuple[str, int]
PLAIN: Mark = ("", 0)


def marks(tokens: Sequence[Token], reasons: Reasons) -> list[Mark]:
    """Return the side of each token and its strength: by how far the answer moves without it."""
    sides = {"for": reasons.speaks_for, "against": reasons.against}
    moves = [_move(one, reasons) for own in sides.values() for one in own]
    most = max(moves, default=0.0) or 1.0
    found = []
    for token in tokens:
        named = ((side, one) for side, own in sides.items() for one in own if _is_of(token, one))
        side, one = next(named, ("", None))
        share = 0.0 if one is None else _move(one, reasons) / most
        found.append((side, round(FAINT + (FULL - FAINT) * share)) if side else PLAIN)
    return found


def painted_island(tokens: Sequence[Token], reasons: Reasons | None) -> list[list[int | str]]:
    """Return [token, side, strength] of each token that is painted, for the scripts."""
    found = marks(tokens, reasons) if reasons else []
    return [[at, *mark] for at, mark in enumerate(found) if mark != PLAIN]


def runs(tokens: Sequence[Token], reasons: Reasons) -> list[Run]:
    """Return the text without special tokens in stretches; a space before a word is not painted."""
    pairs = zip(tokens, marks(tokens, reasons), strict=True)
    pieces = [piece for token, mark in pairs for piece in _cut(token, mark) if piece[0]]
    return [
        Run("".join(text for text, _ in own), *mark)
        for mark, own in groupby(pieces, key=lambda piece: piece[1])
    ]


def _cut(token: Token, mark: Mark) -> Iterator[tuple[str, Mark]]:
    shown = "" if token.special else token.text
    word = shown.lstrip()
    yield shown[: len(shown) - len(word)], PLAIN
    yield word, mark


def _move(one: Reason, reasons: Reasons) -> float:
    return 0.0 if one.without is None else abs(reasons.full - one.without)


def _is_of(token: Token, one: Reason) -> bool:
    if token.special or token.start is None or token.end is None:
        return False
    return token.start < one.end and token.end > one.start
