"""What untrained copies of a model give in the place of its findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .shapes import Finding, Result

Values = Mapping[str, Mapping[str, tuple[float, ...]]]
"""By analysis and id of a finding: a number for each copy that gives one."""


@dataclass(frozen=True, slots=True)
class Untrained:
    """The copies of a model, by their seeds, which read so many of its texts, and their values."""

    seeds: tuple[int, ...]
    records: int
    values: Values

    def beside(self, result: Result) -> Result:
        """Return a result whose findings have the values of the copies beside them."""
        known = self.values.get(result.analysis, {})
        said = (replace(one, twin=known.get(one.id, ())) for one in result.findings)
        return replace(result, findings=tuple(said))


def measured(finding: Finding) -> float | None:
    """Return the number that a finding is judged by, else the one that it gives."""
    return finding.claim.value if finding.claim else finding.value


def untrained_from(
    seeds: tuple[int, ...], records: int, copies: Iterable[Mapping[str, Result]]
) -> Untrained:
    """Return what copies give, from their results by analysis."""
    found: dict[str, dict[str, tuple[float, ...]]] = defaultdict(dict)
    for results in copies:
        for name, result in results.items():
            for one in result.findings:
                value = measured(one)
                if value is not None:
                    found[name][one.id] = (*found[name].get(one.id, ()), value)
    return Untrained(seeds, records, dict(found))


def untrained_to_json(untrained: Untrained) -> dict[str, Any]:
    """Return the copies as JSON values."""
    return asdict(untrained)


def untrained_from_json(found: Mapping[str, Any]) -> Untrained:
    """Return the copies that JSON values describe; KeyError, TypeError, ValueError where odd."""
    values = {
        str(name): {str(of): tuple(map(float, numbers)) for of, numbers in known.items()}
        for name, known in found["values"].items()
    }
    return Untrained(tuple(map(int, found["seeds"])), int(found["records"]), values)
