"""What the report of mentions and minimal pairs shows, out of its tables. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..results.shapes import Finding, Result
from ..statistics.bootstrap import LEAST
from .coreference_answer import answers
from .coreference_tables import SideBySide, texts_beside, ways_beside

Row = dict[str, Any]
FAMILY = ("model", "measure", "option", "first_variant", "second_variant")
"""The columns that pairs are put together by."""
SHOWN = 12
"""Pairs that are seen at once; the others lie below, folded."""
TITLES = {
    "answer": "How likely “{option}” is",
    "pronoun": "Which pronoun is expected",
    "who is meant": "How likely the first candidate is meant",
}
Parts = tuple[tuple[str, str], ...]
"""A text cut where two variants differ: (words of one, words of the other), equal where both."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair of texts with the number of each, from 0 to 1, and what to call it."""

    parts: Parts
    corpus: str
    first_record: str
    second_record: str
    second_corpus: str
    first: float
    second: float
    gap: float
    untrained: float | None


@dataclass(frozen=True, slots=True)
class PairPanel:
    """All pairs of one model and measure, the largest gap first; `few` are too few to judge."""

    model: str
    title: str
    variants: tuple[str, str]
    rows: tuple[PairRow, ...]
    few: bool

    @property
    def shown(self) -> tuple[PairRow, ...]:
        """Return the pairs that are seen at once."""
        return self.rows[:SHOWN]

    @property
    def folded(self) -> tuple[PairRow, ...]:
        """Return the others."""
        return self.rows[SHOWN:]


@dataclass(frozen=True, slots=True)
class CoreferenceView:
    """The figures of the page: pairs, ways to find whom is meant by model, heads, texts.

    `opening` are the sentences that answer the title of the page.

    `panels` have a figure each, and `few` share one table: by model, each pair with its panel.
    `ways` have a figure for each model; where no interval is drawn, `right` has them in one table.
    """

    opening: tuple[str, ...]
    panels: tuple[PairPanel, ...]
    few: Mapping[str, tuple[tuple[PairPanel, PairRow], ...]]
    scatters: tuple[Scatter, ...]
    ways: Mapping[str, tuple[Row, ...]]
    right: SideBySide | None
    heads: Mapping[str, tuple[HeadPanel, ...]]
    effects: Mapping[str, tuple[Row, ...]]
    texts: SideBySide
    left_out: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Occupations by a statistic and their gap, each with its place, 0 to 1 from below left.

    `ends` are the least and the largest statistic, `most` the largest gap either way.
    """

    model: str
    title: str
    about: Row
    points: tuple[tuple[float, float, Row], ...]
    ends: tuple[float, float]
    most: float


@dataclass(frozen=True, slots=True)
class HeadPanel:
    """One number of every head, by layer; `most` is what the darkest stands for."""

    title: str
    rows: tuple[tuple[float, ...], ...]
    most: float
    signed: bool


def coreference_view(result: Result) -> CoreferenceView:
    """Return what the page shows."""
    panels = tuple(_panels(result))
    ways = result.rows("accuracy")
    pairs, gaps, texts = (result.rows(name) for name in ("pairs", "gaps", "texts"))
    return CoreferenceView(
        opening=tuple(answers(pairs, gaps, texts)),
        panels=tuple(one for one in panels if not one.few),
        few=_by_size([one for one in panels if one.few]),
        scatters=tuple(_scatters(result)),
        ways=_by_model(ways),
        right=ways_beside(ways),
        heads=dict(_heads(result.rows("heads"))),
        effects=_by_model(result.rows("effects")),
        texts=texts_beside(texts),
        left_out=tuple(result.rows("left_out")),
    )


def _scatters(result: Result) -> Iterator[Scatter]:
    rows = result.rows("statistics")
    for about in result.rows("correlations"):
        own = [row for row in rows if all(row[name] == about[name] for name in FAMILY)]
        low, high = (end(row["statistic"] for row in own) for end in (min, max))
        most = max(abs(row["gap"]) for row in own) or 1.0
        points = tuple(
            ((row["statistic"] - low) / (high - low), 0.5 + row["gap"] / most / 2, row)
            for row in own
        )
        title = TITLES[about["measure"]].format(option=about["option"])
        yield Scatter(about["model"], title, about, points, (low, high), most)


def _by_model(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    names = dict.fromkeys(row["model"] for row in rows)
    return {name: tuple(row for row in rows if row["model"] == name) for name in names}


def _panels(result: Result) -> Iterator[PairPanel]:
    clusters = {_family(row): row["clusters"] for row in result.rows("gaps")}
    families: dict[tuple[str, ...], list[Row]] = {}
    for row in result.rows("pairs"):
        if row["measure"] in TITLES:
            families.setdefault(_family(row), []).append(row)
    for family, own in sorted(families.items()):
        model, measure, option, first, second = family
        title = TITLES[measure].format(option=option)
        few = clusters[family] < LEAST
        yield PairPanel(model, title, (first, second), tuple(map(_pair, own)), few)


def _family(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in FAMILY)


def _by_size(panels: Sequence[PairPanel]) -> dict[str, tuple[tuple[PairPanel, PairRow], ...]]:
    """Return the pairs of each model with their panels, the largest gap first."""
    found: dict[str, list[tuple[PairPanel, PairRow]]] = {}
    for panel in panels:
        found.setdefault(panel.model, []).extend((panel, row) for row in panel.rows)
    return {
        model: tuple(sorted(rows, key=lambda one: -abs(one[1].gap)))
        for model, rows in found.items()
    }


def of_few_pairs(finding: Finding) -> bool:
    """Return whether a sentence is of a gap over so few pairs that no interval can be given."""
    return finding.id.startswith("gap-") and finding.n is not None and finding.n < LEAST


def _pair(row: Row) -> PairRow:
    return PairRow(
        parts=differing(row["first_text"], row["second_text"]),
        corpus=row["corpus"],
        first_record=row["first_record"],
        second_record=row["second_record"],
        second_corpus=row["second_corpus"],
        first=row["first"],
        second=row["second"],
        gap=row["gap"],
        untrained=row["untrained"],
    )


def differing(one: str, other: str) -> Parts:
    """Return both texts side by side, cut at words: what they share, and where they differ."""
    first, second = one.split(), other.split()
    found = []
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for _, start, end, from_, to in blocks:
        found.append((" ".join(first[start:end]), " ".join(second[from_:to])))
    return tuple(found)


GRIDS = (
    ("to_candidates", "Looks: share of attention from the mention to the candidates", False),
    (
        "indirect",
        "Matters: how the odds move if this head alone looks as in the other text",
        True,
    ),
)


def _heads(rows: Sequence[Row]) -> Iterator[tuple[str, tuple[HeadPanel, ...]]]:
    """Yield each model with what its heads look at, and what they move where that was asked."""
    for model, own in _by_model(rows).items():
        grids = [(title, grid_of(own, column), signed) for column, title, signed in GRIDS]
        yield model, tuple(head_panel(*grid) for grid in grids if grid[1])


def head_panel(title: str, rows: tuple[tuple[float, ...], ...], signed: bool) -> HeadPanel:
    """Return a number of every head, on a scale of its own."""
    most = max((abs(value) for row in rows for value in row), default=0.0)
    return HeadPanel(title, rows, most, signed)


def grid_of(rows: Sequence[Row], column: str) -> tuple[tuple[float, ...], ...]:
    """Return a column as [layer][head], nothing where a head lacks it."""
    if any(row.get(column) is None for row in rows):
        return ()
    layers: dict[int, list[float]] = {}
    for row in rows:
        layers.setdefault(row["layer"], []).append(float(row[column]))
    return tuple(tuple(layers[layer]) for layer in sorted(layers))
