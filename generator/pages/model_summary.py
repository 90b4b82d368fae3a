"""One model in a few numbers and named heads, for the pages that show all models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analyses.profile.roles import PHRASES
from ..charts.roles import ORDER, ROLE_MARKS, RoleMark
from ..names import head_label
from ..results.shapes import Grid, Result
from .head_rows import role_rows
from .packing import OVERVIEW
from .plan import ModelPage, RecordPage
from .reading_summary import MapShape, RecordSummary
from .record.page_data import SCRIPT_LIMIT

NAMED = {
    "previous": "the token before",
    "next": "the token after",
    "delimiter": "rests on delimiters",
    "first": "rests on the first token",
    "self": "the token itself",
    "duplicate": "earlier copies",
    "induction": "after an earlier copy",
    "punctuation": "punctuation",
}
"""Roles as the map of all heads names them, the best known first."""

PIECES = 1.5
"""Tokens a word, special ones and punctuation among them, of a text that is read in whole words."""

PLACES = 4
"""Heads that the map of the home page names."""

KINDS = {
    "self": "",
    "encoder": "encoder ",
    "decoder": "decoder ",
    "cross": "cross-attention ",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A head worth naming on a map of all heads."""

    layer: int
    head: int
    role: str
    says: str

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)


@dataclass(frozen=True, slots=True)
class HeadMap:
    """All heads of one model on one text, and the strongest of each role."""

    page: RecordPage
    shape: MapShape
    causal: bool
    strongest: tuple[Place, ...]
    scattered: Place | None
    first: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the heads that the map names, from top to bottom."""
        return tuple(sorted(self.strongest[:PLACES], key=lambda place: (place.layer, place.head)))

    @property
    def says(self) -> str:
        """Return what kind of heads these are, for a legend: "" or "encoder "."""
        return KINDS[self.shape.kind]

    @property
    def count(self) -> int:
        """Return the number of heads."""
        return self.shape.layers * self.shape.heads

    def island(self) -> dict[str, Any]:
        """Return what a script needs to load and paint the map."""
        return {
            **map_island(self.page, self.shape),
            "url": self.page.url,
            "causal": self.causal,
            "name": f"{self.page.slug}-{self.page.model.slug}",
            "queries": self.first[0],
            "seen": self.first[1],
            "places": [[place.layer, place.head] for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """What the home page says of one model. `roles` are counts in the order of the legends."""

    page: ModelPage
    texts: int
    entropy: float | None
    delimiter: float | None
    roles: tuple[tuple[RoleMark, int], ...]
    shape: str
    map: HeadMap | None

    @property
    def parameters(self) -> str:
        """Return the number of parameters as a reader says it: 110 M."""
        return parameters(self.page.model.parameters)

    @property
    def family(self) -> str:
        """Return the family in words."""
        return self.page.model.family.replace("-", " and ")


def map_island(page: RecordPage, shape: MapShape) -> dict[str, Any]:
    """Return what a script needs to load the weights of a map, from its overview if long."""
    long = max(shape.queries, shape.keys) > OVERVIEW
    count = shape.layers * shape.heads * shape.queries * shape.keys
    return {
        "maps_at": page.maps,
        "key": f"{shape.kind}.overview" if long else shape.kind,
        "layered": not long and count > SCRIPT_LIMIT,
        "kind": shape.kind,
        "layers": shape.layers,
        "heads": shape.heads,
        "rows": min(OVERVIEW, shape.queries),
        "columns": min(OVERVIEW, shape.keys),
    }


def model_summary(
    page: ModelPage, results: Mapping[str, Result], summaries: Sequence[RecordSummary]
) -> ModelSummary:
    """Return the summary of a model from its results over all records."""
    profile = results.get("profile", Result("profile"))
    return ModelSummary(
        page=page,
        texts=len(summaries),
        entropy=mean(profile.grids, "entropy"),
        delimiter=mean(profile.grids, "delimiter"),
        roles=role_counts(profile),
        shape=shape_words(summaries, page),
        map=head_map(profile, max(summaries, key=_opens)) if summaries else None,
    )


def _opens(one: RecordSummary) -> tuple[bool, bool, float]:
    """Return how well a text opens a site: one in pieces of words says little to a reader."""
    fair, score = one.telling.opens
    return fair, one.tokens <= PIECES * one.telling.words, score


def mean(grids: Sequence[Grid], metric: str) -> float | None:
    """Return the mean of a metric over all heads of all kinds, None where it is undefined."""
    found = [grid.values[grid.metrics.index(metric)].ravel() for grid in grids]
    values = np.concatenate(found) if found else np.zeros(0)
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else None


def role_counts(profile: Result) -> tuple[tuple[RoleMark, int], ...]:
    """Return how many heads have each role, the roles that none has left out."""
    counts = Counter(row["role"] for row in role_rows(profile))
    return tuple((ROLE_MARKS[name], counts[name]) for name in ORDER if counts[name])


def shape_words(summaries: Sequence[RecordSummary], page: ModelPage) -> str:
    """Return layers x heads; stacks that differ are both named."""
    shapes = summaries[0].shapes if summaries else ()
    found = dict.fromkeys(f"{shape.layers} × {shape.heads}" for shape in shapes)
    return ", ".join(found) or f"{page.model.layers} × {page.model.heads}"


def head_map(profile: Result, entry: RecordSummary) -> HeadMap:
    """Return the first map of a reading with the strongest head of up to four roles named."""
    shape = entry.shapes[0]
    rows = [row for row in role_rows(profile) if row["kind"] == shape.kind]
    strongest = [found for name in NAMED if (found := _strongest(rows, name))]
    causal = shape.kind == "decoder" or entry.page.model.model.causal
    grids = {grid.kind: grid for grid in profile.grids}
    scattered = _scattered(rows, grids.get(shape.kind))
    return HeadMap(entry.page, shape, causal, tuple(strongest), scattered, entry.first)


def parameters(count: int | None) -> str:
    """Return a number of parameters as a reader says it: 820 K, 4.2 M, 110 M, 7.2 B."""
    if count is None:
        return "–"
    for unit, size in (("B", 10**9), ("M", 10**6), ("K", 10**3)):
        if count >= size:
            value = count / size
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return str(count)


def _strongest(rows: Sequence[Mapping[str, Any]], role: str) -> Place | None:
    found = [row for row in rows if row["role"] == role]
    best = max(found, key=lambda row: row["score"] or 0.0, default=None)
    return Place(best["layer"], best["head"], role, NAMED[role]) if best else None


def _scattered(rows: Sequence[Mapping[str, Any]], grid: Grid | None) -> Place | None:
    """Return the most confident head without a role: the one most likely to join words."""
    free = [(row["layer"], row["head"]) for row in rows if row["role"] == "none"]
    if not free or grid is None:
        return None
    values = np.nan_to_num(grid.values[grid.metrics.index("confidence_nospecial")])
    layer, head = max(free, key=lambda place: values[place])
    return Place(layer, head, "none", PHRASES["none"])
