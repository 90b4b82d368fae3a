"""The rule for the word beside a sentence. One function decides it; every sentence goes through it.

A claim says that something is more, or less, than chance gives. Its bar is what chance gives at
most, and not below the middle of chance plus a floor: the least effect that is worth a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["holds", "does not hold", "undecided", "described"]
Side = Literal["more", "less"]
Ends = tuple[float, float]

PROBABILITY = 0.05
"""The floor of a difference of probabilities, and of a share of cases or of a vector's length."""
CORRELATION = 0.1
"""The floor of a rank correlation."""
ATTENTION = 0.25
"""The floor of a share of attention: by so much more than chance gives, a head has a role."""
NATS = 0.1
"""The floor of what a token costs."""

BEYOND: dict[Level, str] = {"holds": "yes", "does not hold": "no"}
"""Whether a row of a table lies beyond chance; what is in neither state is open."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence claims: `value`, with its 95% interval, is more than `null` by `floor`.

    `null` is the range that chance alone gives; with `side` less, it claims less. One unit for all.
    What is `two_sided` may go either way with no training at all, and which way is the luck of a
    draw of weights, as two rankings agree or disagree: an untrained copy then comes as far where it
    is as far from the middle of chance, on either side of it.
    """

    value: float
    interval: Ends | None
    null: Ends
    floor: float
    side: Side = "more"
    two_sided: bool = False

    def level(self, twin: Sequence[float] = (), discovered: bool = True) -> Level:
        """Return the word for the claim; `twin` has the values of untrained copies."""
        found = (self.value, self.interval, self.null, self.floor)
        return judge(*found, [*map(self.counted, twin)], self.side, discovered)

    def counted(self, copy: float) -> float:
        """Return what the value of an untrained copy counts as, on the side of the claim."""
        middle, sign = sum(self.null) / 2, 1 if self.side == "more" else -1
        return middle + sign * abs(copy - middle) if self.two_sided else copy


def judge(
    value: float,
    interval: Ends | None,
    null: Ends,
    floor: float,
    twin: Sequence[float] = (),
    side: Side = "more",
    discovered: bool = True,
) -> Level:
    """Return the word for the claim that a value is more than chance gives, by at least `floor`.

    It holds where the whole interval lies beyond the bar, does not where the whole interval falls
    short of it, and is undecided where the interval meets it. Without an interval nothing is
    claimed. Nor is it where an untrained copy comes as far: where one reaches the interval of
    what would hold, or passes the bar itself. Of many claims one holds only where it is
    `discovered`, which `multiplicity` says.
    """
    if interval is None or interval[0] != interval[0]:
        return "described"
    sign = 1 if side == "more" else -1
    near, far = sorted(sign * end for end in interval)
    edge = bar(null, floor, side)
    if far < sign * edge:
        return "does not hold"
    copies = [sign * one for one in twin]
    holds = near >= sign * edge and near > max(sign * end for end in null)
    reached = min(near, sign * edge) if holds else sign * edge
    if any(one >= reached for one in copies):
        return "described"
    return "holds" if holds and discovered else "undecided"


def bar(null: Ends, floor: float, side: Side = "more") -> float:
    """Return what a value must pass to be more (or less) than chance by at least `floor`."""
    sign = 1 if side == "more" else -1
    return sign * max(max(sign * end for end in null), sign * sum(null) / 2 + floor)


def beyond(level: Level) -> str:
    """Return `yes`, `no` or `open`: whether a row of a table lies beyond chance."""
    return BEYOND.get(level, "open")
