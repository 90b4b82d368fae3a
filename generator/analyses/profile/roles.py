"""Which pattern a head has: a rule that says what it compares and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles, Indices, Mask
from ..working import WORKING

MARGIN = 0.25
"""How much more of its attention than uniform attention a head must put somewhere to be named."""
BROAD = 0.9
"""The share of uniform attention's entropy from which a head is called broad."""

TIERS = (("previous", "next", "self", "punctuation"), ("induction", "duplicate"))
RESTS = ("first", "delimiter")
PATTERNS = (*TIERS[0], *TIERS[1], *RESTS)
ROLES = (*PATTERNS, "broad", "none")
METRIC_OF = {name: WORKING.get(name, name) for name in PATTERNS}
"""What measures each pattern: habits among the tokens where no head rests, rests as they are."""

PHRASES = {
    "previous": "the token before",
    "next": "the token after",
    "self": "the token itself",
    "punctuation": "punctuation",
    "induction": "what followed an earlier copy",
    "duplicate": "earlier copies of the same token",
    "first": "the first token",
    "delimiter": "delimiters",
    "broad": "many tokens, near uniform",
    "none": "no single habit above chance",
}


@dataclass(frozen=True, slots=True)
class Measures:
    """What roles are told from: shares by pattern, and entropy.

    `patterns` [..., pattern, layer, head] with its null [..., pattern, layer]; `entropy`
    [..., layer, head] in nats with its null [..., layer]. Leading axes (resamples) are kept.
    """

    patterns: Doubles
    patterns_null: Doubles
    entropy: Doubles
    entropy_null: Doubles

    @property
    def margins(self) -> Doubles:
        """Return how far each pattern lies above uniform attention, [..., pattern, layer, head]."""
        return self.patterns - self.patterns_null[..., None]


def assign(measures: Measures, eligible: Mask) -> Indices:
    """Return the place in ROLES of each head's role, [..., layer, head].

    The pattern with the largest margin over uniform attention wins if that margin is at least 0.25
    and the pattern is `eligible` [pattern, layer, head]: the interval of its margin lies above 0.
    Patterns about every token come first, then those about repeated tokens, which rest on few
    queries, and last the places where heads rest: what a head does when it works is told without
    them, so a head that follows the previous token does so also in a model full of sinks. A head
    without a pattern is broad when its entropy is at least 0.9 of uniform attention's, else none.
    """
    margins = np.where(eligible & (measures.margins >= MARGIN), measures.margins, -np.inf)
    null = measures.entropy_null[..., None]
    broad = (null > 0) & (measures.entropy >= BROAD * null)
    roles = np.where(broad, ROLES.index("broad"), ROLES.index("none"))
    start = len(PATTERNS)
    for tier in (RESTS, *reversed(TIERS)):
        start -= len(tier)
        part = margins[..., start : start + len(tier), :, :]
        found = np.isfinite(part).any(axis=-3)
        roles = np.where(found, start + part.argmax(axis=-3), roles)
    return roles


def nearest(measures: Measures) -> Indices:
    """Return the place in PATTERNS of each head's largest margin, [layer, head]."""
    margins = np.where(np.isnan(measures.margins), -np.inf, measures.margins)
    place: Indices = margins.argmax(axis=-3)
    return place
