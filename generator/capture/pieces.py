"""The pieces that a text is cut into: tokens that join to exactly that text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .locate import Offsets
from .maps import Token


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """Token ids and segment numbers [token] as the model gets them, and the tokens as shown.

    `truncated` counts the tokens that did not fit. From the token `continued` on they are not of
    the text but of what the record says it goes on with; 0 where there is no such.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    tokens: tuple[Token, ...]
    truncated: int = 0
    continued: int = 0

    def __len__(self) -> int:
        return len(self.ids)


def pieces(text: str, offsets: Sequence[Offsets], whole: bool = True) -> list[Offsets]:
    """Return where to cut the text so that the pieces of its tokens join to it.

    A gap goes to the token after it, but for marks on the last character before it. Of tokens that
    share a character the last one gets it, and the others get nothing. Unless `whole`, the text
    ends with its last token.
    """
    cuts = [0]
    for (_, end), (start, following) in pairwise(offsets):
        nowhere = start == following < end
        cut = max(cuts[-1], end if nowhere else min(start, end))
        while cut < start and unicodedata.combining(text[cut]):
            cut += 1
        cuts.append(cut)
    last = len(text) if whole else max(cuts[-1], offsets[-1][1])
    return list(zip(cuts, [*cuts[1:], last], strict=True))


def spelt_pieces(count: int, decode: Callable[[int], str]) -> tuple[str, list[str]]:
    """Return the text that tokens spell and each one's piece; `decode(n)` decodes the first n.

    A token whose character is not complete yet gets nothing; the one that completes it gets it.
    """
    text, done, found = decode(count), 0, []
    for number in range(1, count + 1):
        now = decode(number) if number < count else text
        reach = len(now) if text.startswith(now) else done
        found.append(text[done : max(reach, done)])
        done = max(reach, done)
    return text, found


def piece_token(text: str, token: Token, span: Offsets, shared: Offsets, skip: int) -> Token:
    """Return a token of the text; one without a piece keeps the place of what it shares."""
    start, end = span
    if end <= skip and skip:
        return Token(text[start:end], token.id, special=True)
    piece = text[max(start, skip) : end]
    if not piece and shared[0] < shared[1]:
        start, end = shared
    start, end = max(start, skip) - skip, max(end, skip) - skip
    return Token(piece, token.id, start=start, end=end, name=None if piece else token.text)
