"""Where a head rests: how much of it, and on which tokens."""

from __future__ import annotations

from ...capture.masks import DELIMITER
from ...results.wording import listed
from .means import METRICS, HeadMeans

FIRST = "the first token"


def resting_place(summary: HeadMeans, layer: int, head: int) -> tuple[float | None, str]:
    """Return the share of attention that rests, from 0 to 1, and on what most of it does."""
    value = summary.estimate.value
    cell = (layer, head)
    share = float(value[(METRICS.index("rest"), *cell)])
    if share != share:
        return None, ""
    closing = [name for name in summary.special if DELIMITER.search(name)]
    others = [name for name in summary.special if name not in closing]
    if not summary.special:
        return share, FIRST
    on_closing = float(value[(METRICS.index("delimiter"), *cell)])
    most = closing if closing and (not others or on_closing >= share / 2) else others
    return share, listed(most) if len(most) <= 3 else "special tokens"
