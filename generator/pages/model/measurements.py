"""Every sentence about a model as a row of one table, with one axis down it for each unit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...analyses import by_name
from ...results.shapes import Finding
from ..home_sentences import ORDER
from ..judged import Judged, judged
from ..units import Unit, ends, number, unit_of
from ..verdicts import VerdictLine, verdict_line


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of a dot plot: places along the axis, in percent of its width."""

    dot: float
    zero: float
    interval: tuple[float, float] | None
    null: tuple[float, float] | None
    """Where it starts, and how wide it is."""
    bar: float | None
    """Where what it takes to hold begins."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A sentence, what it is about, its estimate, and its place on the axis of its unit."""

    about: str
    line: VerdictLine
    level: int
    """The place of its level when rows are sorted."""
    value: str = ""
    says: str = ""
    """The unit, and where its axis begins and ends."""
    strip: Strip | None = None


def measurements(findings_of: Mapping[str, Sequence[Finding]]) -> list[Measurement]:
    """Return a row for each sentence, given by analysis, in the order of the analyses."""
    known = by_name()
    said = [(name, one, unit_of(one, name)) for name, part in findings_of.items() for one in part]
    drawn = [judged(one, unit) for _, one, unit in said]
    axes = {
        unit: ends([unit.factor * v for its in drawn if its.unit == unit for v in its.numbers])
        for unit in dict.fromkeys(its.unit for its in drawn if its.unit)
    }
    return [
        _row(known[name].title if name in known else name, verdict_line(one, unit=unit), its, axes)
        for (name, one, unit), its in zip(said, drawn, strict=True)
    ]


def _row(
    about: str, line: VerdictLine, drawn: Judged, axes: Mapping[Unit, tuple[float, float]]
) -> Measurement:
    """Return a row; its estimate is the one that its verdict is about."""
    level, unit = ORDER[line.finding.level], drawn.unit
    if line.finding.value is None:
        return Measurement(about, line, level)
    if unit is None:
        return Measurement(about, line, level, number(drawn.value, 2))
    low, high = axes[unit]
    value = number(unit.factor * drawn.value, unit.places)
    says = f"{unit.name}, {_end(low)} to {_end(high)}"
    return Measurement(about, line, level, value, says, _strip(drawn, unit, (low, high)))


def _strip(drawn: Judged, unit: Unit, axis: tuple[float, float]) -> Strip:
    low, high = axis
    wide = (high - low) or 1.0

    def place(value: float) -> float:
        return round(100 * (value - low) / wide, 1)

    def span(pair: tuple[float, float] | None) -> tuple[float, float] | None:
        if pair is None:
            return None
        start, end = (place(unit.factor * one) for one in pair)
        return start, round(end - start, 1)

    bar = None if drawn.bar is None else place(unit.factor * drawn.bar)
    dot = place(unit.factor * drawn.value)
    return Strip(dot, place(0.0), span(drawn.interval), span(drawn.null), bar)


def _end(value: float) -> str:
    return f"{value:g}".replace("-", "−")
