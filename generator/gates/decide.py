"""The rule of gates. One function decides word, sentence, badge, JSON and exit code."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ..results.levels import Level
from .expectation import Expectation
from .measures import Measured


@dataclass(frozen=True, slots=True)
class Gate:
    """An expectation held against a number; `value` is None where nothing was measured."""

    expectation: Expectation
    model: str
    value: float | None
    ends: tuple[float, float] | None
    n: int | None
    level: Level
    near: tuple[str, ...] = ()
    about: str = ""

    @property
    def passed(self) -> bool:
        """Return whether the build passes: what is undecided fails only if that was asked."""
        if self.value is None:
            return False
        return self.level == "holds" or (
            self.level == "undecided" and not self.expectation.strictly
        )

    @property
    def says(self) -> str:
        """Return the sentence."""
        expected = f"{self.expectation.key} {self.expectation.says}"
        if self.value is None:
            meant = f" Did you mean {self.near[0]}?" if self.near else ""
            whom = f" of {self.expectation.model}" if self.expectation.model else ""
            return f"Expected {expected}: nothing{whom} was measured by this name.{meant}"
        interval = f" ({self.ends[0]:.3g} to {self.ends[1]:.3g})" if self.ends else ""
        whom = f" of {self.model}" if self.model else ""
        word = self.level if self.level != "undecided" or self.passed else "undecided, which fails"
        about = f" ({self.about.rstrip('.')})" if self.about else ""
        return f"Expected {expected}{whom}: {self.value:.3g}{interval}, {word}{about}."


def gates(expected: Sequence[Expectation], known: Sequence[Measured]) -> tuple[Gate, ...]:
    """Return a gate for every number that something is expected of, and for what is not there."""
    found: list[Gate] = []
    for one in expected:
        own = [m for m in known if m.key == one.key and one.model in ("", m.model)]
        if own:
            found += [_gate(one, m) for m in own]
        else:
            keys = sorted({m.key for m in known})
            near = tuple(difflib.get_close_matches(one.key, keys, n=1, cutoff=0.6))
            found.append(Gate(one, one.model, None, None, None, "undecided", near))
    return tuple(found)


def _gate(one: Expectation, measured: Measured) -> Gate:
    level = decide(one, measured)
    known = (measured.value, measured.ends, measured.n, level)
    return Gate(one, measured.model, *known, about=measured.about)


def decide(expectation: Expectation, measured: Measured) -> Level:
    """Return whether what is expected holds of a number.

    It holds where the whole interval lies on the right side of the bound, does not where none of
    it does, and is undecided where the interval meets the bound, or where there is none.
    """
    bound, low, high = expectation.bound, measured.value, measured.value
    if not measured.exact:
        if measured.ends is None:
            return "undecided"
        low, high = measured.ends
    if expectation.comparison == "<=":
        bound, low, high = -bound, -high, -low
    if low >= bound:
        return "holds"
    return "does not hold" if high < bound else "undecided"
