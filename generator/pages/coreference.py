"""What the report of mentions and minimal pairs shows, out of its tables. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..results.shapes import Result, Table

Row = dict[str, Any]
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
    first: float
    second: float
    gap: float


@dataclass(frozen=True, slots=True)
class PairPanel:
    """All pairs of one model and measure, the largest gap first."""

    model: str
    title: str
    variants: tuple[str, str]
    rows: tuple[PairRow, ...]

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
    """The figures of the page: pairs, ways to find whom is meant by model, heads, texts."""

    panels: tuple[PairPanel, ...]
    scatters: tuple[Scatter, ...]
    ways: Mapping[str, tuple[Row, ...]]
    heads: tuple[HeadPanel, ...]
    effects: Mapping[str, tuple[Row, ...]]
    texts: Mapping[str, tuple[Row, ...]]
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
    """One number of every head of a model, by layer; `most` is what the darkest stands for."""

    model: str
    title: str
    rows: tuple[tuple[float, ...], ...]
    most: float
    signed: bool


def coreference_view(result: Result) -> CoreferenceView:
    """Return what the page shows."""
    return CoreferenceView(
        panels=tuple(_panels(result_rows(result, "pairs"))),
        scatters=tuple(_scatters(result)),
        ways=_by_model(result_rows(result, "accuracy")),
        heads=tuple(_heads(result_rows(result, "heads"))),
        effects=_by_model(result_rows(result, "effects")),
        texts=_by_model(result_rows(result, "texts")),
        left_out=tuple(result_rows(result, "left_out")),
    )


def _scatters(result: Result) -> Iterator[Scatter]:
    rows = result_rows(result, "statistics")
    for about in result_rows(result, "correlations"):
        family = ("model", "measure", "option", "first_variant", "second_variant")
        own = [row for row in rows if all(row[name] == about[name] for name in family)]
        low, high = (end(row["statistic"] for row in own) for end in (min, max))
        most = max(abs(row["gap"]) for row in own) or 1.0
        points = tuple(
            ((row["statistic"] - low) / (high - low), 0.5 + row["gap"] / most / 2, row)
            for row in own
        )
        title = TITLES[about["measure"]].format(option=about["option"])
        yield Scatter(about["model"], title, about, points, (low, high), most)


def result_rows(result: Result, name: str) -> list[Row]:
    """Return the rows of a table by their columns, none where it is not there."""
    table = result.tables.get(name, Table((), ()))
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _by_model(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    names = dict.fromkeys(row["model"] for row in rows)
    return {name: tuple(row for row in rows if row["model"] == name) for name in names}


def _panels(rows: Sequence[Row]) -> Iterator[PairPanel]:
    families: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row["measure"] in TITLES:
            names = ("model", "measure", "option", "first_variant", "second_variant")
            families.setdefault(tuple(row[name] for name in names), []).append(row)
    for (model, measure, option, first, second), own in sorted(families.items()):
        title = TITLES[measure].format(option=option)
        yield PairPanel(model, title, (first, second), tuple(map(_pair, own)))


def _pair(row: Row) -> PairRow:
    return PairRow(
        parts=differing(row["first_text"], row["second_text"]),
        corpus=row["corpus"],
        first_record=row["first_record"],
        second_record=row["second_record"],
        first=row["first"],
        second=row["second"],
        gap=row["gap"],
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
    ("to_candidates", "Looks at: attention from the mention to the candidates", False),
    ("indirect", "Matters: how far swapping its attention moves the odds (indirect effect)", True),
)


def _heads(rows: Sequence[Row]) -> Iterator[HeadPanel]:
    for model, own in _by_model(rows).items():
        for column, title, signed in GRIDS:
            values = grid_of(own, column)
            most = max((abs(value) for row in values for value in row), default=0.0)
            if values:
                yield HeadPanel(model, title, values, most, signed)


def grid_of(rows: Sequence[Row], column: str) -> tuple[tuple[float, ...], ...]:
    """Return a column as [layer][head], nothing where a head lacks it."""
    if any(row.get(column) is None for row in rows):
        return ()
    layers: dict[int, list[float]] = {}
    for row in rows:
        layers.setdefault(row["layer"], []).append(float(row[column]))
    return tuple(tuple(layers[layer]) for layer in sorted(layers))
