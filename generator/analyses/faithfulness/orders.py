"""Which tokens are erased in which order, how many at once, and what ERASER makes of it.

DeYoung et al. 2020, "ERASER", section 4: the bins are 1, 5, 10, 20 and 50% of the tokens.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np

from ...array_types import Doubles, Indices

BINS = (0.01, 0.05, 0.1, 0.2, 0.5)
"""The shares of a text that ERASER erases and keeps."""
SHARES = (0.1, 0.5, 0.05, 0.2, 0.01)
"""The same in the order in which a long text gives them up from the end."""
RANDOM_ORDERS, SEED = 50, 0
"""Orders that stand for chance, the same number for every text; each text has its own."""
RANDOM_TOKENS, METHOD_TOKENS = 8192, 4096
"""The tokens of all texts that are erased at random, two full batches, and of those that methods
erase: so far more than one share of the text is asked about."""
OTHER_SHARE, OTHER_ORDERS, OTHER_TOKENS = 0.2, 8, 1024
"""What is erased in the other manner, too: a share, in so many random orders, up to so many tokens
of all texts that this asks about."""
SHORT = 64
"""Up to so many tokens a text is asked about two shares at least."""


def sizes(n: int, most: int = len(SHARES)) -> list[int]:
    """Return how many of n tokens are erased: ceil(share * n), equal ones merged, up to `most`."""
    return sorted(list(dict.fromkeys(size(share, n) for share in SHARES))[:most])


def size(share: float, n: int) -> int:
    """Return how many tokens are a share of n, as ERASER rounds: up."""
    return math.ceil(round(share * n, 9))


def random_sizes(n: int, tokens: int) -> list[int]:
    """Return how many of n tokens are erased at random, in a text of so many tokens in all."""
    fitting = RANDOM_TOKENS // (2 * RANDOM_ORDERS * tokens)
    return sizes(n, max(2 if tokens <= SHORT else 1, fitting))


def method_sizes(n: int, tokens: int, methods: int) -> list[int]:
    """Return how many are erased in the order of a method: all five shares, if there is room."""
    if 2 * methods * len(sizes(n)) * tokens <= METHOD_TOKENS:
        return sizes(n)
    return random_sizes(n, tokens)


def random_orders(ids: Sequence[int], n: int, orders: int = RANDOM_ORDERS) -> Indices:
    """Return so many random orders of n places, [order, place]; `ids` are the text's tokens.

    The seed is the text's own, so that near copies are not erased in the same places.
    """
    own = zlib.crc32(np.asarray(ids, dtype="<i8").tobytes())
    random = np.random.default_rng((SEED, own))
    found: Indices = random.permuted(np.tile(np.arange(n), (orders, 1)), axis=1)
    return found


def eraser_mean(values: Doubles, ks: Sequence[int], n: int) -> Doubles | None:
    """Return the mean over ERASER's five bins, [...], of `values` [..., k]; None if one was left.

    In a short text several bins are the same number of tokens, which then counts as often.
    """
    wanted = [size(share, n) for share in BINS]
    if not set(wanted) <= set(ks):
        return None
    mean: Doubles = values[..., [list(ks).index(k) for k in wanted]].mean(axis=-1)
    return mean
