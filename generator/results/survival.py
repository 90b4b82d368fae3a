"""In how many of the ways in which it can be computed a claim holds, and from how many texts on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .levels import Claim, Level


@dataclass(frozen=True, slots=True)
class Way:
    """One way of computing a claim, in words, and the claim as it then is."""

    name: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Survival:
    """A claim computed in several ways, and over some of the texts: (how many, the claim)."""

    ways: tuple[Way, ...]
    sizes: tuple[tuple[int, Claim], ...] = ()

    def levels(self, twin: Sequence[float]) -> list[Level]:
        """Return the word for the claim in each of the ways, beside the same untrained copies."""
        return [way.claim.level(twin) for way in self.ways]

    def flips(self, twin: Sequence[float]) -> list[str]:
        """Return the ways in which the claim does not hold."""
        levels = self.levels(twin)
        return [w.name for w, level in zip(self.ways, levels, strict=True) if level != "holds"]

    def settles_at(self, level: Level, twin: Sequence[float]) -> int | None:
        """Return from how many texts on the claim has this level, None where it never settles."""
        settled = None
        for size, claim in reversed(self.sizes):
            if claim.level(twin) != level:
                break
            settled = size
        return settled
