"""What the page of the report on words and aspects shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..results.shapes import Result

SHOWN = 12
"""Words of a label that the page shows; the files have more."""
LISTED = 100
"""Texts with several aspects that the page lists."""
WIDTH, INSET = 160, 4


@dataclass(frozen=True, slots=True)
class Driver:
    """A word that speaks for a label, with the places of its dot and interval on one axis."""

    word: str
    adjective: bool
    share: float
    texts: int
    dot: float
    ends: tuple[float, float] | None
    zero: float
    interval: str


@dataclass(frozen=True, slots=True)
class Column:
    """The words that speak for one label of one model."""

    model: str
    label: str
    words: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class SentimentView:
    """What the template needs."""

    columns: tuple[Column, ...]
    told_by: tuple[str, ...]
    aspects: tuple[Mapping[str, Any], ...]
    texts: tuple[Mapping[str, Any], ...]
    several: bool


def sentiment_view(result: Result) -> SentimentView:
    """Return what the page shows: per label the words, all on one axis; aspects; texts."""
    rows = result.rows("words")
    axis = _axis(rows)
    pairs = dict.fromkeys((row["model"], row["label"]) for row in rows)
    columns = tuple(
        Column(model, label, tuple(_driver(row, axis) for row in _own(rows, model, label)))
        for model, label in pairs
    )
    texts = result.rows("texts")
    models = dict.fromkeys(row["model"] for row in [*rows, *texts])
    return SentimentView(
        columns=columns,
        told_by=tuple(dict.fromkeys(row["told by"] for row in rows)),
        aspects=tuple(_several(result.rows("aspects")))[:LISTED],
        texts=tuple(texts[:LISTED]),
        several=len(models) > 1,
    )


def _several(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the aspects of several texts, or all where there are none; the files have them all."""
    return [row for row in rows if row["texts"] > 1] or rows


def _own(rows: list[dict[str, Any]], model: str, label: str) -> list[dict[str, Any]]:
    return [row for row in rows if (row["model"], row["label"]) == (model, label)][:SHOWN]


def _axis(rows: list[dict[str, Any]]) -> tuple[float, float]:
    ends = [row[name] for row in rows for name in ("share", "low", "high") if row[name] is not None]
    return min([0.0, *ends]), max([0.01, *ends])


def _driver(row: dict[str, Any], axis: tuple[float, float]) -> Driver:
    def place(value: float) -> float:
        low, high = axis
        return round(INSET + (WIDTH - 2 * INSET) * (value - low) / (high - low), 1)

    low, high = row["low"], row["high"]
    known = low is not None and high is not None
    return Driver(
        word=row["word"],
        adjective=row["part of speech"] == "ADJ",
        share=row["share"],
        texts=row["texts"],
        dot=place(row["share"]),
        ends=(place(low), place(high)) if known else None,
        zero=place(0.0),
        interval=f"{100 * low:.0f} to {100 * high:.0f}%".replace("-", "−") if known else "",
    )
