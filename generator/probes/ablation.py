"""A model asked again without one of its heads, or without what one token has to give.

Michel et al. 2019 (heads); Mohebbi et al. 2023 (value zeroing).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..array_types import Doubles
from ..capture import Kind
from .attention_hooks import Block, Call, Own, attention_calls, changed
from .erasure import SOURCE
from .explained_input import BATCH_TOKENS, ExplainedInput

Cut = tuple[int, int]
"""One head: the number of the call it works in, and its own."""


def head_importance(explained: ExplainedInput) -> tuple[float, dict[Kind, Doubles]]:
    """Return the score, and how far it falls without each head alone, [layer, head] by kind.

    The head's output is set to 0 before the output projection, which is the same as its
    probabilities being 0 before they meet the values. Negative where the score rises.
    """
    model = explained.model
    with explained.session(), torch.no_grad():
        calls = attention_calls(model, explained.inputs)
        cuts = [(call.number, head) for call in calls for head in range(call.heads)]
        size = max(1, BATCH_TOKENS // tokens_of(explained))
        scores = [_scores(explained, [()])]
        for start in range(0, len(cuts), size):
            scores.append(_scores(explained, [(cut,) for cut in cuts[start : start + size]]))
    found = torch.cat(scores).double().cpu().numpy()
    if not np.isfinite(found).all():
        raise ValueError("the model's output is not finite; try --dtype float32")
    falls = iter(found[0] - found[1:])
    rows: dict[Kind, list[list[float]]] = {}
    for call in calls:
        rows.setdefault(call.kind, []).append([next(falls) for _ in range(call.heads)])
    return float(found[0]), {kind: np.array(layers) for kind, layers in rows.items()}


def value_zeroing(explained: ExplainedInput) -> dict[Kind, Doubles]:
    """Return how much each layer's output for a token owes to another, [layer, query, key].

    The cosine distance between the layer's output with and without the values of token `key` in
    all heads of that layer, [0, 2], not yet normalised. Kinds in which a layer is not a module of
    its own are left out.
    """
    model, found = explained.model, dict[Kind, list[Doubles]]()
    with explained.session(), torch.no_grad():
        calls = attention_calls(model, explained.inputs)
        for call in calls:
            if call.block is not None:
                keys = _keys(explained, call)
                size = max(1, BATCH_TOKENS // tokens_of(explained))
                parts = [
                    _distances(model, call, call.block, range(keys)[start : start + size])
                    for start in range(0, keys, size)
                ]
                distances = torch.cat(parts).T.double().cpu().numpy()
                found.setdefault(call.kind, []).append(distances)
    if not all(np.isfinite(layer).all() for layers in found.values() for layer in layers):
        raise ValueError("the model's output is not finite; try --dtype float32")
    return {kind: np.stack(layers) for kind, layers in found.items()}


def tokens_of(explained: ExplainedInput) -> int:
    """Return how many tokens one text takes up, on both sides."""
    decoded = explained.inputs.get("decoder_input_ids")
    return len(explained.ids) + (0 if decoded is None else int(decoded.shape[1]))


def _scores(explained: ExplainedInput, cuts: Sequence[Sequence[Cut]]) -> Tensor:
    """Return the score without the heads that are cut out of each row, [row]."""
    rows = len(cuts)
    inputs = {n: explained.inputs[n].expand(rows, -1) for n in SOURCE if n in explained.inputs}
    with without(explained.model, cuts):
        return explained.run(inputs, explained.target.score)


@contextmanager
def without(model: Any, cuts: Sequence[Sequence[Cut]]) -> Iterator[None]:
    """Let a model compute row `i` of a batch without the heads `cuts[i]`."""

    def change(number: int, own: Own, value: Tensor) -> tuple[Tensor, Tensor]:
        output, weights = own(value)
        here = [(row, h) for row, heads in enumerate(cuts) for call, h in heads if call == number]
        if here:
            rows, heads = map(list, zip(*here, strict=True))
            output = output.clone()
            output[rows, :, heads] = 0
        return output, weights

    with changed(model, change):
        yield


def _keys(explained: ExplainedInput, call: Call) -> int:
    """Return how many tokens there are to look at."""
    side = "decoder_input_ids" if call.kind == "decoder" else "input_ids"
    return int(explained.inputs[side].shape[1])


def _distances(model: Any, call: Call, block: Block, keys: range) -> Tensor:
    """Return how far the layer's output moves without each of these tokens' values, [key, query].

    The whole output is computed in rows of the same batch, so that what did not change is equal
    bit for bit.
    """
    rows, places = list(range(len(keys))), list(keys)

    def change(number: int, own: Own, value: Tensor) -> tuple[Tensor, Tensor]:
        if number == call.within_block:
            value = value.clone()
            value[rows, :, places] = 0
        return own(value)

    args, kwargs = _repeated((block.args, block.kwargs), len(rows))
    whole = _hidden(block.module(*args, **kwargs))
    with changed(model, change):
        moved = _hidden(block.module(*args, **kwargs))
    distances = 1 - torch.cosine_similarity(whole.double(), moved.double(), dim=-1)
    return distances.where((whole != moved).any(-1), 0.0).clamp_min(0)


def _hidden(output: Any) -> Tensor:
    """Return the states of the tokens, [row, token, width]."""
    hidden: Tensor = output if isinstance(output, Tensor) else output[0]
    return hidden


def _repeated(given: Any, rows: int) -> Any:
    """Return what a layer was given for one text, for as many texts."""
    if isinstance(given, Tensor):
        return given.expand(rows, *given.shape[1:]) if given.dim() and len(given) == 1 else given
    if isinstance(given, tuple | list):
        return type(given)(_repeated(part, rows) for part in given)
    if isinstance(given, dict):
        return {name: _repeated(part, rows) for name, part in given.items()}
    return given
