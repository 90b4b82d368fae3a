"""Every sentence about a model as a row of one table, with one axis down it for each unit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...analyses import by_name
from ...results.shapes import Finding
from ..home_sentences import ORDER
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
    axes = {
        unit: ends([v for _, one, its in said if its == unit for v in _numbers(one, unit)])
        for unit in dict.fromkeys(unit for _, _, unit in said if unit)
    }
    return [
        _row(
            known[name].title if name in known else name,
            one,
            unit,
            axes.get(unit) if unit else None,
        )
        for name, one, unit in said
    ]


def _numbers(finding: Finding, unit: Unit) -> list[float]:
    """Return all that the axis of a finding must hold."""
    given = (finding.value, *(finding.interval or ()), *(finding.null or ()))
    return [unit.factor * one for one in given if one is not None]


def _row(
    about: str, finding: Finding, unit: Unit | None, axis: tuple[float, float] | None
) -> Measurement:
    line, level = verdict_line(finding, unit=unit), ORDER[finding.level]
    if finding.value is None:
        return Measurement(about, line, level)
    if unit is None or axis is None:
        return Measurement(about, line, level, number(finding.value, 2))
    low, high = axis
    value = number(unit.factor * finding.value, unit.places)
    says = f"{unit.name}, {_end(low)} to {_end(high)}"
    return Measurement(about, line, level, value, says, _strip(finding, unit, axis))


def _strip(finding: Finding, unit: Unit, axis: tuple[float, float]) -> Strip:
    low, high = axis
    wide = (high - low) or 1.0

    def place(value: float) -> float:
        return round(100 * (value - low) / wide, 1)

    def span(pair: tuple[float, float] | None) -> tuple[float, float] | None:
        if pair is None:
            return None
        start, end = (place(unit.factor * one) for one in pair)
        return start, round(end - start, 1)

    dot = place(unit.factor * (finding.value or 0.0))
    return Strip(dot, place(0.0), span(finding.interval), span(finding.null))


def _end(value: float) -> str:
    return f"{value:g}".replace("-", "−")
