"""How far each head moved from one model to another, and how far another head is.

Jensen-Shannon divergence of their rows: Lin 1991, "Divergence Measures Based on the Shannon
Entropy"; between heads as Clark et al. 2019, section 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...capture import AttentionMap, Capture
from ...capture.words import owners, to_words, words_of
from ...names import head_label
from ...results.shapes import Cell, Finding, Series
from ...results.wording import counted, percent
from ...statistics.best_of_many import best_head
from ...statistics.bootstrap import estimate
from ...statistics.entropy import entropy
from ...statistics.splits import Group
from ..rollout import normalised
from .together import Both

HEADS = ("kind", "layer", "head", "name", "texts", "moved", "low", "high", "other_heads")
FEWEST = 10
"""Texts from which on a head is named: half choose it, half measure it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One text: how far each head moved, and how far it is from the others of its layer.

    Both [layer, head], means over queries, from 0 (the same) to 1 (no token in common). `cluster`
    is what the text counts with.
    """

    kind: str
    own: Doubles
    others: Doubles
    cluster: Group


def moved_of(both: Both) -> Moved | None:
    """Return how far heads moved on one text, None where the models have other layers or heads.

    Token by token where both cut the text alike, else word by word without special tokens.
    """
    parts = [read.capture.text_map for read in (both.one, both.other)]
    first, second = parts
    if first is None or second is None or first.weights.shape[:2] != second.weights.shape[:2]:
        return None
    weights = [np.asarray(part.weights, np.float64) for part in (first, second)]
    if [token.id for token in first.queries] != [token.id for token in second.queries]:
        weights = [_of_words(part, both.one.capture) for part in (first, second)]
    one, other = weights
    if one.shape != other.shape or not one.size:
        return None
    return Moved(first.kind, divergence(one, other), _from_others(one, other), both.cluster)


def divergence(one: Doubles, other: Doubles) -> Doubles:
    """Return the mean Jensen-Shannon divergence of rows, [...] from [..., query, key], in bits.

    From 0, the same, to 1, where no key gets attention in both.
    """
    mixed = entropy((one + other) / 2) - (entropy(one) + entropy(other)) / 2
    found: Doubles = np.nanmean(np.maximum(mixed, 0), axis=-1) / np.log(2)
    return found


def _from_others(one: Doubles, other: Doubles) -> Doubles:
    """Return how far each head of the first is from the next ones of its layer in the second."""
    heads = one.shape[1]
    turns = range(1, min(heads, 4))
    far = [divergence(one, np.roll(other, turn, axis=1)) for turn in turns]
    return np.mean(far, axis=0, dtype=np.float64) if far else np.full(one.shape[:2], np.nan)


def _of_words(part: AttentionMap, capture: Capture) -> Doubles:
    """Return attention between words, rows summing to 1, [layer, head, word, word]."""
    words = words_of(capture.record)
    rows, columns = owners(part.queries, words), owners(part.keys, words)
    return normalised(np.nan_to_num(to_words(part.weights, rows, columns, len(words))))


def head_rows(moved: Sequence[Moved]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of HEADS for each head, those that moved most first."""
    if not moved:
        return
    shape = moved[0].own.shape
    means = estimate([one.own.ravel() for one in moved], groups=_clusters(moved))
    others = np.nanmean([one.others for one in moved], axis=0).ravel()
    for at in np.argsort(-means.value, kind="stable"):
        layer, head = divmod(int(at), shape[1])
        ends = (_cell(part[at]) for part in (means.value, means.low, means.high))
        start = (moved[0].kind, layer, head, head_label(layer, head), len(moved))
        yield (*start, *ends, _cell(others[at]))


def _clusters(moved: Sequence[Moved]) -> list[Group]:
    return [one.cluster for one in moved]


def _cell(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def layer_series(moved: Sequence[Moved]) -> tuple[Series, ...]:
    """Return how far each layer moved on average, beside how far its other heads are."""
    if not moved:
        return ()
    means = estimate([one.own.mean(axis=1) for one in moved], groups=_clusters(moved))
    others = np.mean([one.others.mean(axis=1) for one in moved], axis=0)
    layers = tuple(float(layer) for layer in range(len(means.value)))
    parts = (means.value, means.low, means.high, others)
    y, low, high, null = (tuple(map(_cell, part)) for part in parts)
    return (Series("how far layers moved", layers, y, low, high, null),)


def finding(names: tuple[str, str], moved: Sequence[Moved]) -> Finding | None:
    """Return which head moved most: chosen by half of the texts, measured on the others."""
    if len(moved) < FEWEST:
        return None
    best = best_head(np.stack([one.own.ravel() for one in moved]), groups=_clusters(moved))
    if best is None:
        return None
    width = moved[0].own.shape[1]
    other = float(np.mean([one.others.ravel()[best.head] for one in moved]))
    return Finding(
        id=f"compare-heads-{names[0]}-{names[1]}",
        key="compare-heads",
        statement=(
            f"From {names[0]} to {names[1]}, attention of "
            f"{head_label(*divmod(best.head, width))} moved most, by {percent(best.value)} "
            f"(100%: nothing in common), in {counted(best.n, 'text')} not used to choose it."
        ),
        value=best.value,
        n=best.n,
        interval=best.interval,
        clusters=best.clusters,
        null=(other, other),
        null_says="how far the other heads of its layer are from it",
    )
