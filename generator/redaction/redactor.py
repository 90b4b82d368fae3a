"""What is to be hidden, as patterns, and texts without it.

A character that is hidden becomes a block, and whitespace stays: places in a text, and the words it
is cut into, are where they were. That says how long a hidden word is, and nothing more of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import InputError

BLOCK = "█"
NUMBERS = 4
"""Digits from which a number is hidden in what we say."""
ALONE = 6
"""Characters from which a hidden text is looked for inside of words, too, in what we say."""


class Redactor:
    """Hides what patterns find. `counts` says how many places of which kind were hidden."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._patterns = patterns
        self._names: dict[str, list[str]] = {}
        self._made: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.found: set[str] = set()
        """What was hidden, as it stood there; kept in memory alone."""

    def places(self, text: str, ours: bool = False) -> list[tuple[int, int]]:
        """Return the pieces of a text to hide, [start, end), none overlapping another.

        In what is `ours` a short piece of a word is that of a word of ours, and a short number a
        place or a count: they stay.
        """
        matches = (match.span() for pattern in self._patterns for match in pattern.finditer(text))
        merged: list[tuple[int, int]] = []
        for start, end in sorted(span for span in matches if span[0] < span[1]):
            if ours and _ours(text, start, end):
                continue
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def hide(self, text: str, what: str = "other places", ours: bool = False) -> str:
        """Return a text of the same length without what is to be hidden; see `places`."""
        places = [] if text in self._made else self.places(text, ours)
        if not places:
            return text
        self.counts[what] += len(places)
        self.found |= {text[start:end] for start, end in places}
        return blanked(text, places)

    def name(self, text: str, what: str = "names") -> str:
        """Return a name without what is to be hidden; two names never become the same."""
        hidden = self.hide(text, what)
        if hidden == text:
            return text
        known = self._names.setdefault(hidden, [])
        if text not in known:
            known.append(text)
        number = known.index(text)
        made = f"{hidden}-{number + 1}" if number else hidden
        self._made.add(made)
        return made

    @property
    def said(self) -> str:
        """Return how much was hidden, and in what; never what."""
        if not self.counts:
            return "Nothing to hide was found"
        parts = ", ".join(f"{what} {count:,}" for what, count in sorted(self.counts.items()))
        total = sum(self.counts.values())
        return f"Hidden in {total:,} place{'s' * (total != 1)} ({parts})"


def _ours(text: str, start: int, end: int) -> bool:
    """Return whether a piece of what we say is likely ours: inside of a word, or a short number."""
    if end - start < NUMBERS and text[start:end].isdigit():
        return True
    inside = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
    return end - start < ALONE and inside


def blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text with blocks in some places; whitespace stays."""
    characters = list(text)
    for start, end in places:
        for at in range(start, end):
            if not characters[at].isspace():
                characters[at] = BLOCK
    return "".join(characters)


def redactor_for(patterns: Sequence[str], listed: Path | None) -> Redactor | None:
    """Return what hides regular expressions and the lines of a file; None where there is neither.

    A line of the file is a text that is found in either case, composed or not. Raises InputError,
    which never repeats a pattern, for one that cannot be used.
    """
    found = [_expression(text, place) for place, text in enumerate(patterns, 1)]
    if listed is not None:
        found += _lines(listed)
    return Redactor(found) if found else None


def _expression(text: str, place: int) -> re.Pattern[str]:
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise InputError(
            f"Pattern {place} of --redact is no regular expression: {error.msg}; correct it."
        ) from error
    if pattern.search(""):
        raise InputError(f"Pattern {place} of --redact also finds nothing at all; correct it.")
    return pattern


def _lines(path: Path) -> Iterator[re.Pattern[str]]:
    if path.exists() and not path.is_file():
        raise InputError(
            f"{path} is a folder, a pipe or a device, not a file; give --redact-list a file."
        )
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8, so what it lists cannot be hidden.") from error
    listed = [*filter(None, map(str.strip, lines))]
    if not listed:
        raise InputError(f"{path} lists nothing, so nothing would be hidden; write a text a line.")
    for line in listed:
        forms = {unicodedata.normalize(form, line) for form in ("NFC", "NFD")} | {line}
        spaced = (r"\s+".join(map(re.escape, form.split())) for form in sorted(forms))
        yield re.compile("|".join(spaced), re.IGNORECASE)
