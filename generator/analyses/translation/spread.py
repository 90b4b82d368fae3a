"""Target words whose attention is spread over the sentence: nothing there stands behind them."""

from __future__ import annotations

import numpy as np

from ...array_types import Doubles, Mask
from ...statistics.entropy import entropy

OVER = 0.5
"""A word is scattered when it looks as if at this share of the source words, or at more."""


def looked_at(weights: Doubles) -> Doubles:
    """Return over how many source words each target word spreads, from 1, [target].

    The exponential of the entropy of a row of `weights` [target, source] among the words, NaN in a
    row without any.
    """
    sums = np.nansum(weights, axis=1)
    shares = np.divide(
        weights, sums[:, None], out=np.full_like(weights, np.nan), where=sums[:, None] > 0
    )
    found: Doubles = np.exp(entropy(np.nan_to_num(shares)))
    found[np.isnan(shares).any(axis=1)] = np.nan
    return found


def scattered(weights: Doubles) -> Mask:
    """Return which target words look as if at half of the source words or more, [target]."""
    found: Mask = looked_at(weights) >= max(2.0, OVER * weights.shape[1])
    return found


def spread(weights: Doubles) -> float | None:
    """Return how far the words of a translation spread: 0 at one source word each, 1 at all alike.

    The mean over target words of entropy by that of even attention; None where there are none, or
    only one source word.
    """
    words = weights.shape[1]
    rows = looked_at(weights)
    known = rows[~np.isnan(rows)]
    if words < 2 or not known.size:
        return None
    return float((np.log(known) / np.log(words)).mean())
