"""Chance under a causal mask: the weights of each row in random order over the tokens it may see.

To shuffle tokens would let early ones, which every row may see, change places with late ones, which
few may: what the mask alone gives would then look like a finding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..array_types import Doubles, Integers, Mask, Singles
from ..capture import AttentionMap, masks
from ..statistics.permutations import shuffled, shuffled_keys

SEED = 0
NULL = "null."
"""What the names of the Partials begin with that hold chance, [shuffle, token]."""
SAYS = "with the weights of each row in random order over the tokens it may see"


def shuffles(tokens: int) -> int:
    """Return how many shuffles a text of so many tokens gets: 100, of a long one 20."""
    return 100 if tokens <= 128 else 20


def allowed(part: AttentionMap) -> Mask:
    """Return which keys each query may see, [layer, query, key]."""
    return np.stack([masks.visible(part, layer) for layer in range(part.layers)])


def followed(
    steps: Doubles, allowed: Mask, row: int, mixed: Callable[[Doubles], Doubles]
) -> Singles:
    """Return what reaches one query at the top in shuffled layers, float32 [shuffle, key].

    `steps` [layer, query, key] are the heads of each layer put together, `mixed` adds the residual
    stream to a layer. Each row of each layer is shuffled by itself, over the keys that it may see.
    """
    random = np.random.default_rng((SEED, steps.shape[-1]))
    size = row + 1  # under a causal mask nothing behind it takes part
    found = np.zeros((shuffles(size), steps.shape[-1]), dtype=np.float32)
    for reached in found:
        share = np.eye(size)[row]
        for step, seen in zip(steps[::-1, :size, :size], allowed[::-1, :size, :size], strict=True):
            moved = shuffled(step, shuffled_keys(seen, random)).astype(np.float64)
            share = share @ mixed(moved)
        reached[:size] = share
    return found


def in_order(values: Singles) -> Integers:
    """Return the ranks of each row, doubled, so that those of equals are whole numbers, too.

    They are all that rankings are compared by, and take a fifth of the room in files.
    """
    from scipy.stats import rankdata

    ranks: Integers = (2 * rankdata(values, axis=-1)).astype(np.int64)
    return ranks


def received(part: AttentionMap, queries: int) -> Doubles:
    """Return what each key receives by the queries that may see it, in shuffled rows.

    Float64 [shuffle, layer, head, key], of the first `queries` rows. The heads of a layer are
    shuffled alike.
    """
    random = np.random.default_rng((SEED, queries))
    seen = allowed(part)[:, :queries]
    counts = np.maximum(seen.sum(axis=1), 1)
    shape = (shuffles(queries), part.layers, part.heads, part.weights.shape[-1])
    found = np.zeros(shape)
    for turn in found:
        for layer, keys in enumerate(seen):
            moved = shuffled(part.weights[layer, :, :queries], shuffled_keys(keys, random))
            turn[layer] = moved.sum(axis=1, dtype=np.float64) / counts[layer]
    return found
