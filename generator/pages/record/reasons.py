"""The first screen of a record page: the answer, and the words for it and against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...analyses.analysis import Results
from ...analyses.saliency import METHODS
from ...analyses.word_erasure.record import MOVES
from ...results.levels import PROBABILITY
from ...results.wording import count


@dataclass(frozen=True, slots=True)
class Reason:
    """A word that speaks for an answer or against it: how likely that is `without` it, if asked."""

    word: str
    share: float
    without: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What speaks of an aspect: its share of the answer, the answer without it, and it alone."""

    aspect: str
    text: str
    share: float
    without: float | None
    alone: float | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words for an answer and against it, and what erasing does; all numbers of one answer."""

    answer: str
    probable: bool
    full: float
    method: str
    speaks_for: tuple[Reason, ...]
    against: tuple[Reason, ...]
    contradicted: tuple[Reason, ...]
    parts: tuple[Part, ...]
    together: float | None
    words_together: str

    @property
    def leading(self) -> str:
        """Return which aspect carries the answer, "" where there are none to compare."""
        return leading(self.parts, self.full)

    @property
    def says(self) -> str:
        """Return whether erasing agrees with the words that are listed for the answer."""
        if not self.speaks_for:
            return ""
        falls = [self.full - one.without for one in self.speaks_for if one.without is not None]
        together = 0.0 if self.together is None else self.full - self.together
        if not falls and self.together is None:
            return "None of the words for it was erased, so nothing confirms them."
        floor = PROBABILITY * (1 if self.probable else abs(self.full))
        weaker = sum(fall >= floor for fall in falls)
        if weaker == len(falls) > 0:
            which = "the word" if weaker == 1 else "each word"
            return f"Erasing agrees: without {which} for it the answer gets weaker."
        if weaker:
            return f"Erasing agrees for {count(weaker)} of {count(len(falls))} words for it."
        if together >= floor:
            return "No single word decides: only without several together the answer gets weaker."
        return "Erasing does not confirm these words: the answer stays without them."


def leading(parts: Sequence[Part], full: float) -> str:
    """Say which of several aspects carries the answer most, and whether erasing agrees."""
    if len({part.text for part in parts}) < 2 or any(part.without is None for part in parts):
        return ""
    first = max(parts, key=lambda part: part.share)
    if first.share <= 0:
        return "By these words no aspect carries the answer: all speak against it."
    erased = min(parts, key=lambda part: part.without if part.without is not None else full)
    if erased.without is not None and erased.without > full - MOVES * max(abs(full), 1.0):
        return f"“{first.aspect}” carries the answer most by these words; erasing none weakens it."
    if erased.text == first.text:
        return f"“{first.aspect}” carries the answer most, and erasing agrees."
    return (
        f"“{first.aspect}” carries the answer most by these words; erasing does not agree: "
        f"“{erased.aspect}” costs it more."
    )


def reasons(results: Results) -> Reasons | None:
    """Return the words for and against the answer to a text, None where none were found."""
    result = results.get("word_erasure")
    if result is None or "answer" not in result.tables:
        return None
    answer = _rows(result, "answer")[0]
    words = [row for row in _rows(result, "words") if row["side"]]
    return Reasons(
        answer=str(answer["answer"]),
        probable=answer["measure"] == "probability",
        full=float(answer["full"]),
        method=METHODS[answer["method"]],
        speaks_for=_side(words, "for"),
        against=_side(words, "against"),
        contradicted=_side(words, "otherwise"),
        parts=tuple(
            Part(row["aspect"], row["part"], row["share"], row["without"], row["alone"])
            for row in _rows(result, "aspects")
        ),
        together=answer["together"],
        words_together=str(answer["words together"] or ""),
    )


def _side(words: Sequence[Mapping[str, Any]], side: str) -> tuple[Reason, ...]:
    own = sorted((row for row in words if row["side"] == side), key=lambda row: -abs(row["share"]))
    return tuple(Reason(row["word"], row["share"], row["without"]) for row in own)


def _rows(result: Any, name: str) -> list[Mapping[str, Any]]:
    table = result.tables.get(name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows] if table else []
