"""In how many ways a verdict holds, as its line shows it: a strip, a clause, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..results.levels import Level
from ..results.shapes import Finding
from ..results.wording import listed
from .units import POINTS, Unit, said

TEXTS = ("all texts", "one half", "the other half")
"""What the names of some texts begin with."""
NAMED = 2
"""Up to so many ways are named where nothing sums them up."""


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way of computing a verdict: what it is called, and what it gives."""

    name: str
    value: float
    interval: tuple[float, float] | None
    level: Level
    unit: Unit | None = None

    @property
    def estimate(self) -> str:
        """Return the value in the unit of the sentence."""
        return said([self.value], self.unit)[0]

    @property
    def between(self) -> str:
        """Return the interval in words, a dash where there is none."""
        return " to ".join(said(self.interval, self.unit)) if self.interval else "–"

    @property
    def holds(self) -> bool:
        """Return whether the claim holds in this way."""
        return self.level == "holds"


@dataclass(frozen=True, slots=True)
class Strip:
    """All ways of one verdict, and from how many texts on it is what it is."""

    rows: tuple[WayRow, ...]
    settles_at: int | None
    level: Level = "described"
    """The word for the verdict itself, in the way that its sentence tells."""

    @property
    def hangs(self) -> bool:
        """Return whether the verdict holds, but in no more than half of the ways."""
        return self.level == "holds" and 2 * sum(row.holds for row in self.rows) <= len(self.rows)

    @property
    def says(self) -> str:
        """Return the strip in words: `holds in 22 of 24 ways: not with special tokens kept`."""
        holding = sum(row.holds for row in self.rows)
        text = f"holds in {holding} of {len(self.rows)} ways"
        text = f"hangs on a choice: {text}" if self.hangs else text
        if 0 < holding < len(self.rows):
            text += f": not {flips_say([row.name for row in self.rows], self.flips)}"
        return f"{text}; settled from {self.settles_at} texts on" if self.settles_at else text

    @property
    def flips(self) -> list[str]:
        """Return the ways in which the claim does not hold."""
        return [row.name for row in self.rows if not row.holds]


def strip(finding: Finding, unit: Unit | None = None) -> Strip | None:
    """Return the ways of a finding; nothing where it is described alone.

    `unit` is that of its numbers; what is claimed of a difference between two is in points.
    """
    found, twin = finding.survival, finding.twin or ()
    if found is None or len(found.ways) < 2 or finding.level == "described":
        return None
    if finding.claim and finding.claim.value != finding.value and unit and unit.sign:
        unit = POINTS
    rows = tuple(
        WayRow(way.name, way.claim.value, way.claim.interval, level, unit)
        for way, level in zip(found.ways, found.levels(twin), strict=True)
    )
    return Strip(rows, found.settles_at(finding.level, twin), finding.level)


def flips_say(ways: Sequence[str], flips: Sequence[str]) -> str:
    """Return what the ways have in common in which a claim does not hold: `with [SEP] kept`.

    A part of their names sums them up where all that have it flip, and no others do. Where none
    does, few are named, and of many it is said which part most of them have.
    """
    parts = dict.fromkeys(part for way in flips for part in way.split(", "))
    having = {part: [way for way in ways if part in way.split(", ")] for part in parts}
    whole = next((part for part in parts if having[part] == list(flips)), None)
    if whole is not None:
        return placed(whole)
    if len(flips) <= NAMED:
        return placed(listed([way.replace(", ", " + ") for way in flips]))
    flipped = {part: len(set(those).intersection(flips)) for part, those in having.items()}
    most = max(parts, key=lambda part: (flipped[part] / len(having[part]), flipped[part]))
    return f"in {len(flips)}, {flipped[most]} of them {placed(most)}"


def placed(part: str) -> str:
    """Return a part of the name of a way behind the word that it asks for: `in the other half`."""
    if part.startswith(("by ", "in ")):
        return part
    if part.startswith(("chosen", "averaged")):
        return f"where {part}"
    return f"in {part}" if part.startswith(TEXTS) else f"with {part}"
