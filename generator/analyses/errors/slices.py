"""Where a model is wrong more often: by tag, by aspect, by length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...results.shapes import Cell
from .answers import Answer
from .measures import accuracy

SLICES = ("model", "by", "slice", "n", "clusters", "right", "accuracy", "low", "high")
MOST = 40
"""Slices of one kind, those with most texts."""
LENGTHS = ((1, 8), (9, 16), (17, 32), (33, 64), (65, None))
"""Words that texts are put together by: the least, and the most."""


def slices(model: str, answers: Sequence[Answer]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of SLICES for each tag, aspect and length that divides the answers."""
    kinds: dict[str, dict[str, list[Answer]]] = {"tag": {}, "aspect": {}, "words": {}}
    for one in answers:
        for tag in dict.fromkeys(one.tags):
            kinds["tag"].setdefault(tag, []).append(one)
        for aspect in dict.fromkeys(name.casefold() for name in one.aspects):
            kinds["aspect"].setdefault(aspect, []).append(one)
    for low, high in LENGTHS:
        own = [one for one in answers if low <= one.words <= (high or one.words)]
        if own:
            kinds["words"][f"{low} to {high}" if high else f"{low} and more"] = own
    for kind, found in kinds.items():
        parts = {name: own for name, own in found.items() if kind != "words" or len(found) > 1}
        kept = sorted(parts.items(), key=lambda part: -len(part[1]))[:MOST]
        for name, own in sorted(kept, key=lambda part: kind != "words" and accuracy(part[1]).value):
            yield _row(model, kind, name, own)


def _row(model: str, kind: str, name: str, own: Sequence[Answer]) -> tuple[Cell, ...]:
    found = accuracy(own)
    low, high = found.ends or (None, None)
    right = sum(bool(one.right) for one in own)
    return model, kind, name, found.n, found.clusters, right, found.value, low, high
