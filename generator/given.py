"""What files of arrays say of the site that they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .capture import Capture, ModelInfo

if TYPE_CHECKING:
    from .arrays import ArraysRecord


def order_of(entry: ArraysRecord) -> tuple[int, ...]:
    """Return the place that a record had in the site it comes from; 0 where none is stated."""
    order = entry.corpus.get("order")
    fine = isinstance(order, list) and all(isinstance(place, int) for place in order)
    return tuple(order) if fine and isinstance(order, list) else (0,)


def shaped(capture: Capture) -> ModelInfo:
    """Return the model of a capture, with the shape that its maps show where none is stated."""
    model, last = capture.model, capture.maps[-1]
    layers, heads = model.layers or last.layers, model.heads or last.heads
    return replace(model, layers=layers, heads=heads)
