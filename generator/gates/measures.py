"""What can be expected of a site: its measures by stable keys, from reports and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..names import key_part
from ..results.shapes import Result

GENDERS = frozenset(
    [
        "female",
        "male",
        "feminine",
        "masculine",
        "woman",
        "man",
        "women",
        "men",
        "she",
        "he",
        "her",
        "him",
        "his",
        "f",
        "m",
        "w",
        "neutral",
    ]
)
"""Variants of a minimal pair that differ in gender, and so make `gap.gender`."""
ATTENTION = "attention"
HOLDS, SURVIVES = "must_hold", "survives"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number by its key: of a model, with the 95% interval it has, if any.

    One that is `exact` is a count of what was read, and needs no interval. `about` says which of
    several it was told by.
    """

    key: str
    model: str
    value: float
    ends: tuple[float, float] | None
    n: int | None = None
    exact: bool = False
    about: str = ""


def measured(
    results: Mapping[str, Result], findings: Sequence[Mapping[str, Any]]
) -> list[Measured]:
    """Return all measures: those of reports, then the estimates behind sentences by their keys.

    `results` are those of reports by name, `findings` as they are published.
    """
    found = [*_errors(results), *_gaps(results), *_links(results), *_changes(results)]
    found += _survival(findings)
    known = {(one.key, one.model) for one in found}
    for one in findings:
        if one["value"] is not None and (one["key"], one["model"]) not in known:
            found.append(
                Measured(one["key"], one["model"], one["value"], _pair(one["interval"]), one["n"])
            )
    return found


def _errors(results: Mapping[str, Result]) -> Iterator[Measured]:
    for row in _rows(results, "errors", "measures"):
        yield Measured(row["key"], row["model"], row["value"], _ends(row), row["n"])
    for row in _rows(results, "errors", "accuracy"):
        wrong = float(row["n"] - row["right"])
        yield Measured("wrong", row["model"], wrong, None, row["n"], exact=True)
        yield Measured(HOLDS, row["model"], row["accuracy"], _ends(row), row["n"])
    for row in _rows(results, "errors", "slices"):
        if row["by"] == "tag":
            key = f"{HOLDS}.{key_part(row['slice'])}"
            yield Measured(key, row["model"], row["accuracy"], _ends(row), row["n"])


def _gaps(results: Mapping[str, Result]) -> Iterator[Measured]:
    """Yield the size of each gap between variants, as a distance from none."""
    for row in _rows(results, "coreference", "gaps"):
        if row["measure"] == ATTENTION:
            continue
        names = (row["first_variant"], row["second_variant"])
        size, ends = abs(row["gap"]), _sizes(_ends(row))
        key = "gap." + "-".join(map(key_part, names))
        yield Measured(key, row["model"], size, ends, row["pairs"])
        if GENDERS.issuperset(str(name).casefold() for name in names):
            yield Measured("gap.gender", row["model"], size, ends, row["pairs"])


def _links(results: Mapping[str, Result]) -> Iterator[Measured]:
    """Yield the alignment error rate of the best head, in sentences that did not choose it."""
    for row in _rows(results, "translation", "ways"):
        if row["half"] == "other" and row["reading"].startswith("written"):
            yield Measured("aer", row["model"], row["error_rate"], _ends(row), row["sentences"])


def _changes(results: Mapping[str, Result]) -> Iterator[Measured]:
    """Yield in what share of the pairs of like texts an answer stays, or a label moves one way."""
    for row in _rows(results, "counterfactuals", "checks"):
        yield Measured(row["key"], row["model"], row["share"], _ends(row), row["n"])


def _survival(findings: Sequence[Mapping[str, Any]]) -> Iterator[Measured]:
    """Yield in what share of its ways each verdict holds, and of each model the least of them."""
    least: dict[str, Measured] = {}
    for one in findings:
        if one["level"] != "holds" or not one["ways"]:
            continue
        share = one["survives"] / one["ways"]
        said = Measured(
            f"{SURVIVES}.{one['key']}", one["model"], share, None, one["ways"], True,
            f"holds in {one['survives']} of {one['ways']} ways: {one['statement']}",
        )  # fmt: skip
        yield said
        if one["model"] not in least or share < least[one["model"]].value:
            least[one["model"]] = replace(said, key=SURVIVES)
    yield from least.values()


def _rows(results: Mapping[str, Result], report: str, name: str) -> list[dict[str, Any]]:
    return results[report].rows(name) if report in results else []


def _ends(row: Mapping[str, Any]) -> tuple[float, float] | None:
    return _pair(None if row["low"] is None or row["high"] is None else (row["low"], row["high"]))


def _pair(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return (ends[0], ends[1]) if ends else None


def _sizes(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the interval of a size from that of a signed number."""
    if ends is None:
        return None
    low, high = sorted(map(abs, ends))
    return (0.0, high) if ends[0] <= 0 <= ends[1] else (low, high)
