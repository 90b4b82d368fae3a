"""What lists of answers can be filtered by: model, label, answer, right or wrong, tag. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 60
"""Choices of one filter, the most frequent."""
SHOWN = 60
"""Characters of a choice."""
RIGHT = {"no": "wrong", "yes": "right"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as the page offers it: its choices as (value, words)."""

    name: str
    words: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer can be found by."""

    model: str
    label: str
    predicted: str
    right: str | None


def offered(told: Sequence[Told], tags: Iterable[str] = ()) -> list[Filter]:
    """Return the filters that have something to choose between."""
    found = [
        _filter("model", "Model", (one.model for one in told)),
        _filter("label", "Labelled", (one.label for one in told)),
        _filter("predicted", "Predicted", (one.predicted for one in told)),
        _filter("tag", "Tag", tags, least=1),
    ]
    counts = Counter(one.right for one in told)
    if counts["no"] or counts["yes"]:
        words = tuple((name, f"{RIGHT[name]} ({counts[name]:,})") for name in RIGHT)
        found.insert(0, Filter("right", "Answers", words))
    return [one for one in found if one.choices]


def _filter(name: str, words: str, values: Iterable[str], least: int = 2) -> Filter:
    counts = Counter(value for value in values if value)
    kept = sorted(counts.most_common(MOST), key=lambda pair: (-pair[1], pair[0]))
    choices = tuple((value, f"{value[:SHOWN]} ({count:,})") for value, count in kept)
    return Filter(name, words, choices if len(counts) >= least else ())
