"""Chance for what a head looks at: the keys that each row may see, in random order.

How widely a row spreads its weight stays as it is; which tokens get it does not.
"""

from __future__ import annotations

import numpy as np

from ..array_types import Floats, Indices, Mask


def shuffled_keys(allowed: Mask, random: np.random.Generator) -> Indices:
    """Return for each row which key's weight every key gets, [..., query, key].

    The keys that are `allowed` [..., query, key] change places at random, each row by itself; the
    others stay where they are.
    """
    keys = allowed.shape[-1]
    across = np.arange(keys)
    if allowed.all():
        return random.random(allowed.shape).argsort(axis=-1)
    behind = keys + across
    here = np.where(allowed, across, behind).argsort(axis=-1)
    there = np.where(allowed, random.random(allowed.shape), behind).argsort(axis=-1)
    places = np.empty(allowed.shape, np.intp)
    np.put_along_axis(places, here, there, axis=-1)
    return places


def shuffled(values: Floats, places: Indices) -> Floats:
    """Return `values` [..., query, key] with the keys of each row in the order of `places`."""
    queries = np.arange(places.shape[-2])[:, None]
    moved: Floats = values[..., queries, places]
    return moved


def sample_rows(queries: int, most: int, start: float = 0.5) -> Indices:
    """Return at most so many rows, evenly spread over `queries`: all of them where they are few.

    `start` from 0 to 1 says where in its part of the text each row lies. Drawn at random it gives
    every row the same chance: the first and the last, often special tokens, weigh no more.
    """
    most = max(1, min(queries, most))
    return ((np.arange(most) + start) * queries / most).astype(np.intp)
