"""Whether erasing a word moves the answer, and which way: the rule that every list goes by."""

from __future__ import annotations

from typing import Final, Literal

from ...results.levels import PROBABILITY

NEAR = 0.5
"""The part of what is left of a probability, to none or to certainty, that counts as a move, too:
an answer of 3% cannot fall by five points, and one of 97% cannot rise by as much."""
OTHERWISE: Final = "otherwise"
IDLE: Final = "idle"
"""The side of a word that erasing contradicts, and of one without which hardly anything changes."""
Side = Literal["for", "against", "otherwise", "idle"]


def floor(full: float, probable: bool, rises: bool = False) -> float:
    """Return by how much an answer must fall, or rise, to count as moved.

    By five points of probability, or by half of what is left; a value by a twentieth of itself.
    """
    if not probable:
        return PROBABILITY * abs(full)
    return min(PROBABILITY, NEAR * (1 - full if rises else full))


def moved(full: float, without: float, probable: bool) -> int:
    """Return 1 where the answer falls, −1 where it rises, and 0 where it hardly changes."""
    fall = full - without
    if fall == 0 or abs(fall) < floor(full, probable, fall < 0):
        return 0
    return 1 if fall > 0 else -1


def side_of(share: float, full: float, without: float | None, probable: bool) -> Side:
    """Return the side of a word that is named for an answer or against it, by its sign.

    What was not asked stays on the side that its sign gives it.
    """
    named: Side = "for" if share > 0 else "against"
    if without is None:
        return named
    way = moved(full, without, probable)
    if way == 0:
        return IDLE
    return named if (way > 0) == (share > 0) else OTHERWISE
