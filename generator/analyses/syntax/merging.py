"""Attention between words from that between their pieces, in more than one way.

Clark et al. 2019 (section 4.1) take the sum over the pieces of the word that is attended to, and
the mean over those of the word that attends. A word of more pieces then draws more attention, so
what a head finds may hang on that; the other ways do not add pieces up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...array_types import Doubles, Floats, Indices
from ...capture.words import to_words

Merge = Callable[[Floats, Indices], Doubles]
"""[..., token, token] and the word of each token [token] -> [..., word read, word read]."""
SUMS = "words as sums of pieces"


def sums(weights: Floats, own: Indices) -> Doubles:
    """Return the sum over key pieces, mean over query pieces."""
    read = np.unique(own[own >= 0])
    return to_words(weights, own, own, int(own.max()) + 1)[..., read, :][..., read]


def first(weights: Floats, own: Indices) -> Doubles:
    """Return what the first piece of one word gives the first piece of another."""
    _, places = np.unique(np.where(own >= 0, own, own.max() + 1), return_index=True)
    places = places[: len(np.unique(own[own >= 0]))]
    return weights[..., places, :][..., places].astype(np.float64)


def mean(weights: Floats, own: Indices) -> Doubles:
    """Return the mean over all pairs of their pieces: a word of many draws no more for that."""
    _, counts = np.unique(own[own >= 0], return_counts=True)
    return sums(weights, own) / counts


def largest(weights: Floats, own: Indices) -> Doubles:
    """Return the most that any piece of one word gives any piece of another."""
    pieces = np.flatnonzero(own >= 0)
    order = pieces[np.argsort(own[pieces], kind="stable")]
    starts = np.unique(own[order], return_index=True)[1]
    between = weights[..., order, :][..., order].astype(np.float64)
    for axis in (-1, -2):
        between = np.maximum.reduceat(between, starts, axis=axis)
    return between


OTHER: Mapping[str, Merge] = {
    "first pieces alone": first,
    "words as means of pieces": mean,
    "the strongest of pieces": largest,
}
"""Other ways, where a text has a word of several pieces; elsewhere all are the same."""


def several(own: Indices) -> bool:
    """Say whether any word has several pieces."""
    known = own[own >= 0]
    return len(known) > len(np.unique(known))
