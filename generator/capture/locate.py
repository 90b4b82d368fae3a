"""Where in a text its tokens stand, found by what their names spell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from ..array_types import Mask
from .spelling import UNKNOWN, Symbol, fold, spellings, symbols

Offsets = tuple[int, int]
WORD = re.compile(r"\S+")
Ints = npt.NDArray[np.int32]

AHEAD, WITHIN = 256, 1024
"""How many characters of tokens are looked at together, and how many of the text."""
ENOUGH = 0.5
"""The share of letters that tokens and text must have alike to be of one another."""
SAME, BLANK, ANY, ADJACENT, NEVER = 8, 2, 1, 1, -(10**9)
"""What it is worth to pair a letter, a blank, an unknown; two in a row; and what never pairs."""


def locate(names: Sequence[str], text: str, unknown: Collection[str] = ()) -> list[Offsets]:
    """Return where each token stands, in code points; `unknown` names may stand for anything.

    The places never run backwards. A token that is not in the text gets what is left between its
    neighbours: a word each where they are as many, else all of them the same; a token that there
    is nothing for has no width.
    """
    return located(names, text, unknown)[0]


def located(
    names: Sequence[str], text: str, unknown: Collection[str] = ()
) -> tuple[list[Offsets], float]:
    """Return where each token stands, and the share of letters that tokens and text have alike.

    Where some are unknown only those of the others count.
    """
    source = [(part, place) for place, letter in enumerate(text) for part in fold(letter)]
    letters = [part for part, _ in source]
    options = [symbols(spelt) for spelt in spellings(names, unknown)]
    visible = "".join(letters).replace(" ", "")
    exact = [wanted for wanted in options if _visible(wanted) == visible]
    paired = [(wanted, list(_pairs(_letters(wanted), letters))) for wanted in exact[:1] or options]
    wanted, pairs = max(paired, key=lambda pair: _share(pair[0], pair[1], letters))
    told = pairs if _share(wanted, pairs, letters) >= ENOUGH else ()
    spans = _spans(wanted, [(at, source[given][1]) for at, given in told], len(names))
    full = 0 if UNKNOWN in _visible(wanted) else len(visible)
    return _filled(spans, wanted, text), _share(wanted, pairs, letters, full)


def _share(
    wanted: Sequence[Symbol], pairs: Sequence[Offsets], letters: Sequence[str], least: int = 0
) -> float:
    """Return which share of what tokens spell is in the text, of `least` letters or more."""
    known = max(least, len(_visible(wanted).replace(UNKNOWN, "")))
    return sum(letters[given] != " " for _, given in pairs) / known if known else 1.0


def _letters(wanted: Sequence[Symbol]) -> list[str]:
    return [symbol.character for symbol in wanted]


def _visible(wanted: Sequence[Symbol]) -> str:
    return "".join(_letters(wanted)).replace(" ", "")


def _pairs(wanted: Sequence[str], given: Sequence[str]) -> Iterator[Offsets]:
    """Yield which character of the tokens is which of the text, in order.

    Equal ones pair as they come; where they differ, the best of all pairings ahead is taken.
    """
    at, place = 0, 0
    while at < len(wanted) and place < len(given):
        if wanted[at] == given[place]:
            yield at, place
            at, place = at + 1, place + 1
        elif wanted[at] == " ":
            at += 1
        elif given[place] == " ":
            place += 1
        else:
            last = at + AHEAD >= len(wanted)
            kept = len(wanted) if last else at + AHEAD // 2
            found = _best_pairs(wanted[at : at + AHEAD], given[place : place + WITHIN])
            for one, other in found:
                if at + one < kept:
                    yield at + one, place + other
            reached = [other for one, other in found if at + one < kept]
            at, place = kept, place + (reached[-1] + 1 if reached else 0)


def _best_pairs(wanted: Sequence[str], given: Sequence[str]) -> list[Offsets]:
    """Return the pairing of two strings that is worth most, in order."""
    codes = np.array([ord(letter) for letter in given])
    paired = np.empty((len(wanted) + 1, len(given) + 1), dtype=np.int32)
    best = np.zeros_like(paired)
    paired[0] = paired[:, 0] = NEVER
    bonus = [ADJACENT * (letter != UNKNOWN) for letter in ("", *wanted)]
    for at, letter in enumerate(wanted, start=1):
        before = np.maximum(best[at - 1, :-1], paired[at - 1, :-1] + bonus[at - 1])
        paired[at, 1:] = np.where(_fits(letter, codes), before + _worth(letter), NEVER)
        best[at] = np.maximum.accumulate(np.maximum(paired[at], best[at - 1]))
    return _traced(best, paired, bonus)


def _fits(letter: str, codes: Ints) -> Mask:
    found: Mask = codes != ord(" ") if letter == UNKNOWN else codes == ord(letter)
    return found


def _worth(letter: str) -> int:
    return {UNKNOWN: ANY, " ": BLANK}.get(letter, SAME)


def _traced(best: Ints, paired: Ints, bonus: Sequence[int]) -> list[Offsets]:
    """Return the pairs that the last cell of a table goes back to."""
    at, place = best.shape[0] - 1, best.shape[1] - 1
    found, adjacent = [], False
    while at and place:
        if not adjacent and best[at, place] == best[at, place - 1]:
            place -= 1
        elif adjacent or best[at, place] == paired[at, place]:
            found.append((at - 1, place - 1))
            adjacent = paired[at - 1, place - 1] + bonus[at - 1] > best[at - 1, place - 1]
            at, place = at - 1, place - 1
        else:
            at -= 1
    return found[::-1]


def _spans(wanted: Sequence[Symbol], pairs: Sequence[Offsets], count: int) -> list[Offsets | None]:
    """Return where each token begins and ends by the characters it has in the text, if any."""
    spans: list[Offsets | None] = [None] * count
    for at, place in pairs:
        character, first, last = wanted[at]
        if character == UNKNOWN:
            continue
        for token in range(first, last + 1):
            start, end = spans[token] or (place, place + 1)
            spans[token] = min(start, place), max(end, place + 1)
    return spans


def _filled(spans: Sequence[Offsets | None], wanted: Sequence[Symbol], text: str) -> list[Offsets]:
    """Give the tokens that have no place what is left between those that have one."""
    letters = [symbol for symbol in wanted if symbol.character != " "]
    visible = {token for letter in letters for token in range(letter.first, letter.last + 1)}
    found: list[Offsets] = []
    for placed, run in groupby(enumerate(spans), key=lambda item: item[1] is not None):
        if placed:
            found += [span for _, span in run if span]
            continue
        tokens = [token for token, _ in run]
        start = found[-1][1] if found else 0
        following = spans[tokens[-1] + 1] if tokens[-1] + 1 < len(spans) else None
        end = max(start, following[0]) if following else len(text)
        words = [word.span() for word in WORD.finditer(text, start, end)]
        found += _shared(tokens, visible, words, start)
    return _widened(found, visible)


def _widened(places: list[Offsets], visible: Collection[int]) -> list[Offsets]:
    """Let a token that is a blank have all up to the next one: more blanks, and what is dropped."""
    for token, (start, end) in enumerate(places[:-1]):
        following = places[token + 1][0]
        if token not in visible and start < end < following:
            places[token] = start, following
    return places


def _shared(
    tokens: Sequence[int], visible: Collection[int], words: Sequence[Offsets], start: int
) -> Iterator[Offsets]:
    """Yield a place for each token of a run: a word each if they are as many, else all the same."""
    takers = [token for token in tokens if token in visible]
    whole = (words[0][0], words[-1][1]) if words else (start, start)
    equal = words if len(words) == len(takers) else [whole] * len(takers)
    given = dict(zip(takers, equal, strict=True))
    reached = start
    for token in tokens:
        yield given.get(token, (reached, reached))
        reached = given.get(token, (reached, reached))[1]
