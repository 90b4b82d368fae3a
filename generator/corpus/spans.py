"""Places in a text, counted in code points: spans, and the words a text is cut into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import ExplainedError


class RecordError(ExplainedError, ValueError):
    """What is wrong with one record, in words that fit after the record's place."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text and where it starts, in code points."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The place just after the last code point."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a longer text that a record holds: window `number`, from 1, `of` so many.

    `record` is the id of the whole; the part is its code points `start` up to `end`. `without`
    names the fields of the whole that the part cannot have.
    """

    record: str
    number: int
    of: int
    start: int
    end: int
    without: tuple[str, ...] = ()

    @property
    def which(self) -> str:
        """Return which window this is, as pages say it."""
        return f"window {self.number:,} of {self.of:,}"

    @property
    def place(self) -> str:
        """Return which code points these are, as pages say it."""
        return f"characters {self.start:,} to {self.end:,}"


def quoted(value: object, limit: int = 40) -> str:
    """Return the value in quotes, short and with nothing in it that a terminal would act on."""
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


def find_span(text: str, wanted: str) -> Span | None:
    """Return the first whole-word, case-sensitive occurrence of `wanted` in `text`."""
    return next((Span(wanted, start) for start in _occurrences(text, wanted)), None)


def word_spans(text: str, words: Sequence[str] = ()) -> tuple[Span, ...]:
    """Return each word with its place in `text`; without `words`, the whitespace-separated ones.

    Words must follow each other with only whitespace between them, and cover the text.
    """
    if not words:
        return tuple(Span(match.group(), match.start()) for match in re.finditer(r"\S+", text))
    spans, place = [], 0
    for number, word in enumerate(words, 1):
        place = _skip_space(text, place)
        if not text.startswith(word, place):
            raise RecordError(f"word {number}, {quoted(word)}, is not what the text has there")
        spans.append(Span(word, place))
        place += len(word)
    if text[place:].strip():
        raise RecordError(f"its words end before {quoted(text[place:].strip())} in the text")
    return tuple(spans)


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    """Yield each start where `wanted` stands without cutting a word in two."""
    start = text.find(wanted)
    while start >= 0:
        if not (_inside_word(text, start) or _inside_word(text, start + len(wanted))):
            yield start
        start = text.find(wanted, start + 1)


def _inside_word(text: str, place: int) -> bool:
    """Say whether a cut at `place` would split a word."""
    if not 0 < place < len(text):
        return False
    return _is_word(text[place - 1]) and _is_word(text[place])


def _is_word(character: str) -> bool:
    """Letters, digits, combining marks and the underscore make words."""
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def _skip_space(text: str, place: int) -> int:
    """Return the first place from `place` on that holds no whitespace."""
    while place < len(text) and text[place].isspace():
        place += 1
    return place
