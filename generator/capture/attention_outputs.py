"""Which modules of a model return its attention, where its function cannot be replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

HookPoint = tuple[nn.Module, int]
"""A module, and which of the values that it returns is its attention."""
Take = Callable[[Tensor], Tensor]

SHORT = 4
"""Tokens of the text that a model is tried with."""

_known: WeakKeyDictionary[nn.Module, list[HookPoint]] = WeakKeyDictionary()


def hook_points(model: Any, inputs: dict[str, Any], names: Sequence[str]) -> list[HookPoint]:
    """Return where the attention of every layer can be taken away as soon as it is there.

    Found by trying: on the beginning of the inputs, these modules return the very tensors that the
    model's output names, and with other tensors in their place the rest of the output is equal bit
    by bit. Empty where that is not so for every layer. Looked for once for each model.
    """
    if model not in _known:
        short = {
            name: value[:1, :SHORT] if isinstance(value, Tensor) and value.dim() > 1 else value
            for name, value in inputs.items()
        }
        _known[model] = _find(model, short, names)
    return _known[model]


@contextmanager
def hooked(points: Sequence[HookPoint], take: Take) -> Iterator[None]:
    """Put what `take` returns in the place of each attention that the modules return."""

    def hook_for(place: int) -> Callable[..., Any]:
        def hook(module: nn.Module, args: Any, output: tuple[Any, ...]) -> tuple[Any, ...]:
            return (*output[:place], take(output[place]), *output[place + 1 :])

        return hook

    handles = [
        module.register_forward_hook(hook_for(place), prepend=True)  # before transformers' own
        for module, place in points
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _find(model: Any, inputs: dict[str, Any], names: Sequence[str]) -> list[HookPoint]:
    first: dict[int, tuple[nn.Module, int, Tensor]] = {}

    def see(module: nn.Module, args: Any, output: Any) -> None:
        for place, value in enumerate(output if type(output) is tuple else ()):
            if isinstance(value, Tensor) and value.dim() == 4:
                first.setdefault(id(value), (module, place, value))

    handles = [module.register_forward_hook(see) for module in model.modules()]
    try:
        whole = model(**inputs, output_attentions=True, return_dict=True)
    finally:
        for handle in handles:
            handle.remove()
    layers = [layer for name in names for layer in whole.get(name) or ()]
    if not layers or not all(id(layer) in first for layer in layers):
        return []
    points = list(dict.fromkeys(first[id(layer)][:2] for layer in layers))
    try:
        with hooked(points, lambda attention: torch.tensor(0)):
            output = model(**inputs, output_attentions=True, return_dict=True)
    except (RuntimeError, IndexError, TypeError, ValueError):
        return []  # something is computed with the attention after it was returned
    left = [layer for name in names for layer in output.get(name) or ()]
    same = torch.equal(output[0], whole[0]) and not any(map(torch.is_floating_point, left))
    return points if same else []
