"""One forward pass with every attention probability, equal bit for bit to the model's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor
from transformers import AttentionInterface, PreTrainedModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

from ..errors import ExplainedError
from .attention_outputs import hook_points, hooked
from .layer_handles import FIELDS, LayerHandles, by_kind
from .layers import Layer
from .maps import Kind

IMPLEMENTATION = "attnatlas"
Layers = list[Layer]
"""Where the probabilities [record, head, query, key] of each layer are."""
T = TypeVar("T")
Add = Callable[[Tensor], T]
"""What is done to the probabilities of a layer as soon as they are there."""


class NotSwitchable(ExplainedError):
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
    handles: LayerHandles[T] = LayerHandles()
    names = [name for name, _ in FIELDS]
    # whoever wants gradients keeps all layers anyway
    points = [] if torch.is_grad_enabled() else hook_points(model, inputs, names)
    with implementation(model, "eager"), hooked(points, lambda weights: handles.put(add(weights))):
        output = model(**inputs, output_attentions=True, return_dict=True)
    return output, by_kind(
        output, lambda entry: add(entry) if entry.is_floating_point() else handles.get(entry)
    )


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

    In place of the weights that function returns their number.
    """
    handles: LayerHandles[T] = LayerHandles()

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, weights = own_attention(module)(module, *args, **kwargs)
        return output, handles.put(add(weights))

    with replaced(model, watch):
        output = model(**inputs, output_attentions=True, return_dict=True)
    if not handles.things:
        raise NotSwitchable
    return output, by_kind(output, handles.get)


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
