"""One forward pass with every attention probability, equal bit for bit to the model's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, PreTrainedModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from .layers import Layer, LayerFile
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


class NotSwitchable(Exception):
    """The model computes attention without the function that can be replaced."""


def attend(model: Any, inputs: dict[str, Any], file: LayerFile) -> tuple[Any, dict[Kind, Layers]]:
    """Run the model; return its output and the layers of each kind, whose numbers go to `file`.

    The model's attention function is replaced by one that calls the model's own and puts away
    what it returns, so that no two layers are in memory at a time. Where it cannot be replaced,
    the model runs in its slower `eager` way, and the layers are taken from the modules that return
    them; where that cannot be either, all of them are kept to the end.
    """
    if is_switchable(model):
        try:
            return _watched(model, inputs, file)
        except NotSwitchable:
            pass
    kept = _Kept(file)
    names = [name for name, _ in FIELDS]
    with implementation(model, "eager"), taken(taps_of(model, inputs, names), kept.take):
        output = model(**inputs, output_attentions=True, return_dict=True)
    return output, _by_kind(output, kept.filed)


class _Kept:
    """Layers that were put away while a model ran, each known to the model by its number."""

    def __init__(self, file: LayerFile) -> None:
        self.file = file
        self.layers: Layers = []

    def take(self, weights: Tensor) -> Tensor:
        """Put a layer away; return its number, for the model to hold in its place."""
        self.layers.append(self.file.add(weights))
        return torch.tensor(len(self.layers) - 1)

    def filed(self, entry: Tensor) -> Layer:
        """Return the layer that an entry of the output is, or is the number of."""
        return self.file.add(entry) if entry.is_floating_point() else self.layers[int(entry)]


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


def _watched(model: Any, inputs: dict[str, Any], file: LayerFile) -> tuple[Any, dict[Kind, Layers]]:
    """Run the model with an attention function that puts away what it sees.

    In place of the weights that function returns their number, and transformers files these
    numbers by stack and layer as it would file the weights.
    """
    kept = _Kept(file)

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, weights = own_attention(module)(module, *args, **kwargs)
        return output, kept.take(weights)

    with _registered(watch), implementation(model, IMPLEMENTATION):
        output = model(**inputs, output_attentions=True, return_dict=True)
    if not kept.layers:
        raise NotSwitchable
    return output, _by_kind(output, kept.filed)


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


def _by_kind(output: Any, filed: Callable[[Tensor], Layer]) -> dict[Kind, Layers]:
    """Return the layers of each kind of attention that an output has."""
    found: dict[Kind, Layers] = {}
    for name, kind in FIELDS:
        entries = [entry for entry in output.get(name) or () if entry is not None]
        if entries:
            found[kind] = [filed(entry) for entry in entries]
    return {"self": found["self"]} if "self" in found else found
