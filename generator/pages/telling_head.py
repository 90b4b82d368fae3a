"""The head that says most about a text: distance and columns tell least where it looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..array_types import Bytes, Doubles, Integers
from ..capture import AttentionMap, Capture
from ..capture.words import words_of
from ..names import head_label
from .packing import pool

MOST = 96
"""Tokens of a text, from its start, that are looked at."""
LEAST, LONGEST = 4, 24
"""Words of a text that a page may open with: fewer say little, more are too small to see."""


@dataclass(frozen=True, slots=True)
class TellingHead:
    """A head, how much of its attention place does not tell (0 to 2), and its picture."""

    layer: int
    head: int
    score: float
    words: int
    picture: Bytes

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)

    @property
    def opens(self) -> tuple[bool, float]:
        """Return how well its text would open a page: of a fair length first, then by score."""
        return LEAST <= self.words <= LONGEST, self.score


def telling_head(capture: Capture) -> TellingHead:
    """Return the head of a text that distance and columns tell least of; special tokens left out.

    Of an encoder-decoder, of the last map: how output looks at input. Its picture is ink in even
    steps, full at the largest weight.
    """
    attention = capture.maps[-1]
    inner = _words(attention)
    scores = _untold(inner[..., :MOST, :MOST], attention.causal)
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    shown = inner[layer, head]
    share = shown / max(float(shown.max()), 1e-9)
    picture = pool(np.rint(255 * share).astype(np.uint8))
    words = len(words_of(capture.record))
    return TellingHead(int(layer), int(head), float(scores[layer, head]), words, picture)


def _words(attention: AttentionMap) -> Doubles:
    """Return [layer, head, query, key] among the words; of a text without any, all of it."""
    rows = [i for i, token in enumerate(attention.queries) if not token.special]
    columns = [i for i, token in enumerate(attention.keys) if not token.special]
    if not rows or not columns:
        return np.asarray(attention.weights)
    return np.asarray(attention.weights[:, :, rows][..., columns])


def _untold(weights: Doubles, causal: bool) -> Doubles:
    """Return [layer, head]: the attention of a row that its means by distance, or by key, miss."""
    layers, heads, queries, keys = weights.shape
    allowed = np.tri(queries, keys, dtype=bool) if causal else np.ones((queries, keys), bool)
    behind = np.subtract.outer(np.arange(queries), np.arange(keys))[allowed]
    across = np.broadcast_to(np.arange(keys), allowed.shape)[allowed]
    cells = np.ascontiguousarray(weights.reshape(layers * heads, -1).T[allowed.ravel()])
    missed = np.minimum(_missed(cells, behind), _missed(cells, across)) / queries
    found: Doubles = missed.reshape(layers, heads)
    return found


def _missed(cells: Doubles, groups: Integers) -> Doubles:
    """Return [head] the sum of differences of `cells` [cell, head] from the mean of their group."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups.min() - 1))
    counts = np.diff(starts, append=len(order))
    sorted_ = cells.take(order, axis=0)
    means = np.add.reduceat(sorted_, starts, axis=0) / counts[:, None]
    sorted_ -= np.repeat(means, counts, axis=0)
    found: Doubles = np.abs(sorted_, out=sorted_).sum(axis=0)
    return found
