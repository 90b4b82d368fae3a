"""Where a model computes attention: every call of its attention function, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from torch import Tensor

from ..capture import Kind
from ..capture.attend import is_switchable, own_attention, replaced
from ..capture.layer_handles import LayerHandles, by_kind

Own = Callable[[Tensor], tuple[Tensor, Tensor]]
"""The model's attention as a function of the values [row, head, key, width] alone.

It returns its output [row, query, head, width] and the probabilities.
"""
Change = Callable[[int, Own, Tensor], tuple[Tensor, Tensor]]
"""What a call returns instead, by its number, the model's own function, and the values."""


@dataclass(frozen=True, slots=True)
class Block:
    """A layer as it was called: the module, and what it was given."""

    module: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the attention function: of which layer, and in which place among all calls.

    `within_block` is its place among the calls of its block: 1 for cross-attention in a decoder.
    `block` is None where the model does not say what its layers are.
    """

    kind: Kind
    layer: int
    heads: int
    number: int
    block: Block | None
    within_block: int


@dataclass(frozen=True, slots=True)
class _Seen:
    heads: int
    number: int
    block: Block | None
    within_block: int


def attention_calls(model: Any, inputs: Mapping[str, Any]) -> list[Call]:
    """Return the calls of one forward pass that transformers files as attention of a layer.

    Raises ValueError where the model's attention function cannot be replaced.
    """
    if not is_switchable(model):
        raise ValueError(f"the attention of {type(model).__name__} cannot be taken apart")
    handles: LayerHandles[_Seen] = LayerHandles()
    open_: list[tuple[Block, list[int]]] = []

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, weights = own_attention(module)(module, *args, **kwargs)
        block, inner = open_[-1] if open_ else (None, [])
        number = handles.number()
        inner.append(int(number))
        return output, handles.put(_Seen(weights.shape[1], int(number), block, len(inner) - 1))

    with _blocks(model, open_), replaced(model, watch):
        output = model(**inputs, output_attentions=True, return_dict=True)
    found = by_kind(output, handles.get)
    if not handles.things or not found:
        raise ValueError(f"the attention of {type(model).__name__} cannot be taken apart")
    return [
        Call(kind, layer, seen.heads, seen.number, seen.block, seen.within_block)
        for kind, layers in found.items()
        for layer, seen in enumerate(layers)
    ]


@contextmanager
def changed(model: Any, change: Change) -> Iterator[None]:
    """Let `change` make what each call of the attention function returns; calls count from 0."""
    numbers = count()

    def function(
        module: Any, query: Tensor, key: Tensor, value: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        own = own_attention(module)
        return change(
            next(numbers), lambda values: own(module, query, key, values, *args, **kwargs), value
        )

    with replaced(model, function):
        yield


@contextmanager
def _blocks(model: Any, open_: list[tuple[Block, list[int]]]) -> Iterator[None]:
    """Keep in `open_` the layers that are at work, each with the attention calls within it."""
    from transformers.modeling_layers import GradientCheckpointingLayer

    def enter(module: Any, args: Any, kwargs: Any) -> None:
        open_.append((Block(module, args, kwargs), []))

    def leave(module: Any, args: Any, output: Any) -> None:
        open_.pop()

    handles = []
    for module in model.modules():
        if isinstance(module, GradientCheckpointingLayer):
            handles.append(module.register_forward_pre_hook(enter, with_kwargs=True))
            handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
