"""What a model says when tokens are erased: masked where it knows a mask, else deleted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from ..array_types import Doubles, Singles
from .explained_input import BATCH_TOKENS, Question, Read

SOURCE = ("input_ids", "attention_mask", "token_type_ids")


def answers(question: Question, erased: Sequence[frozenset[int]], read: Read) -> Doubles:
    """Return what `read` gives with each set of places erased, float64 [set]."""
    result = np.empty(len(erased))
    order = sorted(range(len(erased)), key=lambda at: _length(question, erased[at]))
    with question.session(), torch.no_grad():
        for length, group in groupby(order, key=lambda at: _length(question, erased[at])):
            places = list(group)
            size = max(1, BATCH_TOKENS // max(1, length))
            for start in range(0, len(places), size):
                part = places[start : start + size]
                inputs = _inputs(question, [erased[at] for at in part])
                result[part] = question.ask(inputs, read).double().cpu().numpy()
    if not np.isfinite(result).all():
        raise ValueError("the model's output is not finite; try --dtype float32")
    return result


def occlusion(question: Question) -> Singles:
    """Return how far the score falls when each token alone is erased, float32 [token].

    Special tokens stay, and have 0.
    """
    alone = [frozenset({place}) for place in question.content]
    scores = answers(question, [frozenset(), *alone], question.target.score)
    result = np.zeros(len(question.tokens), dtype=np.float32)
    result[list(question.content)] = scores[0] - scores[1:]
    return result


def _length(question: Question, erased: frozenset[int]) -> int:
    gone = len(erased) if question.eraser is None else 0
    return len(question.ids) - gone


def _inputs(question: Question, erased: Sequence[frozenset[int]]) -> dict[str, Tensor]:
    """Return the source side of the inputs for sets that leave texts of equal length."""
    found = {name: question.inputs[name] for name in SOURCE if name in question.inputs}
    if question.eraser is not None:
        rows = {name: value.repeat(len(erased), 1) for name, value in found.items()}
        for row, places in enumerate(erased):
            rows["input_ids"][row, sorted(places)] = question.eraser
        return rows
    every = range(len(question.ids))
    kept = torch.tensor([[at for at in every if at not in places] for places in erased])
    kept = kept.to(question.model.device)
    return {name: value[0][kept] for name, value in found.items()}
