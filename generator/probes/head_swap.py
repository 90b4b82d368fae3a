"""What each head carries from one text of a minimal pair to the other: its attention, swapped.

Vig et al. 2020, "Causal Mediation Analysis for Interpreting Neural NLP".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..array_types import Doubles
from ..capture import Kind
from ..capture.unpadded import unpadded
from ..models import LoadedModel
from .attention_hooks import Call, Own, attention_calls, changed
from .explained_input import BATCH_TOKENS

Read = Callable[[Any], Tensor]
"""What is read off an output: the logarithm of the odds, [row]."""
Heads = Sequence[tuple[int, int]]
"""Heads of one row: the number of the call each works in, and its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Two texts of equal length in tokens, and what is read off the model's output for either.

    `ids` are those of both, `inputs` all else that the model is given, for one row. `log_odds` is
    what is read. Of the queries only the first `rows` are swapped: those of the texts themselves.
    """

    ids: tuple[Sequence[int], Sequence[int]]
    inputs: Mapping[str, Any]
    log_odds: Read
    rows: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Odds of both texts, and how far they move: in parts of the first text's odds, less one.

    `indirect` and `direct` are [layer, head] by kind, `all_indirect` and `all_direct` of all heads
    together.
    """

    first: float
    second: float
    total: float
    indirect: Mapping[Kind, Doubles]
    direct: Mapping[Kind, Doubles]
    all_indirect: float
    all_direct: float


def head_effects(loaded: LoadedModel, asked: Asked) -> Effects:
    """Return the total effect of the second text, and the indirect and direct one of each head.

    With y the odds: y(second) / y(first) - 1; of a head y(first, its attention that of second) /
    y(first) - 1, and y(second, its attention that of first) / y(first) - 1. ValueError where the
    attention of the model cannot be taken apart, or its output is not finite.
    """
    model = loaded.model
    with unpadded(loaded), torch.no_grad():
        calls = attention_calls(model, _inputs(asked, [0]))
        attention = [_attention(model, asked, side) for side in (0, 1)]
        single = [((call.number, head),) for call in calls for head in range(call.heads)]
        every = tuple(cut for cuts in single for cut in cuts)
        swaps: list[Heads] = [(), *single, every]
        logs = [
            torch.cat([
                _swapped(model, asked, side, part, attention[1 - side])
                for part in _batches(swaps, len(asked.ids[0]))
            ])
            for side in (0, 1)
        ]  # fmt: skip
    from_first, from_second = (found.double().cpu().numpy() for found in logs)
    if not (np.isfinite(from_first).all() and np.isfinite(from_second).all()):
        raise ValueError("the model's output is not finite; try --dtype float32")
    indirect, direct = (effect(from_first[0], found) for found in (from_first, from_second))
    return Effects(
        first=float(np.exp(from_first[0])),
        second=float(np.exp(from_second[0])),
        total=float(direct[0]),
        indirect=_by_kind(calls, indirect[1:-1]),
        direct=_by_kind(calls, direct[1:-1]),
        all_indirect=float(indirect[-1]),
        all_direct=float(direct[-1]),
    )


def effect(base: float, changed: Doubles) -> Doubles:
    """Return by which part odds have moved, from the logarithms of both: y(changed) / y - 1."""
    moved: Doubles = np.expm1(changed - base)
    return moved


def _batches(swaps: Sequence[Heads], tokens: int) -> list[Sequence[Heads]]:
    size = max(1, BATCH_TOKENS // tokens)
    return [swaps[start : start + size] for start in range(0, len(swaps), size)]


def _inputs(asked: Asked, sides: Sequence[int]) -> dict[str, Any]:
    """Return what the model is given: one row for each side."""
    count = len(sides)
    given = {
        name: value.expand(count, *value.shape[1:]) if isinstance(value, Tensor) else value
        for name, value in asked.inputs.items()
        if name != "input_ids"
    }
    device = asked.inputs["input_ids"].device
    return {**given, "input_ids": torch.tensor([asked.ids[side] for side in sides], device=device)}


def _attention(model: Any, asked: Asked, side: int) -> dict[int, Tensor]:
    """Return the probabilities of each call over one text, [head, query, key]."""
    found: dict[int, Tensor] = {}

    def keep(number: int, own: Own, value: Tensor) -> tuple[Tensor, Tensor]:
        output, weights = own(value)
        found[number] = weights[0]
        return output, weights

    with changed(model, keep):
        model(**_inputs(asked, [side]), return_dict=True)
    return found


def _swapped(
    model: Any, asked: Asked, side: int, swaps: Sequence[Heads], other: Mapping[int, Tensor]
) -> Tensor:
    """Return the log odds of one text with the attention of some heads from `other`, [row]."""
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, heads in enumerate(swaps):
        for number, head in heads:
            wanted.setdefault(number, []).append((row, head))

    def swap(number: int, own: Own, value: Tensor) -> tuple[Tensor, Tensor]:
        output, weights = own(value)
        if number not in wanted:
            return output, weights
        rows, heads = map(list, zip(*wanted[number], strict=True))
        shared = weights.shape[1] // value.shape[1]  # query heads that share their values
        values = value[rows, [head // shared for head in heads]]
        output = output.clone()
        output[rows, : asked.rows, heads] = other[number][heads, : asked.rows] @ values
        return output, weights

    with changed(model, swap):
        return asked.log_odds(model(**_inputs(asked, [side] * len(swaps)), return_dict=True))


def _by_kind(calls: Sequence[Call], effects: Doubles) -> dict[Kind, Doubles]:
    found: dict[Kind, list[list[float]]] = {}
    each = iter(effects.tolist())
    for call in calls:
        found.setdefault(call.kind, []).append([next(each) for _ in range(call.heads)])
    return {kind: np.array(layers) for kind, layers in found.items()}
