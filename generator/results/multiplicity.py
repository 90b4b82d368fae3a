"""Many claims about one model: the share of false ones among those that hold is kept down.

Benjamini & Hochberg 1995, "Controlling the False Discovery Rate",
https://doi.org/10.1111/j.2517-6161.1995.tb02031.x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .levels import Claim
from .shapes import Finding, Result

RATE = 0.05
"""The false discovery rate among the claims about one model."""
Z = 1.959963984540054


def controlled(results: Mapping[str, Result]) -> dict[str, Result]:
    """Return the results about one model with only the findings that are told.

    Each claim counts, told or not: what would hold and is not among the discoveries of them all
    stays undecided. Each of them knows how many there were.
    """
    claims = [
        one.claim for result in results.values() for one in result.findings if one.claim is not None
    ]
    kept = {id(claim) for claim in discoveries(claims)}

    def told(one: Finding) -> Finding:
        if one.claim is None:
            return one
        return replace(one, discovered=id(one.claim) in kept, claims=len(claims))

    return {
        name: replace(result, findings=tuple(told(one) for one in result.findings if one.told))
        for name, result in results.items()
    }


def discoveries(claims: Sequence[Claim], rate: float = RATE) -> list[Claim]:
    """Return the claims whose chance is ruled out, of which at most `rate` are expected false."""
    ordered = sorted(claims, key=p_value)
    passing = [
        at for at, claim in enumerate(ordered, 1) if p_value(claim) <= rate * at / len(ordered)
    ]
    return ordered[: max(passing, default=0)]


def p_value(claim: Claim) -> float:
    """Return how likely chance alone reaches the claim, one-sided, from both widths; 1 unknown.

    What has no width is certain: 0 where it lies beyond the middle of chance, else 1.
    """
    if claim.interval is None or math.isnan(claim.interval[0]):
        return 1.0
    sign = 1 if claim.side == "more" else -1
    beyond = sign * (claim.value - sum(claim.null) / 2)
    widths = (abs(high - low) / (2 * Z) for low, high in (claim.interval, claim.null))
    error = math.hypot(*widths)
    if error == 0:
        return 0.0 if beyond > 0 else 1.0
    return math.erfc(beyond / error / math.sqrt(2)) / 2
