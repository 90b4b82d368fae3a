"""What lies inside attention: one more pass over one text, in which each layer is looked into.

The attention function is replaced as in `attend`, by one that lets the model's own run and notes
what its softmax is given and what its probabilities are multiplied with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from transformers.pytorch_utils import Conv1D

from ..errors import ExplainedError
from .attend import NotSwitchable, is_switchable, own_attention, replaced
from .layer_handles import LayerHandles, by_kind
from .maps import Kind

SOFTMAX = (torch.softmax, torch.nn.functional.softmax, Tensor.softmax)
JOIN = (torch.cat, torch.concat)
PRODUCT = (torch.matmul, torch.bmm, Tensor.matmul, Tensor.__matmul__, Tensor.bmm)
TOLERANCES = {torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 5e-2}
"""How far what was caught may be from what it must give, for numbers of a type."""

T = TypeVar("T")


class Unwatchable(ExplainedError, ValueError):
    """The model computes attention in a way that cannot be looked into."""


@dataclass(frozen=True, slots=True)
class LayerInternals:
    """What one layer computed for one text.

    `scores` [head, query, key] is what softmax was given: query times key, scaled, capped and
    with any bias, -inf where masked; `weights` of the same shape what it gave. `values` is
    [head, key, width], with keys that several heads share repeated. `sink` [head, query] is the
    score of nothing at all, in models that have one.
    """

    scores: Tensor
    weights: Tensor
    values: Tensor
    sink: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """What a layer makes of the mix of values: `weight` [head, width, out] and `bias` [out] or 0.

    `output` [query, out] is what the model itself computed with them.
    """

    weight: Tensor
    bias: Tensor | float
    output: Tensor


def read_internals(
    model: Any, inputs: dict[str, Any], keep: Callable[[LayerInternals], T]
) -> dict[Kind, list[T]]:
    """Run the model on one text; return what `keep` makes of each layer, by kind of attention.

    Only one layer is in memory at a time. Raises Unwatchable, with one sentence.
    """
    handles: LayerHandles[T] = LayerHandles()

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, internals = _caught(model, module, args, kwargs)
        return output, handles.put(keep(internals))

    return _run(model, inputs, watch, handles)


def read_projections(
    model: Any, inputs: dict[str, Any], keep: Callable[[LayerInternals, Projection], T]
) -> dict[Kind, list[T]]:
    """Do as `read_internals`, and hand `keep` the projection that follows: W_O and its bias.

    That is the first linear layer called after the attention function that takes as many numbers
    as all heads give.
    """
    handles: LayerHandles[T] = LayerHandles()
    open_: list[LayerInternals] = []

    def watch(module: Any, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        output, internals = _caught(model, module, args, kwargs)
        if open_:
            raise Unwatchable(_sentence(model, "its output projection is no plain linear layer"))
        open_.append(internals)
        return output, handles.number()

    def projected(module: Any, args: Any, output: Tensor) -> None:
        if open_ and _fits(module, open_[0]):
            internals = open_.pop()
            handles.put(keep(internals, _projection(module, internals, output)))

    with _hooked(model, projected):
        return _run(model, inputs, watch, handles)


def _run(
    model: Any, inputs: dict[str, Any], watch: Callable[..., Any], handles: LayerHandles[T]
) -> dict[Kind, list[T]]:
    """Run the model with this attention function, and sort what it kept as transformers would."""
    if not is_switchable(model):
        raise Unwatchable(_sentence(model, "its attention is no function of its own"))
    with replaced(model, watch):
        output = model(**inputs, output_attentions=True, return_dict=True)
    try:
        found = by_kind(output, handles.get)
    except LookupError:
        found = {}
    if not found or sum(map(len, found.values())) != len(handles.things):
        raise Unwatchable(_sentence(model, "not every layer of it can be told apart"))
    return found


def _sentence(model: Any, reason: str) -> str:
    kind = model.config.model_type
    return f"the attention of a {kind} model cannot be looked into, since {reason}"


class _Catch(TorchFunctionMode):
    """Notes what softmax is given and what its probabilities are multiplied with.

    Where a column of sinks is joined to the scores before softmax, both are noted as they were.
    """

    def __init__(self) -> None:
        super().__init__()
        self.joined: tuple[Tensor, ...] = ()
        self.given: Tensor | None = None
        self.values: Tensor | None = None

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given = kwargs or {}
        if func in JOIN and self.given is None:
            self.joined = tuple(args[0] if args else given["tensors"])
        elif func in SOFTMAX:
            self.given, self.values = args[0] if args else given["input"], None
        elif func in PRODUCT and self._has_shares(args[0]):
            self.values = args[1]
        return func(*args, **given)

    def _has_shares(self, factor: Tensor) -> bool:
        """Say whether a factor is what softmax gave, met for the first time."""
        if self.given is None or self.values is not None:
            return False
        return factor.shape[:-1] == self.given.shape[:-1]


def _caught(
    model: Any, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Tensor, LayerInternals]:
    """Call the model's own attention function; return its output and what was seen inside."""
    try:
        own = own_attention(module)
    except NotSwitchable:
        reason = "its attention is no function of its own"
        raise Unwatchable(_sentence(model, reason)) from None
    with _Catch() as catch:
        output, weights = own(module, *args, **kwargs)
    scores, values, sink = catch.given, catch.values, None
    if scores is None or values is None:
        raise Unwatchable(_sentence(model, "it has no softmax followed by a product"))
    if len(catch.joined) == 2 and scores.shape[-1] == weights.shape[-1] + 1:
        scores, sink = catch.joined[0], catch.joined[1][0, ..., 0].detach()
    if scores.shape != weights.shape or values.shape[-2] != weights.shape[-1]:
        raise Unwatchable(_sentence(model, "its scores and its weights differ in shape"))
    seen = LayerInternals(
        unmasked(scores[0].detach()), weights[0].detach(), values[0].detach(), sink
    )
    _check(model, seen)
    return output, seen


def unmasked(scores: Tensor) -> Tensor:
    """Return scores as float32, with -inf in place of the lowest number that models mask with."""
    lowest = torch.finfo(scores.dtype).min / 2
    return scores.float().masked_fill(scores <= lowest, -torch.inf)


def _check(model: Any, seen: LayerInternals) -> None:
    """Raise unless softmax of the scores is what the model itself went on with."""
    scores = seen.scores
    if seen.sink is not None:
        scores = torch.cat([scores, seen.sink.float()[..., None]], dim=-1)
    again = torch.softmax(scores, dim=-1)[..., : seen.weights.shape[-1]]
    off = float((again - seen.weights.float()).abs().max())
    if not off <= TOLERANCES.get(seen.weights.dtype, 1e-4):
        reason = f"softmax of its scores is not its attention, but {off:.2g} off"
        raise Unwatchable(_sentence(model, reason))


@contextmanager
def _hooked(model: Any, hook: Callable[[Any, Any, Tensor], None]) -> Iterator[None]:
    """Have the hook called after every linear layer, for a while."""
    linear = [part for part in model.modules() if isinstance(part, (nn.Linear, Conv1D))]
    handles = [part.register_forward_hook(hook) for part in linear]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _fits(module: Any, internals: LayerInternals) -> bool:
    """Say whether a linear layer takes what all heads give together."""
    heads, _, width = internals.values.shape
    return int(_rows(module).shape[0]) == heads * width


def _rows(module: Any) -> Tensor:
    """Return the weight of a linear layer as [in, out]."""
    weight: Tensor = module.weight.detach()
    return weight if isinstance(module, Conv1D) else weight.T


def _projection(module: Any, internals: LayerInternals, output: Tensor) -> Projection:
    heads, _, width = internals.values.shape
    rows = _rows(module)
    bias = 0.0 if module.bias is None else module.bias.detach()
    return Projection(
        rows.reshape(heads, width, -1), bias, output.detach().reshape(-1, rows.shape[1])
    )
