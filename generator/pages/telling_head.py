"""The head that says most about a text: distance and columns tell least where it looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..array_types import Bytes, Doubles, Integers, Mask
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
    _, _, queries, keys = weights.shape
    allowed = np.tri(queries, keys, dtype=bool) if causal else np.ones((queries, keys), bool)
    behind = np.subtract.outer(np.arange(queries), np.arange(keys))
    across = np.broadcast_to(np.arange(keys), behind.shape)
    by_distance = _missed(weights, behind - behind.min(), allowed)
    found: Doubles = np.minimum(by_distance, _missed(weights, across, allowed)) / queries
    return found


def _missed(weights: Doubles, groups: Integers, allowed: Mask) -> Doubles:
    """Return [layer, head] the sum of differences from the mean of each group of cells."""
    layers, heads = weights.shape[:2]
    order = np.argsort(groups[allowed], kind="stable")
    labels = groups[allowed][order]
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    counts = np.diff(starts, append=len(labels))
    flat = weights[:, :, allowed].reshape(layers * heads, -1)[:, order].astype(np.float64)
    means = np.add.reduceat(flat, starts, axis=1) / counts
    flat -= np.repeat(means, counts, axis=1)
    found: Doubles = np.abs(flat, out=flat).sum(axis=1).reshape(layers, heads)
    return found
