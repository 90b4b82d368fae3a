"""How far several rankings of the same tokens agree, two at a time, all at once."""

from __future__ import annotations

import math

import numpy as np

from ..array_types import Doubles
from ..statistics.ranks import TOP, largest


def measured(values: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Return MEASURES of every two rows of `values` [method, token], each [method, method].

    Kendall's is tau-b, which counts ties on neither side.
    """
    ranks = ranks_of(values)
    pairs = np.triu_indices(values.shape[1], 1)
    signs = np.sign(values[:, pairs[0]] - values[:, pairs[1]])
    signs /= np.linalg.norm(signs, axis=1, keepdims=True)
    tops = tops_of(values)
    return ranks @ ranks.T, signs @ signs.T, tops @ tops.T


def ranks_of(values: Doubles) -> Doubles:
    """Return the ranks of each row with mean 0 and length 1."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    standard: Doubles = ranks / np.maximum(np.linalg.norm(ranks, axis=1, keepdims=True), 1e-12)
    return standard


def tops_of(values: Doubles) -> Doubles:
    """Return 1 / sqrt(k) at the k largest of each row and 0 elsewhere: products are shares."""
    k = math.ceil(TOP * values.shape[1])
    tops = np.zeros_like(values)
    for row, line in zip(tops, values, strict=True):
        row[largest(line, k)] = 1 / math.sqrt(k)
    return tops
