"""Where the order of a method stands among random orders, when its tokens are erased. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...analyses.analysis import Results
from ...analyses.faithfulness.all_records import VERBS
from ...analyses.saliency import METHODS
from ...analyses.word_erasure.tables import SIGNED
from ...results.shapes import Result
from ...results.wording import count

SURE = 0.95
"""From which part of random orders on, as often as there were methods to pick from, an order beats
chance: of 50 random ones 48, by the best of two methods 49, by the best of three all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of so many random orders, how many cost the answer less than that of `method`.

    It is the best of so many methods that were `tried`; `verb` says what is done to the tokens.
    """

    method: str
    beaten: int
    orders: int
    tried: int
    verb: str

    @property
    def beats(self) -> bool:
        """Return whether chance is ruled out, the choice among methods counted."""
        return self.ruled_out(self.beaten)

    def ruled_out(self, beaten: int) -> bool:
        """Return whether so many random orders that do less rule out chance."""
        return (beaten / self.orders) ** self.tried >= SURE

    @property
    def among(self) -> str:
        """Return how many random orders cost the answer less."""
        if self.beaten == self.orders:
            return f"each of {self.orders} random orders"
        return f"{self.beaten or 'none'} of {self.orders} random orders"

    @property
    def needed(self) -> int:
        """Return how many random orders it takes to rule out chance."""
        return next(n for n in range(self.orders + 1) if self.ruled_out(n))

    @property
    def needs(self) -> str:
        """Say how many random orders it takes to rule out chance."""
        who = f"The best of {count(self.tried)} methods" if self.tried > 1 else "An order"
        return f"{who} needs {self.needed}"

    @property
    def verdict(self) -> str:
        """Return the sentence under the heading of the figure."""
        order = f"{self.verb} the words that {METHODS[self.method]} ranks first"
        if self.beats:
            return f"Better than chance: {order} costs the answer more than {self.among}."
        return (
            f"Not beyond luck: {order} costs the answer more than {self.among}. {self.needs}: do "
            "not rely on this order from this text alone."
        )

    @property
    def opening(self) -> str:
        """Return the same for the opening of the page, where the words themselves are listed."""
        order = f"{self.verb} words in this order costs the answer"
        if self.beats:
            return f"Better than chance: {order} more than {self.among}."
        return f"Not beyond luck: {order} more than {self.among}. {self.needs}."


def named_by(results: Results) -> str:
    """Return the method by which the words that the page opens with were named, else the first."""
    words = results.get("word_erasure")
    if words is None or "answer" not in words.tables:
        return next(iter(METHODS))
    return str(_first_row(words, "answer")["method"])


def standing(results: Results) -> Standing | None:
    """Return where the order of the words that the opening names stands, None where none does."""
    erased = results.get("faithfulness")
    if "word_erasure" not in results or erased is None:
        return None
    if not all(name in erased.tables for name in ("aopc", "random", "asked")):
        return None
    falls: dict[str, Any] = {str(name): fall for name, fall, *_ in erased.tables["aopc"].rows}
    drawn: list[Any] = [fall for _, fall, *_ in erased.tables["random"].rows]
    method = named_by(results)
    if method not in falls:
        return None
    return Standing(
        method=method,
        beaten=sum(fall < falls[method] for fall in drawn),
        orders=len(drawn),
        tried=sum(name in falls for name in SIGNED),
        verb=VERBS.get(str(_first_row(erased, "asked")["erased by"]), "Erasing").lower(),
    )


def _first_row(result: Result, name: str) -> dict[str, Any]:
    table = result.tables[name]
    return dict(zip(table.columns, table.rows[0], strict=True))
