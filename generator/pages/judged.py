"""What the picture of a finding shows: what its verdict is about, and its bar. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..results.levels import Ends, Side, bar
from ..results.shapes import Finding
from .units import Unit, said

WAYS: dict[Side, str] = {"more": "above", "less": "below"}
"""Where an interval must lie for a claim to hold, by what it claims."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An estimate as it is drawn, with its interval and what chance gives, in one unit.

    Where a verdict is about how much more than chance something gives, `gain` says so, and this is
    how much more. A claim of more than chance holds above its `bar`, one of less below it: on the
    side that `way` names. Nothing is claimed where there is no bar.
    """

    value: float
    interval: Ends | None
    null: Ends | None
    unit: Unit | None
    bar: float | None = None
    gain: bool = False
    way: str = "above"

    @property
    def numbers(self) -> list[float]:
        """Return all that an axis must hold."""
        known = [self.value, *(self.interval or ()), *(self.null or ())]
        return known if self.bar is None else [*known, self.bar]


def judged(finding: Finding, unit: Unit | None) -> Judged:
    """Return what to draw of a finding whose numbers are in `unit`."""
    claim, value = finding.claim, finding.value or 0.0
    if claim is None or finding.level == "described" or finding.among:
        return Judged(value, finding.interval, finding.null, unit)
    edge = bar(claim.null, claim.floor, claim.side)
    if claim.value == finding.value:
        return Judged(value, finding.interval, finding.null, unit, edge, way=WAYS[claim.side])
    gain = Judged(claim.value, claim.interval, claim.null, _of_gains(unit), edge, gain=True)
    return replace(gain, way=WAYS[claim.side])


def needed(finding: Finding, unit: Unit | None) -> str:
    """Say what it takes for a claim to hold that does not, or is undecided; "" of any other."""
    if finding.claim is None or finding.level not in ("does not hold", "undecided"):
        return ""
    shown = judged(finding, unit)
    if shown.bar is None:
        return ""
    [edge] = said([shown.bar], shown.unit)
    return f"to hold, its whole interval must lie {shown.way} {edge}"


def _of_gains(unit: Unit | None) -> Unit | None:
    """Return the unit of differences: of shares, and of points, these are points."""
    if unit is None:
        return None
    sign = " points" if unit.sign else ""
    name = "points" if unit.sign else unit.name
    return Unit(f"{name} more than chance", unit.factor, unit.places, sign)
