"""One forward pass with every attention probability, equal bit for bit to the model's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor
from transformers import AttentionInterface, PreTrainedModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from .layers import Layer
from .maps import Kind
from .taps import taken, taps_of

IMPLEMENTATION = "attnatlas"
FIELDS: tuple[tuple[str, Kind], ...] = (
    ("attentions", "self"),
    ("encoder_attentions", "encoder"),
    ("decoder_attentions", "decoder"),
    ("cross_attentions", "cross"),
)
Layers = list[Layer]
"""Where the probabilities [record, head, query, key] of each layer are."""
T = TypeVar("T")
Add = Callable[[Tensor], T]
"""What is done to the probabilities of a layer as soon as they are there."""


class NotSwitchable(Exception):
    """The model computes attention without the function that can be replaced."""


def attend(model: Any, inputs: dict[str, Any], add: Add[T]) -> tuple[Any, dict[Kind, list[T]]]:
    """Run the model; return its output, and what `add` made of the layers of each kind.

    The model's attention function is replaced by one that calls the model's own and hands over
    what it returns, so that no two layers need to be in memory at a time. Where it cannot be
    replaced, the model runs in its slower `eager` way, and the layers are taken from the modules
    that return them; where that cannot be either, all of them are kept to the end. The
    probabilities are those that the output was made from: gradients lead to them.
    """
    if is_switchable(model):
        try:
            return _watched(model, inputs, add)
        except NotSwitchable:
            pass
    kept = _Kept(add)
    names = [name for name, _ in FIELDS]
    # whoever wants gradients keeps all layers anyway
    taps = [] if torch.is_grad_enabled() else taps_of(model, inputs, names)
    with implementation(model, "eager"), taken(taps, kept.take):
        output = model(**inputs, output_attentions=True, return_dict=True)
    return output, by_kind(output, kept.filed)


class _Kept(Generic[T]):
    """What was made of layers while a model ran, each known to the model by its number."""

    def __init__(self, add: Add[T]) -> None:
        self.add = add
        self.layers: list[T] = []

    def take(self, weights: Tensor) -> Tensor:
        """Hand a layer over; return its number, for the model to hold in its place."""
        self.layers.append(self.add(weights))
        return torch.tensor(len(self.layers) - 1)

    def filed(self, entry: Tensor) -> T:
        """Return what was made of the layer that an entry of the output is, or is the number of."""
        return self.add(entry) if entry.is_floating_point() else self.layers[int(entry)]


def is_switchable(model: Any) -> bool:
    """Say whether transformers lets the model's attention function be replaced."""
    special = getattr(model.config, "reorder_and_upcast_attn", False)
    return bool(model._can_set_attn_implementation()) and not special


@contextmanager
def implementation(model: Any, name: str) -> Iterator[None]:
    """Set the attention implementation of a model and of all models in it; put it back after."""
    inner = (part for part in model.modules() if isinstance(part, PreTrainedModel))
    configs = {id(config): config for part in inner for config in _configs(part.config)}
    before = [(config, config._attn_implementation_internal) for config in configs.values()]
    try:
        for config, _ in before:
            config._attn_implementation_internal = name
        yield
    finally:
        for config, own in before:
            config._attn_implementation_internal = own


def _configs(config: Any) -> list[Any]:
    """Return a config and those within it."""
    inner = [getattr(config, name, None) for name in config.sub_configs]
    return [config, *(found for part in inner if part is not None for found in _configs(part))]


def _watched(model: Any, inputs: dict[str, Any], add: Add[T]) -> tuple[Any, dict[Kind, list[T]]]:
    """Run the model with an attention function that hands over what it sees.

    In place of the weights that function returns their number, and transformers files these
    numbers by stack and layer as it would file the weights.
    """
    kept = _Kept(add)

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, weights = own_attention(module)(module, *args, **kwargs)
        return output, kept.take(weights)

    with replaced(model, watch):
        output = model(**inputs, output_attentions=True, return_dict=True)
    if not kept.layers:
        raise NotSwitchable
    return output, by_kind(output, kept.filed)


@contextmanager
def replaced(model: Any, function: Callable[..., Any]) -> Iterator[None]:
    """Let a model compute its attention with `function`, called as transformers calls it."""
    with _registered(function), implementation(model, IMPLEMENTATION):
        yield


@contextmanager
def _registered(watch: Callable[..., Any]) -> Iterator[None]:
    """Let transformers know the attention function, and the mask that goes with it, for a while."""
    AttentionInterface.register(IMPLEMENTATION, watch)
    AttentionMaskInterface.register(IMPLEMENTATION, eager_mask)
    try:
        yield
    finally:
        AttentionInterface._global_mapping.pop(IMPLEMENTATION)
        AttentionMaskInterface._global_mapping.pop(IMPLEMENTATION)


def own_attention(module: Any) -> Callable[..., tuple[Tensor, Tensor]]:
    """Return the plain attention function of the file that a module's forward is written in."""
    try:
        found: Callable[..., tuple[Tensor, Tensor]] = inspect.unwrap(
            type(module).forward
        ).__globals__["eager_attention_forward"]
    except KeyError as error:
        raise NotSwitchable from error
    return found


def by_kind(output: Any, filed: Add[T]) -> dict[Kind, list[T]]:
    """Return what stands for each layer of each kind of attention that an output has."""
    found: dict[Kind, list[T]] = {}
    for name, kind in FIELDS:
        entries = [entry for entry in output.get(name) or () if entry is not None]
        if entries:
            found[kind] = [filed(entry) for entry in entries]
    return {"self": found["self"]} if "self" in found else found
