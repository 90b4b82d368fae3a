"""The page of a history: what changed, drawn as lines, and all heads behind a slider."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..pages.model.metrics import METRICS, Metric
from ..pages.units import number
from ..site.assets import ICON, icon
from ..site.scripts import scripts
from ..site.styles import styles
from ..site.swap import replacing
from ..site.tables import csv_text
from ..site.writer import Site
from .history import Course, HeadCourse, HeadKey, History
from .history_words import opening
from .target import require_no_atlas

WIDTH, HEIGHT, INSET, TOP = 360, 132, 46, 14
"""The size of a line chart and the room around its lines, in its own units."""
FIRST, MOVERS = 6, 12
"""Charts that are shown at once, and heads in the table of those that moved most."""
SCHEMA = 1
NUMBERS = ("measure", "site", "value", "low", "high", "n")


@dataclass(frozen=True, slots=True)
class Chart:
    """A course, ready to draw: places of its line, its band, its dots and its labels."""

    course: Course
    line: str
    band: str
    dots: tuple[tuple[float, float, str], ...]
    low: str
    high: str
    first: str
    last: str
    says: str


def write_history(history: History, output: Path) -> None:
    """Write the page, its numbers and what it needs into a folder, which it replaces as a whole."""
    require_no_atlas(output)
    with replacing(output) as folder:
        site = Site(folder, _shared(history))
        static = files("attnatlas.templates").joinpath("static")
        site.text("assets/atlas.css", styles(static.joinpath("css")))
        site.text(ICON, icon())
        site.text("assets/history.js", scripts(static.joinpath("js"))["history"])
        site.json("history.json", as_json(history))
        site.text("history.csv", csv_text(NUMBERS, list(_rows(history))))
        charts = [chart(course, _names(history)) for course in history.courses]
        moving = movers(history.heads)
        site.page(
            "index.html",
            "history.html",
            history=history,
            names=_names(history),
            moved=sum(course.beyond for course in history.courses),
            kinds=len({one.key[0] for one in history.heads}),
            width=WIDTH,
            height=HEIGHT,
            charts=charts[:FIRST],
            others=charts[FIRST:],
            movers=moving,
            most=max((v for one, _ in moving for v in one.values if v is not None), default=1.0),
            opening=tuple(opening(history, moving)),
            metrics=_metrics(history),
            measure=next((one.metric for one, _ in moving), ""),
            island=island(history),
        )
        site.finish()


def as_json(history: History) -> dict[str, Any]:
    """Return all numbers of a history; measures of heads as lists over the sites."""
    return {
        "schema": SCHEMA,
        "sites": [
            {"name": one.name, "title": one.site.atlas["title"], "model": one.model["name"],
             "weights_sha256": one.model.get("weights_sha256"),
             "built": one.site.atlas["provenance"]["date"]}
            for one in history.moments
        ],
        "texts_in_all": history.shared,
        "courses": [
            {"key": course.key, "statement": course.says, "beyond_intervals": course.beyond,
             "values": [p and p.value for p in course.points],
             "low": [p and p.low for p in course.points],
             "high": [p and p.high for p in course.points],
             "n": [p and p.n for p in course.points]}
            for course in history.courses
        ],
        "heads": [
            {"kind": one.key[0], "layer": one.key[1], "head": one.key[2], "metric": one.metric,
             "values": list(one.values)}
            for one in history.heads
        ],
    }  # fmt: skip


def chart(course: Course, names: Sequence[str]) -> Chart:
    """Return a course as a line chart; where a site lacks the number, the line goes on."""
    ends = [end for p in course.known for end in (p.value, p.low, p.high) if end is not None]
    low, high, places = axis(min(ends), max(ends))
    across = (WIDTH - 2 * INSET) / max(len(course.points) - 1, 1)

    def y(value: float) -> float:
        return round(HEIGHT - TOP - (HEIGHT - 2 * TOP) * (value - low) / (high - low), 1)

    placed = [
        (name, round(INSET + across * at, 1), point)
        for at, (name, point) in enumerate(zip(names, course.points, strict=True))
        if point
    ]
    banded = [(x, p.low, p.high) for _, x, p in placed if p.low is not None and p.high is not None]
    upper = [f"{x},{y(end)}" for x, _, end in banded]
    lower = [f"{x},{y(end)}" for x, end, _ in reversed(banded)]
    decimals = max(places, 2)
    known = course.known
    spoken = ", ".join(f"{name} {number(p.value, decimals)}" for name, _, p in placed)
    return Chart(
        course,
        line=" ".join(f"{x},{y(p.value)}" for _, x, p in placed),
        band=" ".join([*upper, *lower]) if len(banded) > 1 else "",
        dots=tuple(
            (x, y(p.value), f"{name}: {number(p.value, decimals)}") for name, x, p in placed
        ),
        low=number(low, places),
        high=number(high, places),
        first=number(known[0].value, decimals),
        last=number(known[-1].value, decimals),
        says=spoken,
    )


def axis(low: float, high: float) -> tuple[float, float, int]:
    """Return round numbers around a range, at most four steps apart, and their decimals."""
    spread = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(spread))
    step = next(power * times for times in (0.5, 1, 2, 5) if spread / (power * times) <= 4)
    start, end = math.floor(low / step), math.ceil(high / step)
    places = max(0, -math.floor(math.log10(step)))
    return start * step, max(end, start + 1) * step, places


def movers(heads: Sequence[HeadCourse]) -> list[tuple[HeadCourse, Metric]]:
    """Return the heads that moved most, each by its own measure; shares, so that they compare."""
    shares = {metric.name: metric for metric in METRICS if metric.unit == "share"}
    most: dict[HeadKey, HeadCourse] = {}
    for one in heads:
        known = most.get(one.key)
        if one.metric in shares and abs(one.moved) > (abs(known.moved) if known else 0.0):
            most[one.key] = one
    found = sorted(most.values(), key=lambda one: -abs(one.moved))
    return [(one, shares[one.metric]) for one in found[:MOVERS]]


def island(history: History) -> dict[str, Any]:
    """Return what the slider draws: [measure][site][layer][head], by kind of attention."""
    kinds: dict[str, dict[str, list[list[list[float | None]]]]] = {}
    count = len(history.moments)
    for one in history.heads:
        kind, layer, _ = one.key
        grids = kinds.setdefault(kind, {}).setdefault(one.metric, [[] for _ in range(count)])
        for grid, value in zip(grids, one.values, strict=True):
            while len(grid) <= layer:
                grid.append([])
            grid[layer].append(None if value is None else round(value, 4))
    return {"names": _names(history), "kinds": kinds}


def _metrics(history: History) -> list[Metric]:
    known = {one.metric for one in history.heads if any(v is not None for v in one.values)}
    return [metric for metric in METRICS if metric.name in known]


def _names(history: History) -> list[str]:
    return [moment.name for moment in history.moments]


def _rows(history: History) -> Iterator[tuple[Any, ...]]:
    for course in history.courses:
        for name, point in zip(_names(history), course.points, strict=True):
            if point:
                yield course.key, name, point.value, point.low, point.high, point.n


def _shared(history: History) -> dict[str, Any]:
    """Return what the frame of every page names."""
    hashes = "".join(sorted(one.site.manifest.get("atlas.json", "") for one in history.moments))
    return {
        "version": version("attnatlas"),
        "section": "history",
        "title": f"History of {history.moments[-1].model['name']}",
        "digest": hashlib.sha256(hashes.encode()).hexdigest()[:12],
    }
