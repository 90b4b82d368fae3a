"""One text as one model read it, in brief: what pages that list many of them show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..capture import Kind
from .plan import RecordPage

if TYPE_CHECKING:  # an unchanged build does not load numpy
    from .telling_head import TellingHead


@dataclass(frozen=True, slots=True)
class MapShape:
    """The extent of one attention map."""

    kind: Kind
    layers: int
    heads: int
    queries: int
    keys: int


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What the home page says of one reading: one record as one model read it."""

    page: RecordPage
    tokens: int
    prediction: Mapping[str, Any]
    truncated: int
    telling: TellingHead
    shapes: tuple[MapShape, ...]
    first: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """What looks in the first map and what is looked at, as printed; nothing of a long text."""
    speaks_for: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    unconfirmed: str = ""
    """What its page says of the words for the answer, where erasing confirms none."""
