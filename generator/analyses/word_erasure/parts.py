"""Which part of a text speaks of which aspect. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...corpus import Span
from .pieces import bare

CUT = re.compile(
    r"(?P<sentence>[.!?。！？]+(?=\s|$))|[;:,，；：]+(?=\s|$)|[—–]"
    r"|\b(?:but|although|though|while|whereas|yet|however|and)\b",
    re.IGNORECASE,
)
"""Where one part of a sentence ends and the next begins."""


def parts_of(text: str, aspects: Sequence[Span]) -> tuple[Span, ...]:
    """Return for each aspect the part of the text that speaks of it.

    A sentence is cut at marks and at words such as "but". The piece that an aspect stands in is
    its own, and so are the pieces of that sentence after it that name none, and before the first
    one that does. Aspects of one piece share it.
    """
    found: list[Span] = list(aspects)
    for start, end in _sentences(text, aspects):
        inside = [at for at, aspect in enumerate(aspects) if start <= aspect.start < end]
        shared = _shared(text, start, end, aspects, inside)
        for at, (begin, stop) in zip(inside, shared, strict=True):
            found[at] = bare(Span(text[begin:stop], begin))
    return tuple(found)


def _sentences(text: str, aspects: Sequence[Span]) -> list[tuple[int, int]]:
    cuts = [cut for cut in _cuts(text, 0, len(text), aspects) if cut["sentence"]]
    starts = [0, *(cut.end() for cut in cuts)]
    return list(zip(starts, [*(cut.start() for cut in cuts), len(text)], strict=True))


def _shared(
    text: str, start: int, end: int, aspects: Sequence[Span], inside: Sequence[int]
) -> list[tuple[int, int]]:
    """Return start and end of the part of each aspect that stands in one sentence."""
    cuts = _cuts(text, start, end, aspects)
    own = [
        max((c.end() for c in cuts if c.end() <= aspects[at].start), default=start) for at in inside
    ]
    begins = sorted(set(own))
    found = []
    for begin in own:
        following = next((other for other in begins if other > begin), None)
        stop = end if following is None else max(c.start() for c in cuts if c.end() <= following)
        found.append((start if begin == begins[0] else begin, stop))
    return found


def _cuts(text: str, start: int, end: int, aspects: Sequence[Span]) -> list[re.Match[str]]:
    """Return the cuts in a stretch of the text that divide no aspect."""
    return [
        cut
        for cut in CUT.finditer(text, start, end)
        if all(cut.end() <= one.start or cut.start() >= one.end for one in aspects)
    ]
