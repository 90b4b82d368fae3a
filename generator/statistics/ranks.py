"""Two orders of the same tokens: overlap at the top, rank correlation, and what chance gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles
from .bootstrap import EDGES, Interval

TOP = 0.2
"""The share of the tokens that counts as the top."""
PERMUTATIONS, SEED = 1000, 0
LEAST = 5
"""Fewer tokens than this have no order worth comparing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two orders of n tokens agree.

    `top` holds the places in the top k of both; `chance` is how many would be by chance. `null`
    is the range of Spearman's correlation by chance, 95%, and `null_shared` how many were in the
    top of both in each draw of it, empty where tokens were shuffled.
    """

    n: int
    k: int
    top: tuple[int, ...]
    spearman: float
    interval: Interval
    kendall: float
    null: Interval
    null_shared: tuple[int, ...] = ()

    @property
    def chance(self) -> float:
        """Return how many tokens two orders share among their top k by chance."""
        if self.null_shared:
            return sum(self.null_shared) / len(self.null_shared)
        return self.k**2 / self.n


def agreement(one: Doubles, other: Doubles, null: Doubles | None = None) -> Agreement | None:
    """Return how far two rankings agree, None where one of them is flat or shorter than LEAST.

    `null` is what stands in place of `one` by chance, [draw, token]; None shuffles the tokens.
    """
    n = len(one)
    if n < LEAST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    from scipy.stats import kendalltau, rankdata  # most of a second: for those who compare

    k = math.ceil(TOP * n)
    top = sorted(set(largest(one, k)) & set(largest(other, k)))
    ranks = [_standard(rankdata(values)) for values in (one, other)]
    correlation = float(ranks[0] @ ranks[1])
    if null is None:
        drawn = np.random.default_rng(SEED).permuted(np.tile(ranks[0], (PERMUTATIONS, 1)), axis=1)
        shared: tuple[int, ...] = ()
    else:
        drawn = np.array([_standard(rankdata(line)) for line in null])
        best = set(largest(other, k))
        shared = tuple(len(best.intersection(largest(line, k))) for line in null)
    low, high = np.quantile(drawn @ ranks[1], EDGES)
    return Agreement(
        n, k, tuple(top), correlation, fisher(correlation, n),
        float(kendalltau(one, other).statistic), (float(low), float(high)), shared,
    )  # fmt: skip


def largest(values: Doubles, k: int) -> list[int]:
    """Return the places of the k largest values, the earlier of equal ones first."""
    return [int(place) for place in np.argsort(-values, kind="stable")[:k]]


def speaking(values: Doubles, k: int) -> tuple[list[int], list[int]]:
    """Return the places of the k values that weigh most which speak for the answer, and against.

    `values` are attributions with their sign; what is listed is among the k of largest size, the
    largest first. A value of 0 speaks for nothing; of a method without a sign, nothing speaks
    against.
    """
    weighing = largest(np.abs(values), k)
    return [at for at in weighing if values[at] > 0], [at for at in weighing if values[at] < 0]


def fisher(correlation: float, n: int) -> Interval:
    """Return the 95% interval of Spearman's correlation (Bonett & Wright 2000)."""
    bounded = min(max(correlation, -0.999999), 0.999999)
    width = 1.959964 * math.sqrt((1 + bounded**2 / 2) / (n - 3))
    centre = math.atanh(bounded)
    return math.tanh(centre - width), math.tanh(centre + width)


def _standard(ranks: Doubles) -> Doubles:
    """Return ranks with mean 0 and length 1."""
    centred = ranks - ranks.mean()
    standard: Doubles = centred / max(float(np.linalg.norm(centred)), 1e-12)
    return standard
