"""Some of the texts of a model, in ways that leave near copies together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ...corpus import Record, group_of
from ..analysis import RecordResults, Results

SIZES = (5, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000)
"""Of how many texts a claim is computed, as far as there are more of them."""
SEED = 0


@dataclass(frozen=True, slots=True)
class Some:
    """Those records whose place is in `places`; it may be read more than once."""

    record_results: RecordResults
    places: frozenset[int]

    def __iter__(self) -> Iterator[tuple[Record, Results]]:
        return (one for at, one in enumerate(self.record_results) if at in self.places)


@dataclass(frozen=True, slots=True)
class Turned:
    """All records, the first cluster last: what chose a head now measures it, and back."""

    record_results: RecordResults
    first: frozenset[int]

    def __iter__(self) -> Iterator[tuple[Record, Results]]:
        rest = (one for at, one in enumerate(self.record_results) if at not in self.first)
        return chain(rest, Some(self.record_results, self.first))


def clusters(record_results: RecordResults) -> list[list[int]]:
    """Return the places of the records of each cluster, in the order in which these begin."""
    found: dict[object, list[int]] = {}
    for at, (record, _) in enumerate(record_results):
        found.setdefault(group_of(record) or at, []).append(at)
    return list(found.values())


def halves(known: list[list[int]]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the places of every other cluster, and those of the rest."""
    one, other = (frozenset(chain.from_iterable(known[start::2])) for start in (0, 1))
    return one, other


def nested(known: list[list[int]]) -> list[frozenset[int]]:
    """Return growing sets of places, each within the next, of about SIZES records; all last."""
    order = np.random.default_rng(SEED).permutation(len(known))
    total = sum(map(len, known))
    found: list[frozenset[int]] = []
    taken: list[int] = []
    sizes = iter([*(size for size in SIZES if size < total), total])
    size = next(sizes)
    for number in order:
        taken += known[number]
        if len(taken) >= size:
            found.append(frozenset(taken))
            size = next((one for one in sizes if one > len(taken)), total + 1)
    return found
