"""Findings as verdict lines: mark, word, sentence, and the places of the interval dot plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..results.levels import Level
from ..results.shapes import Finding
from ..results.wording import listed
from .judged import Judged, judged, needed
from .sentence_links import Part, sentence_parts
from .survival import Strip, strip
from .units import POINTS, Unit, number, said, unit_of

MARKS: dict[Level, str] = {
    "holds": "yes",
    "does not hold": "no",
    "undecided": "null",
    "described": "plain",
}
"""The look of each level; `templates/parts/verdict.html` draws it."""

WIDTH, INSET = 272, 4
"""Width of a dot plot and the room left at its ends, in its own units."""

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
Axis = tuple[float, float, int]
"""Where an axis begins and ends, and the decimals of its labels."""


@dataclass(frozen=True, slots=True)
class DotPlot:
    """An interval dot plot, ready to draw: places along the axis, and the labels in words."""

    dot: float
    interval: tuple[float, float] | None
    null: tuple[float, float] | None
    low: str
    high: str
    value: str
    label_at: float
    says: str
    bar: float | None = None
    """Where what it takes to hold begins."""


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One finding as its line shows it."""

    finding: Finding
    mark: str
    word: str
    parts: tuple[Part, ...]
    """The sentence, cut at heads and names of models."""
    plot: DotPlot | None
    where: str
    strip: Strip | None
    unit: Unit | None = None

    @property
    def chance(self) -> str:
        """Return what chance is here, and the range it gives."""
        says = self.finding.null_says
        if self.finding.null is None:
            return says
        low, high = self.finding.null
        shown = self._said([low] if low == high else [low, high])
        return f"{says}: {' to '.join(shown)}"

    @property
    def sourced(self) -> bool:
        """Return whether anything stands below the sentence."""
        return bool(
            self.where or self.finding.null_says or self.untrained or self.needs or self.strip
        )

    @property
    def needs(self) -> str:
        """Return what it takes for the claim to hold, where it does not."""
        return needed(self.finding, self.unit)

    @property
    def untrained(self) -> str:
        """Return what untrained copies of the model give, or that none was run where it counts."""
        twin, claim = self.finding.twin, self.finding.claim
        if twin is None:
            return "no untrained copy was run" if claim and self.finding.model else ""
        if not twin:
            return "an untrained copy gives none" if claim else ""
        of = "an untrained copy" if len(twin) == 1 else "untrained copies"
        if claim is None or claim.value == self.finding.value:
            return f"{of}: {listed(self._said(twin))}"
        sign = 1 if claim.side == "more" else -1
        unit = POINTS if self.unit and self.unit.sign else self.unit  # what differs is in points
        copies = listed(said([sign * value for value in twin], unit))
        [by] = said([sign * claim.value], unit)
        return f"{claim.side} than that by {by}; {of}: {copies}"

    def _said(self, values: Sequence[float]) -> list[str]:
        among = self.finding.among
        return [number(one, 0) for one in values] if among else said(values, self.unit)


def verdict_line(
    finding: Finding,
    where: str = "",
    unit: Unit | None = None,
    models: Mapping[str, str] | None = None,
    axis: Axis | None = None,
) -> VerdictLine:
    """Return the line of a finding; `where` names what it is about, such as a model.

    `unit` is that of its numbers, if the analysis that stands in the finding does not tell it;
    `models` has the addresses of models whose names lead there; `axis` is one of several lines.
    """
    unit = unit or unit_of(finding, finding.analysis)
    return VerdictLine(
        finding=finding,
        mark=MARKS[finding.level],
        word="Not computed" if finding.failed else finding.level.capitalize(),
        parts=tuple(sentence_parts(finding, models)),
        plot=None if finding.value is None else dot_plot(finding, unit, axis),
        where=where,
        strip=strip(finding, unit),
        unit=unit,
    )


def verdict_list(
    findings: Sequence[Finding],
    where: Sequence[str] = (),
    models: Mapping[str, str] | None = None,
) -> list[VerdictLine]:
    """Return the lines of findings that stand below each other: a unit has one axis down them."""
    units = [unit_of(one, one.analysis) for one in findings]
    shown = [judged(one, unit) for one, unit in zip(findings, units, strict=True)]
    values: dict[Unit, list[float]] = {}
    for one, drawn in zip(findings, shown, strict=True):
        if drawn.unit and not one.among:
            values.setdefault(drawn.unit, []).extend(drawn.numbers)
    axes = {unit: axis(found) for unit, found in values.items()}
    return [
        verdict_line(one, place, unit, models, axes.get(drawn.unit) if drawn.unit else None)
        for one, unit, drawn, place in zip(
            findings, units, shown, where or [""] * len(findings), strict=True
        )
    ]


def dot_plot(finding: Finding, unit: Unit | None = None, given: Axis | None = None) -> DotPlot:
    """Return the places of estimate, interval and chance on an axis that holds them all.

    They are what the verdict is about: of a claim that something gives more than chance, how much
    more.
    """
    drawn = judged(finding, unit)
    unit, value = drawn.unit, drawn.value
    if finding.among:
        low, high, places, unit = 0.0, float(finding.among), 0, None
    else:
        low, high, places = given or axis(drawn.numbers)
    decimals = 0 if finding.among else max(places, 2)
    place = _scale(low, high)
    [shown] = said([value], unit, decimals)
    shown = f"+{shown}" if drawn.gain and value > 0 else shown
    start, end = said([low, high], unit, places)
    margin = max(24.0, 3.5 * len(shown))
    return DotPlot(
        dot=place(value),
        interval=_pair(drawn.interval, place),
        null=_pair(drawn.null, place),
        low=start,
        high=end,
        value=shown,
        label_at=min(max(place(value), margin), WIDTH - margin),
        says=_says(drawn, unit, decimals),
        bar=None if drawn.bar is None else place(drawn.bar),
    )


def axis(values: list[float]) -> Axis:
    """Return the ends of an axis and the decimals of its labels.

    Shares go from 0 to 1 or to a round number below it; anything signed is symmetric about 0.
    What is nought throughout goes up to 1: a shorter axis would seem to have been chosen for it.
    """
    widest = max(map(abs, values)) or 1.0
    step = next((step for step in STEPS if widest <= step), 0.0)
    end = step or 10.0 ** math.ceil(math.log10(widest))
    places = 0 if end >= 1 else 2
    return (-end, end, places) if min(values) < 0 else (0.0, end, places)


def _says(drawn: Judged, unit: Unit | None, places: int) -> str:
    """Return the plot in words."""
    parts = said([drawn.value], unit, places)
    parts[0] += " more than chance" if drawn.gain else ""
    if drawn.interval:
        low, high = said(drawn.interval, unit, places)
        parts.append(f"95% interval {low} to {high}")
    if drawn.null:
        low, high = said(drawn.null, unit, places)
        parts.append(f"chance gives {low} to {high}")
    if drawn.bar is not None:
        parts.append(f"a claim holds {drawn.way} {said([drawn.bar], unit, places)[0]}")
    return ", ".join(parts)


def _scale(low: float, high: float) -> Callable[[float], float]:
    return lambda value: round(INSET + (WIDTH - 2 * INSET) * (value - low) / (high - low), 1)


def _pair(
    ends: tuple[float, float] | None, place: Callable[[float], float]
) -> tuple[float, float] | None:
    return (place(ends[0]), place(ends[1])) if ends else None
