"""What is said beside the lines of a translation: who drew them, and what they leave out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..corpus import alignment_links
from ..results.shapes import Result

ALL_HEADS = "mean of all heads"
"""What draws the lines where no text with links of people chose a mean."""


class Some(NamedTuple):
    """A word, and how many of the words of a text that are written so are meant, "" if all."""

    word: str
    share: str = ""


def drawn_by(alignment: Result) -> str:
    """Return the way of reading attention that draws the lines of a model."""
    chosen = {row["of"]: row["name"] for row in alignment.rows("chosen")}
    return str(chosen.get("mean", ALL_HEADS))


def unlooked(row: Mapping[str, Any]) -> tuple[Some, ...]:
    """Return the source words that no written word looks at most."""
    joined = {link.source for link in alignment_links(row["links"])}
    words = str(row["words"]).split(" ")
    return tuple(_once([word for at, word in enumerate(words) if at not in joined], words))


def outdone(row: Mapping[str, Any]) -> tuple[Some, ...]:
    """Return the written words whose source word gets more attention from another one."""
    return tuple(_once(str(row["added"]).split(" "), str(row["written"]).split(" ")))


def _once(some: Sequence[str], words: Sequence[str]) -> Iterator[Some]:
    """Yield each word once, without punctuation, and how many of those alike are meant."""
    meant, alike = Counter(some), Counter(words)
    for word, count in meant.items():
        if any(map(str.isalnum, word)):
            yield Some(word, "" if count >= alike[word] else f" ({count} of {alike[word]})")
