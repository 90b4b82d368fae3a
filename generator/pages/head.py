"""The page of one head: its role, its numbers beside the others, what it links, where. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ..array_types import Doubles
from ..charts.roles import ROLE_MARKS, RoleMark
from ..results.shapes import Finding, Grid, Result
from .head_rows import Key, key_of, role_rows
from .model.metrics import METRICS, Metric
from .model_summary import map_island
from .plan import HeadPage, ModelPage, RecordPage
from .reading_summary import RecordSummary
from .short_numbers import short_numbers, whole

WIDTH = 220
"""Width of a strip of heads, in its own units."""
ALIKE = 3
"""Other heads that are named as nearest."""

JSON = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric of a head: mean over records, 95% interval, null, and the rest of its layer."""

    title: str
    value: float
    low: float | None
    high: float | None
    null: float | None
    others: float | None
    n: int


@dataclass(frozen=True, slots=True)
class StrongestText:
    """A record in which a head is most itself, and where to see it."""

    page: RecordPage
    value: float
    link: str
    map: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SimilarHead:
    """Another head of the same kind and how far it is, in nats."""

    label: str
    url: str | None
    distance: float
    alike: bool


class ModelHeads:
    """All that is known of the heads of one model, sorted by head once."""

    def __init__(
        self, page: ModelPage, results: Mapping[str, Result], summaries: Sequence[RecordSummary]
    ) -> None:
        profile = results.get("profile", Result("profile"))
        self.page, self.summaries = page, summaries
        self.grids: dict[str, Grid] = {grid.kind: grid for grid in profile.grids}
        self.others: dict[str, Doubles] = {
            grid.kind: _of_others(grid.values) for grid in profile.grids
        }
        self.roles: dict[Key, Row] = {key_of(row): row for row in role_rows(profile)}
        self.links = _by_head(results, "links", "links")
        self.examples = _by_head(results, "links", "examples")
        self.alike = _by_head(results, "similarity", "heads")
        self.best = _best(results)
        self.kept: dict[str, Row] = {row["kind"]: row for row in _rows(results, "links", "kept")}
        similarity = results.get("similarity", Result("similarity"))
        self.distances = {str(pairs.kind): pairs.values for pairs in similarity.distances}
        self.group = {key: found[0]["group"] for key, found in self.alike.items()}
        self.pages = page.heads
        self.places = {found.key: at for at, found in enumerate(self.pages)}

    def role(self, page: HeadPage) -> RoleMark:
        """Return the role of a head."""
        mark: RoleMark = ROLE_MARKS[self.roles[page.key]["role"]]
        return mark

    def context(self, page: HeadPage) -> dict[str, Any]:
        """Return what the template of a head page names."""
        at = self.places[page.key]
        own = [p for p in self.pages if p.kind == page.kind]
        links = self.links[page.key]
        examples = self._examples(page)
        return {
            "page": page,
            "role": self.role(page),
            "role_row": self.roles[page.key],
            "closest": ROLE_MARKS.get(self.roles[page.key]["measure"]),
            "metrics": list(self._metrics(page)),
            "measures": {metric.name: metric for metric in METRICS},
            "links": [row for row in links if not row["special"]],
            "special_links": [row for row in links if row["special"]],
            "kept": self.kept.get(page.kind),
            "best": self.best[page.key],
            "near": list(self._near(page)),
            "examples": examples,
            "measure": self._measure(page),
            "layer_pages": [p for p in own if p.layer == page.layer],
            "previous": self.pages[at - 1] if at else None,
            "next": self.pages[at + 1] if at + 1 < len(self.pages) else None,
            "island": {
                **_maps([example.map for example in examples]),
                "at": list(page.key),
                "strips_at": strips_at(page.model, page.kind),
            },
        }

    def _metrics(self, page: HeadPage) -> Iterator[MetricLine]:
        grid = self.grids[page.kind]
        for metric in METRICS:
            if metric.name not in grid.metrics:
                continue
            place = grid.metrics.index(metric.name)
            values = grid.values[place]
            if np.isnan(values[page.layer, page.head]):
                continue
            at = (place, page.layer, page.head)
            yield _metric_line(metric, grid, at, self.others[page.kind][at])

    def _measure(self, page: HeadPage) -> str:
        role_row = self.roles[page.key]
        return "confidence_nospecial" if role_row["role"] == "none" else str(role_row["measure"])

    def _examples(self, page: HeadPage) -> list[StrongestText]:
        found = []
        for row in self.examples[page.key]:
            if row["measure"] != self._measure(page):
                continue
            entry = self.summaries[row["record"]]
            shape = next(shape for shape in entry.shapes if shape.kind == page.kind)
            place = f"#layer={page.layer}&head={page.head}&kind={page.kind}"
            link, shown = f"{entry.page.url}{place}", map_island(entry.page, shape)
            found.append(StrongestText(entry.page, row["value"], link, shown))
        return found

    def _near(self, page: HeadPage) -> Iterator[SimilarHead]:
        if page.kind not in self.distances:
            return
        heads = self.grids[page.kind].values.shape[2]
        row = self.distances[page.kind][page.layer * heads + page.head]
        for place in [at for at in np.argsort(row, kind="stable").tolist()
                      if at != page.layer * heads + page.head][:ALIKE]:  # fmt: skip
            layer, head = divmod(place, heads)
            other = HeadPage(self.page, page.kind, layer, head)
            url = other.url if other.key in self.places else None
            alike = self.group.get(other.key) == self.group.get(page.key)
            yield SimilarHead(other.label, url, float(row[place]), alike)


def _maps(found: Sequence[JSON]) -> JSON:
    """Return what maps have in common once, `of`, and what each has for itself."""
    of = found[0] if found else {}
    of = {name: value for name, value in of.items() if all(one[name] == value for one in found)}
    return {"of": of, "maps": [{n: v for n, v in one.items() if n not in of} for one in found]}


def _of_others(values: Doubles) -> Doubles:
    """Return the mean of the layer without each head, [metric, layer, head], NaN of none."""
    known = ~np.isnan(values)
    sums, counts = np.where(known, values, 0), known.sum(axis=-1, keepdims=True) - known
    rest = sums.sum(axis=-1, keepdims=True) - sums
    mean: Doubles = np.divide(rest, counts, out=np.full(values.shape, np.nan), where=counts > 0)
    return mean


def _metric_line(metric: Metric, grid: Grid, at: tuple[int, int, int], others: float) -> MetricLine:
    low, high = (_number(part, at) for part in (grid.low, grid.high))
    n = 0 if grid.n is None else int(grid.n[at])
    mean = None if np.isnan(others) else float(others)
    null = _number(grid.null, at[:2])
    return MetricLine(_titled(metric), float(grid.values[at]), low, high, null, mean, n)


@cache
def _titled(metric: Metric) -> str:
    """Return what a metric is called where one head is meant, with its unit where that is said."""
    title = metric.title.replace(" of every head", "").replace("every head looks", "it looks")
    title = title.replace("in which a head has", "with")
    told = metric.unit == "share" or metric.unit in metric.title
    return title if told else f"{title}, {metric.unit}"


def strips_at(page: ModelPage, kind: str) -> str:
    """Return the address of what the strips of all heads of one kind are drawn from."""
    return f"maps/{page.slug}.heads.{kind}.js"


def strips(grid: Grid) -> JSON:
    """Return every metric of all heads on an axis for each layer, as places in tenths.

    A metric has what the axis ends at, [layer], and as short numbers the heads, both ends of their
    intervals, [layer, head], and the null, [layer].
    """
    found = {}
    for metric in METRICS:
        if metric.name in grid.metrics:
            at = grid.metrics.index(metric.name)
            values = grid.values[at]
            nothing = np.full(values.shape, np.nan)
            low, high = (nothing if part is None else part[at] for part in (grid.low, grid.high))
            null = nothing[:, 0] if grid.null is None else grid.null[at]
            seen = np.column_stack([values, high, null])
            tops = np.ceil(np.max(seen, axis=1, initial=0, where=~np.isnan(seen)))
            ends = np.ones(len(values)) if metric.unit == "share" else np.maximum(tops, 1)
            parts = (values / ends[:, None], low / ends[:, None], high / ends[:, None], null / ends)
            found[metric.name] = [ends.tolist(), *(_places(part) for part in parts)]
    return {"heads": grid.values.shape[2], "metrics": found}


def _places(shares: Doubles) -> str:
    return short_numbers(whole(10 * WIDTH * np.clip(shares, 0, 1)))


def _number(part: Any, place: tuple[int, ...]) -> float | None:
    value = float("nan") if part is None else float(part[place])
    return None if value != value else value


def _rows(results: Mapping[str, Result], name: str, table: str) -> list[dict[str, Any]]:
    return results.get(name, Result(name)).rows(table)


def _by_head(results: Mapping[str, Result], name: str, table: str) -> Mapping[Key, list[Row]]:
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in _rows(results, name, table):
        found[key_of(row)].append(row)
    return found


def _best(results: Mapping[str, Result]) -> Mapping[Key, list[Finding]]:
    """Return the sentences about each head that is the best for a habit."""
    findings = results.get("habits", Result("habits")).findings
    said = {one.id: replace(one, analysis="habits") for one in findings}
    found: defaultdict[Key, list[Finding]] = defaultdict(list)
    for row in _rows(results, "habits", "best"):
        name = f"{row['kind']}-best-{row['habit']}"
        if name in said:
            found[key_of(row)].append(said[name])
    return found
