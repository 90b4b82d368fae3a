"""Numbers in place of attention: transformers files them by stack and layer, as it would weights.

What a model would return as the attention of a layer must be a tensor, but need not be the layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from .maps import Kind

FIELDS: tuple[tuple[str, Kind], ...] = (
    ("attentions", "self"),
    ("encoder_attentions", "encoder"),
    ("decoder_attentions", "decoder"),
    ("cross_attentions", "cross"),
)
T = TypeVar("T")


class LayerHandles(Generic[T]):
    """What was made of each layer while a model ran, known to the model by its number."""

    def __init__(self) -> None:
        self.things: list[T] = []

    def number(self) -> Tensor:
        """Return the number of the thing that will be put in next."""
        return torch.tensor([len(self.things)])

    def put(self, thing: T) -> Tensor:
        """Keep a thing; return its number, for the model to hold in its place."""
        number = self.number()
        self.things.append(thing)
        return number

    def get(self, entry: Tensor) -> T:
        """Return the thing with this number; LookupError where the entry is no number of any."""
        if entry.is_floating_point():
            raise LookupError("attention itself was filed, not its number")
        return self.things[int(entry)]


def by_kind(output: Any, handles: Callable[[Tensor], T]) -> dict[Kind, list[T]]:
    """Return what stands for each layer of each kind of attention that an output has."""
    found: dict[Kind, list[T]] = {}
    for name, kind in FIELDS:
        entries = [entry for entry in output.get(name) or () if entry is not None]
        if entries:
            found[kind] = [handles(entry) for entry in entries]
    return {"self": found["self"]} if "self" in found else found
