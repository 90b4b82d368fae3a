"""Several sites as one course of events: checkpoints, commits, releases on one axis."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import InputError
from .built_site import BuiltSite
from .trusted import trusted

NUMBERED = ("kind", "layer", "head")
SILENT = frozenset((*NUMBERED, "role", "queries", "records", "working_role", "working_n"))
"""Columns of heads.csv that are no measure of a head."""
ACCURACY = "accuracy"
"""The key of how often a model is right."""
FLOOR = 0.01
"""What a number without a floor of its own must move by to count."""
LEAST = 2
"""Sites that a course takes at least."""

HeadKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Point:
    """One number as one site has it; `low` and `high` are its 95% interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One number through all sites, None where a site lacks it; `says` is its latest sentence."""

    key: str
    says: str
    points: tuple[Point | None, ...]
    floor: float = 0.0

    @property
    def leading(self) -> bool:
        """Return whether it is how often the model is right, which a reader asks for first."""
        return self.key == ACCURACY

    @property
    def known(self) -> list[Point]:
        """Return the points that are there, in order."""
        return [point for point in self.points if point is not None]

    @property
    def moved(self) -> float:
        """Return how far the number went, from its least to its largest."""
        values = [point.value for point in self.known]
        return max(values) - min(values)

    @property
    def beyond(self) -> bool:
        """Return whether first and last differ by the floor, and their intervals do not meet.

        A careful reading: where two intervals meet, the numbers may still differ.
        """
        first, last = self.known[0], self.known[-1]
        if abs(last.value - first.value) < self.floor:
            return False
        if first.low is None or first.high is None or last.low is None or last.high is None:
            return False
        return first.high < last.low or last.high < first.low


@dataclass(frozen=True, slots=True)
class HeadCourse:
    """One measure of one head through all sites."""

    key: HeadKey
    metric: str
    values: tuple[float | None, ...]

    @property
    def name(self) -> str:
        """Return the head as pages name it, such as L4H11."""
        return f"L{self.key[1]}H{self.key[2]}"

    @property
    def moved(self) -> float:
        """Return the last value less the first."""
        known = [value for value in self.values if value is not None]
        return known[-1] - known[0] if len(known) >= LEAST else 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the sites: what to call it, and the model that is followed."""

    name: str
    site: BuiltSite
    model: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """Return where the site has the numbers of the model."""
        page: str = self.model["page"]
        return f"data/{Path(page).stem}"

    @property
    def texts(self) -> frozenset[str]:
        """Return the texts that the model read, by corpus and id."""
        captures = self.site.atlas["captures"]
        own = (one for one in captures if one["model"] == self.model["name"])
        return frozenset(f"{one.get('corpus', '')} {one['record']}" for one in own)

    def courses(self) -> Iterator[tuple[str, str, float, Point]]:
        """Yield (key, sentence, floor, number) of every finding about the model with a value."""
        for entry in self.site.findings:
            ours = entry.get("model") == self.model["name"] or entry["page"] == self.model["page"]
            if not ours or entry.get("value") is None:
                continue
            key = str(entry.get("key") or entry["id"])
            low, high = entry.get("interval") or (None, None)
            floor = entry.get("floor") or FLOOR
            yield key, entry["statement"], floor, Point(entry["value"], low, high, entry.get("n"))

    def heads(self) -> dict[HeadKey, dict[str, float | None]]:
        """Return the measures of every head."""
        return {
            key: {name: _number(cell) for name, cell in row.items() if name not in SILENT}
            for key, row in self._table()
        }

    def roles(self) -> dict[HeadKey, str]:
        """Return the role of every head."""
        return {key: row.get("role") or "" for key, row in self._table()}

    def _table(self) -> Iterator[tuple[HeadKey, dict[str, str]]]:
        for row in csv.DictReader(io.StringIO(self.site.text(f"{self.folder}/heads.csv"))):
            yield (row["kind"], int(row["layer"]), int(row["head"])), row


@dataclass(frozen=True)
class History:
    """Sites in the order given, and one model through all of them."""

    moments: tuple[Moment, ...]

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """Return every number that two sites have: accuracy, what moved beyond doubt, the rest."""
        found: dict[str, list[Point | None]] = {}
        says: dict[str, tuple[str, float]] = {}
        for place, moment in enumerate(self.moments):
            for key, sentence, floor, point in moment.courses():
                found.setdefault(key, [None] * len(self.moments))[place] = point
                says[key] = (sentence, floor)
        several = (
            Course(key, says[key][0], tuple(points), says[key][1]) for key, points in found.items()
        )
        kept = [course for course in several if len(course.known) >= LEAST]
        return tuple(sorted(kept, key=lambda one: (not one.leading, not one.beyond, -one.moved)))

    @cached_property
    def heads(self) -> tuple[HeadCourse, ...]:
        """Return every measure of every head of the last site, in the order of its table."""
        tables = [moment.heads() for moment in self.moments]
        return tuple(
            HeadCourse(key, metric, tuple(table.get(key, {}).get(metric) for table in tables))
            for key, row in tables[-1].items()
            for metric in row
        )

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """Return the first and the last role of each head that the first and the last site have."""
        first, last = self.moments[0].roles(), self.moments[-1].roles()
        return tuple((first[key], role) for key, role in last.items() if key in first)

    @cached_property
    def shared(self) -> int:
        """Return how many texts all sites have."""
        return len(frozenset.intersection(*(moment.texts for moment in self.moments)))


def read_history(sites: Sequence[str], model: str | None = None) -> History:
    """Return the course of one model through sites: each a path, or NAME=PATH.

    The model is the one that `model` names, the one that all sites share by name, or, where each
    site has just one, that. Raises InputError where none is left or several are.
    """
    if len(sites) < LEAST:
        raise InputError(f"A history takes {LEAST} sites or more; name the folders in order.")
    found = [(*_named(given),) for given in sites]
    opened = [(name, trusted(path)) for name, path in found]
    chosen = _followed(opened, model)
    return History(
        tuple(Moment(name, site, own) for (name, site), own in zip(opened, chosen, strict=True))
    )


def _named(given: str) -> tuple[str, Path]:
    name, mark, path = given.partition("=")
    if mark and not Path(given).exists():
        return name, Path(path)
    return Path(given).stem or given, Path(given)


def _followed(sites: Sequence[tuple[str, BuiltSite]], wanted: str | None) -> list[dict[str, Any]]:
    """Return the model that is followed, as each site describes it."""
    models = [{one["name"]: one for one in site.atlas["models"]} for _, site in sites]
    if wanted is None and all(len(one) == 1 for one in models):
        return [next(iter(one.values())) for one in models]
    common = [name for name in models[0] if all(name in one for one in models)]
    if wanted is not None and wanted not in common:
        lacks = next((name for (name, _), one in zip(sites, models, strict=True)
                      if wanted not in one), "")  # fmt: skip
        raise InputError(f"{lacks} has no model {wanted!r}; all sites share {_list(common)}.")
    if wanted is None and len(common) != 1:
        raise InputError(
            f"The sites share {_list(common)}; say which one to follow with --model NAME."
        )
    return [one[wanted or common[0]] for one in models]


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names)) or "no model"


def _number(cell: str | None) -> float | None:
    try:
        value = float(cell or "")
    except ValueError:
        return None
    return value if value == value else None
