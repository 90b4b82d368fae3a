"""The five states of a thing in two sites, and the rule that tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["added", "removed", "changed", "within noise", "identical"]
STATES: tuple[State, ...] = ("changed", "added", "removed", "within noise", "identical")
CHANGES: frozenset[State] = frozenset({"changed", "added", "removed"})
"""States that are a change."""
FLOOR = 0.01
"""What a number without an interval must move by to count as changed, unless it has its own."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as one site has it; `low` and `high` are its 95% interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """Return the interval."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of two sites. `moved` is how far its number went, in widths of both intervals.

    From -1 to 1 the intervals meet; None where there is no interval, or no number.
    """

    group: str
    key: str
    title: str
    before: str
    after: str
    state: State
    page: str = ""
    delta: float | None = None
    moved: float | None = None
    numbers: tuple[Number, Number] | None = None


def of_numbers(before: Number, after: Number, floor: float = 0.0) -> State:
    """Return the state of a number that both sites have.

    It is changed where the intervals do not meet and it moved by `floor`, the least effect worth
    a word. That is a careful reading: numbers whose intervals meet may differ all the same.
    Without intervals, it is changed where it moved by `floor`, or by FLOOR.
    """
    if before == after:
        return "identical"
    moved = abs(after.value - before.value)
    one, other = before.ends, after.ends
    if one is None or other is None:
        return "changed" if moved >= (floor or FLOOR) else "within noise"
    apart = one[1] < other[0] or other[1] < one[0]
    return "changed" if apart and moved >= floor else "within noise"


def widths(before: Number, after: Number) -> float | None:
    """Return how far a number moved, in widths of both intervals; None without intervals."""
    one, other = before.ends, after.ends
    if one is None or other is None:
        return None
    moved = after.value - before.value
    if moved > 0:
        room = (one[1] - before.value) + (after.value - other[0])
    else:
        room = (before.value - one[0]) + (other[1] - after.value)
    if not moved:
        return 0.0
    return moved / room if room > 0 else float("inf") * moved
