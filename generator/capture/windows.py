"""Where to cut a text that is too long, so that every model reads all of it in the same windows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..corpus import Record, RecordError
from ..errors import InputError
from .encode import UNCUT
from .limits import token_limit
from .tokens import Reader

SMALLER = 0.95
"""How much of a window is kept where it turns out to have too many tokens by itself."""
NEAR = 0.5
"""Whitespace counts as near where it lies in this last part of what could be taken."""


@dataclass(frozen=True, slots=True)
class LengthLimit:
    """One model's tokenizer, and how many tokens the model reads at most."""

    name: str
    reader: Reader
    limit: int

    @classmethod
    def of(
        cls, name: str, tokenizer: Any, config: Any, masks: bool, max_tokens: int | None
    ) -> LengthLimit:
        """Return the limit of a model; `masks` says that it fills masks in."""
        limit = token_limit(config, tokenizer, max_tokens)
        return cls(name, Reader(tokenizer, UNCUT, masks), limit)

    def check(self, stride: int) -> None:
        """Raise InputError where windows would not overlap, or never move on."""
        room = self.limit - self.reader.tokenizer.num_special_tokens_to_add()
        if not 1 <= stride < room:
            raise InputError(
                f"--windows {stride} is not from 1 to less than the window: model {self.name!r} "
                f"reads {max(room, 0)} tokens of a text at a time; give a smaller number."
            )

    def overflows(self, record: Record) -> bool:
        """Return whether the model would have to cut off a record; False where it reads none."""
        try:
            return len(self.reader.source(record)) > self.limit
        except RecordError:
            return False


@dataclass(frozen=True, slots=True)
class _Scale:
    """How a model divides one text: where each token starts, and how many fit a window."""

    length: LengthLimit
    starts: Sequence[int]
    room: int

    def after(self, start: int, tokens: int) -> int | None:
        """Return where the token behind so many tokens starts; None at the end of the text."""
        place = bisect_left(self.starts, start) + tokens
        return self.starts[place] if place < len(self.starts) else None


def window_places(
    record: Record, lengths: Sequence[LengthLimit], stride: int
) -> list[tuple[int, int]] | None:
    """Return the windows of a text as code points `[start, end)`, or None where it needs none.

    Every character that is no whitespace lies in one of them. Each fits every model, its pair
    beside it, and starts at most `stride` tokens of any model after the one before. Windows begin
    and end before a token of all models, at whitespace where some is near. None, too, where the
    pair leaves too little room, and for a chat; such a record is cut as without windows.
    """
    if record.chat:
        return None
    scales = [scale for length in lengths if (scale := _scale(record, length))]
    if not any(scale.length.overflows(record) for scale in scales):
        return None
    if min(scale.room for scale in scales) <= stride:
        return None
    text, cutter = record.text, _Cutter(record, scales)
    start, places = 0, []
    while True:
        end = cutter.end(start)
        if end <= start:
            return None
        places.append((start, end))
        if end == len(text):
            return [place for place in places if text[slice(*place)].strip()]
        start = min(end, cutter.reach(start, [stride] * len(scales)))


def _scale(record: Record, length: LengthLimit) -> _Scale | None:
    """Return how a model divides a text; None where it cannot read it, which the build will say."""
    try:
        alone = length.reader.source(replace(record, pair=None))
        both = length.reader.source(record) if record.pair else alone
    except RecordError:
        return None
    found = [token for token in alone.tokens if not token.special]
    starts = sorted(token.start for token in found if token.start is not None)
    return _Scale(length, starts, length.limit - (len(both) - len(found)))


class _Cutter:
    """One text and how all models divide it."""

    def __init__(self, record: Record, scales: Sequence[_Scale]) -> None:
        self.record, self.scales = record, scales
        shared = set.intersection(*(set(scale.starts) for scale in scales))
        self.shared = sorted(place for place in shared if place < len(record.text))
        self.spaces = [place for place in self.shared if record.text[place].isspace()]

    def reach(self, start: int, tokens: Sequence[int]) -> int:
        """Return the furthest good place with at most so many tokens of each model behind start."""
        found = (s.after(start, count) for s, count in zip(self.scales, tokens, strict=True))
        furthest = [place for place in found if place is not None]
        return self.good(start, min(furthest)) if furthest else len(self.record.text)

    def good(self, start: int, most: int) -> int:
        """Return the last place up to `most` where all models can be cut, at whitespace if near."""
        near = most - int((most - start) * NEAR)
        for places, least in ((self.spaces, max(near, start + 1)), (self.shared, start + 1)):
            place = bisect_left(places, most + 1) - 1
            if place >= 0 and places[place] >= least:
                return places[place]
        return max(most, start + 1)

    def end(self, start: int) -> int:
        """Return the end of a window that fits every model when it is read by itself."""
        end = self.reach(start, [scale.room for scale in self.scales])
        while end > start and not self._fits(start, end):
            most = start + int((end - start) * SMALLER)
            end = self.good(start, most) if most > start else start
        return end

    def _fits(self, start: int, end: int) -> bool:
        part = replace(self.record, text=self.record.text[start:end])
        return not any(scale.length.overflows(part) for scale in self.scales)
