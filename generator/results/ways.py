"""The ways in which claims were computed, as arrays that results hand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .levels import Claim, Side
from .shapes import Partial, Result
from .survival import Survival, Way

SIZES = "sizes:"
"""What the name of a Partial begins with that has a claim over ever more texts."""
Named = tuple[str, str]
"""An analysis, and the id of one of its findings."""


def ways_of(named: Named, ways: Sequence[Way]) -> Partial:
    """Return the ways of one claim, to be handed on."""
    return _partial("/".join(named), [(way.name, way.claim) for way in ways])


def sizes_of(named: Named, sizes: Sequence[tuple[int, Claim]]) -> Partial:
    """Return a claim over ever more texts, to be handed on."""
    return _partial(SIZES + "/".join(named), [(str(size), claim) for size, claim in sizes])


def survival_in(result: Result, named: Named, claim: Claim) -> Survival | None:
    """Return in which ways a claim was computed; where a way has no chance of its own, its."""
    ways, sizes = (result.partial(prefix + "/".join(named)) for prefix in ("", SIZES))
    if ways is None:
        return None
    found = tuple(Way(name, one) for name, one in _claims(ways, claim))
    grown = tuple((int(name), one) for name, one in _claims(sizes, claim)) if sizes else ()
    return Survival(found, grown)


def _partial(name: str, claims: Sequence[tuple[str, Claim]]) -> Partial:
    rows = [
        (
            one.value, *(one.interval or (np.nan, np.nan)), *one.null, one.floor,
            1.0 if one.side == "more" else -1.0,
        )
        for _, one in claims
    ]  # fmt: skip
    return Partial(name, np.array(rows, np.float64).T, tuple(label for label, _ in claims))


def _claims(part: Partial, like: Claim) -> Iterator[tuple[str, Claim]]:
    for name, row in zip(part.labels, part.values.T.tolist(), strict=True):
        value, low, high, null_low, null_high, floor, side = row
        interval = None if low != low else (low, high)
        null = like.null if null_low != null_low else (null_low, null_high)
        towards: Side = "more" if side > 0 else "less"
        yield name, Claim(value, interval, null, floor, towards, like.two_sided)
