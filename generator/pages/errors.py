"""What the page of errors shows: a line a model, answers to filter, squares of labels. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..array_types import Bytes
from ..results.shapes import Result
from .filters import Filter, Told, offered

Place = tuple[str, str, str]
"""A model, a corpus and the id of a text."""
FIRST = 60
"""Answers that the page itself lists; a script adds the rest as a reader asks for them."""
SHOWN = 240
"""Characters of a text in the list."""
LEAST = 2
"""Texts from which on a slice is shown; the files have all."""
FEW = 5
"""Texts that nobody labelled, from which on it is said what a model calls them."""
BETWEEN = "|"
TABLES = ("why", "labels", "slices", "calibration")
MEASURES = {
    "accuracy": ("Accuracy", "share of the labelled texts that are answered as people did"),
    "macro_f1": ("Macro F1", "every label counts alike; 1 is best"),
    "micro_f1": ("F1 over labels", "all labels of all texts together; 1 is best"),
    "brier": ("Brier score", "how far probabilities lie from what is right; 0 is best"),
    "ece": ("Calibration error", "probability against accuracy, in ten bins; 0 is best"),
    "mean_absolute_error": ("Mean distance", "from the value that people gave; 0 is best"),
}
"""What the measures are called, and what they say."""
GUESSED = ("Always the most frequent label", "would be right in so many: accuracy should be more")


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """What the template of the report needs beside its tables."""

    models: tuple[str, ...]
    measures: tuple[tuple[str, str, tuple[Mapping[str, Any], ...]], ...]
    """Name, meaning and a row a model, of each measure that there is."""
    answers: tuple[Mapping[str, Any], ...]
    filters: tuple[Filter, ...]
    confusions: tuple[Confusion, ...]
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]
    values: bool
    unlabelled: tuple[str, ...] = ()
    """A sentence a model on what it says of texts that nobody labelled."""

    @property
    def intervals(self) -> bool:
        """Return whether there are texts enough for an interval."""
        return any(row["low"] is not None for *_, found in self.measures for row in found)

    @property
    def first(self) -> tuple[Mapping[str, Any], ...]:
        """Return the answers that the page itself lists."""
        return self.answers[:FIRST]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often texts with a label got an answer: a row a label, a column an answer."""

    model: str
    predicted: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def errors_view(result: Result) -> ErrorsView:
    """Return what the page of errors shows."""
    answers = tuple(_answer(row) for row in result.rows("records"))
    told = [Told(a["model"], a["label"], a["predicted"], a["right"]) for a in answers]
    measured = result.rows("measures")
    found = [
        (*MEASURES[key], tuple(row for row in measured if row["key"] == key))
        for key in MEASURES
        if any(row["key"] == key for row in measured)
    ]
    found[1:1] = _guessed(result) if found and found[0][0] == MEASURES["accuracy"][0] else []
    values = any(row["key"] == "mean_absolute_error" for row in measured)
    kept = offered(told, (tag for one in answers for tag in one["tags"]))
    return ErrorsView(
        models=tuple(dict.fromkeys(one["model"] for one in answers)),
        measures=tuple(found),
        answers=answers,
        filters=tuple(one for one in kept if not (values and one.name in ("label", "predicted"))),
        confusions=tuple(confusions(result)),
        tables={name: tuple(filter(_enough, result.rows(name))) for name in TABLES},
        values=values,
        unlabelled=() if values else tuple(_unlabelled(answers)),
    )


def _unlabelled(answers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for model in dict.fromkeys(one["model"] for one in answers):
        own = [one for one in answers if one["model"] == model and not one["label"]]
        yield from filter(None, [of_unlabelled(model, [one["predicted"] for one in own])])


def of_unlabelled(who: str, answers: Sequence[str]) -> str:
    """Say what a classifier calls the texts that nobody labelled, and that it has to; "" of few."""
    if len(answers) < FEW:
        return ""
    [(most, count)] = Counter(answers).most_common(1)
    return (
        f"Of {len(answers):,} texts that nobody labelled, {who} calls {count:,} “{most}”: it has "
        "no other answers than its labels, fitting or not."
    )


def _guessed(result: Result) -> list[tuple[str, str, tuple[dict[str, Any], ...]]]:
    """Return what always saying the most frequent label would reach, to hold accuracies against."""
    rows = [
        {**row, "key": "accuracy", "value": row["most_frequent"], "low": None}
        for row in result.rows("accuracy")
        if row["most_frequent"] is not None
    ]
    return [(*GUESSED, tuple(rows))] if rows else []


def _enough(row: Mapping[str, Any]) -> bool:
    """Return whether a row is shown: of slices, those of a few texts."""
    return "slice" not in row or row["n"] >= LEAST


def answers_bytes(
    view: ErrorsView, links: Mapping[Place, str], unconfirmed: Mapping[Place, str]
) -> Bytes:
    """Return all answers as JSON in UTF-8, for the script of the page."""
    places = ((one, (one["model"], one["corpus"], one["record"])) for one in view.answers)
    rows = [
        [
            links[place], one["shown"], one["model"], one["label"], one["predicted"], one["score"],
            one["right"], one["for"] or unconfirmed.get(place, ""), one["against"], one["tags"],
        ]
        for one, place in places
    ]  # fmt: skip
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return np.frombuffer(text.encode("utf-8", "replace"), np.uint8)


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    text = str(row["text"])
    shown = text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + "…"
    words = {name: ", ".join(filter(None, row[name].split(BETWEEN))) for name in ("for", "against")}
    tags = [*filter(None, row["tags"].split(BETWEEN))]
    return row | words | {"shown": shown, "tags": tags}


def confusions(result: Result) -> list[Confusion]:
    """Return the table `confusion` as a square for each model."""
    counts = {
        (row["model"], row["label"], row["predicted"]): int(row["texts"])
        for row in result.rows("confusion")
    }
    found = []
    for model in dict.fromkeys(model for model, _, _ in counts):
        own = [(label, said) for name, label, said in counts if name == model]
        labels = tuple(dict.fromkeys(label for label, _ in own))
        said = tuple(dict.fromkeys([*labels, *(predicted for _, predicted in own)]))
        rows = ((one, tuple(counts.get((model, one, s), 0) for s in said)) for one in labels)
        found.append(Confusion(model, said, tuple(rows)))
    return found
