"""The first screen of a record page: the answer, and the words for it and against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...analyses.analysis import Results
from ...analyses.saliency import METHODS
from ...analyses.word_erasure.moves import IDLE, OTHERWISE, floor, moved
from ...results.wording import percent, say
from .standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Reason:
    """A word named for an answer or against it: how likely that is `without` it, if asked."""

    word: str
    share: float
    without: float | None
    start: int = 0

    @property
    def end(self) -> int:
        """Return the place in the text after the word."""
        return self.start + len(self.word)


@dataclass(frozen=True, slots=True)
class Part:
    """What speaks of an aspect: its share of the answer, the answer without it, and it alone."""

    aspect: str
    text: str
    share: float
    without: float | None
    alone: float | None
    start: int = 0

    def holds(self, word: Reason) -> bool:
        """Return whether a word lies in it."""
        return self.start <= word.start < self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words for an answer and against it, and what erasing does; all numbers of one answer."""

    answer: str
    probable: bool
    full: float
    method: str
    speaks_for: tuple[Reason, ...]
    against: tuple[Reason, ...]
    idle: tuple[Reason, ...] = ()
    contradicted: tuple[Reason, ...] = ()
    unasked: tuple[Reason, ...] = ()
    parts: tuple[Part, ...] = ()
    together: float | None = None
    words_together: str = ""
    standing: Standing | None = None

    @property
    def leading(self) -> str:
        """Return which aspect carries the answer, "" where there are none to compare."""
        return leading(self.parts, self.full, self.probable)

    @property
    def of_no_aspect(self) -> tuple[Reason, ...]:
        """Return the listed words that speak of none of the aspects, where there are some."""
        listed = (*self.speaks_for, *self.against) if self.parts else ()
        return tuple(one for one in listed if not any(part.holds(one) for part in self.parts))

    @property
    def says(self) -> str:
        """Return what erasing each word by itself shows of the words for the answer."""
        if self.speaks_for:
            return "Each was erased by itself: the arrow says what becomes of the answer."
        if any(one.share > 0 for one in self.unasked):
            return "None of the words for it was erased, so nothing confirms them."
        if self.tells_together:
            return "No single word decides."
        named = any(one.share > 0 for one in (*self.idle, *self.contradicted))
        return "Erasing confirms no word for this answer." if named else ""

    @property
    def tells_together(self) -> bool:
        """Return whether several words erased at once say more than each by itself."""
        if self.together is None or moved(self.full, self.together, self.probable) < 1:
            return False
        alone = [one.without for one in self.speaks_for if one.without is not None]
        least = floor(self.full, self.probable)
        return all(self.together <= without - least for without in alone)


def leading(parts: Sequence[Part], full: float, probable: bool) -> str:
    """Say which of several aspects carries the answer most, and whether erasing agrees."""
    if len({part.text for part in parts}) < 2 or any(part.without is None for part in parts):
        return ""
    first = max(parts, key=lambda part: part.share)
    if first.share <= 0:
        return "By these words no aspect carries the answer: all speak against it."
    erased = min(parts, key=lambda part: part.without if part.without is not None else full)
    without = erased.without if erased.without is not None else full
    if moved(full, without, probable) < 1:
        return f"By these words “{first.aspect}” carries the answer most; erasing none weakens it."
    if erased.text == first.text:
        number = percent if probable else say
        return (
            f"“{first.aspect}” carries the answer most: without what speaks of it, the answer "
            f"falls from {number(full)} to {number(without)}."
        )
    return (
        f"By these words “{first.aspect}” carries the answer most; erasing does not agree: "
        f"“{erased.aspect}” costs it more."
    )


def reasons(results: Results) -> Reasons | None:
    """Return the words for and against the answer to a text, None where none were found."""
    result = results.get("word_erasure")
    if result is None or "answer" not in result.tables:
        return None
    answer = result.rows("answer")[0]
    words = [row for row in result.rows("words") if row["side"]]
    asked = [row for row in words if row["without"] is not None]
    return Reasons(
        answer=str(answer["answer"]),
        probable=answer["measure"] == "probability",
        full=float(answer["full"]),
        method=METHODS[answer["method"]],
        speaks_for=_side(asked, "for"),
        against=_side(asked, "against"),
        idle=_side(asked, IDLE),
        contradicted=_side(asked, OTHERWISE),
        unasked=_strongest(row for row in words if row["without"] is None),
        parts=tuple(
            Part(
                row["aspect"], row["part"], row["share"], row["without"], row["alone"],
                row["part start"],
            )
            for row in result.rows("aspects")
        ),
        together=answer["together"],
        words_together=str(answer["words together"] or ""),
        standing=standing(results),
    )  # fmt: skip


def _side(words: Sequence[Mapping[str, Any]], side: str) -> tuple[Reason, ...]:
    return _strongest(row for row in words if row["side"] == side)


def _strongest(rows: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    own = sorted(rows, key=lambda row: -abs(row["share"]))
    return tuple(Reason(row["word"], row["share"], row["without"], row["start"]) for row in own)
