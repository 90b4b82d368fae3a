"""What a model says when tokens are erased: masked where it knows a mask, else deleted."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from ..array_types import Doubles, Singles
from .explained_input import BATCH_TOKENS, ExplainedInput, Read

SOURCE = ("input_ids", "attention_mask", "token_type_ids")


def answers(explained: ExplainedInput, erased: Sequence[frozenset[int]], read: Read) -> Doubles:
    """Return what `read` gives with each set of places erased, float64 [set].

    `read` is a method of the text's `erased_target`.
    """
    result = np.empty(len(erased))
    order = sorted(range(len(erased)), key=lambda at: _length(explained, erased[at]))
    with explained.session(), torch.no_grad():
        for length, group in groupby(order, key=lambda at: _length(explained, erased[at])):
            places = list(group)
            size = max(1, BATCH_TOKENS // max(1, length))
            for start in range(0, len(places), size):
                part = places[start : start + size]
                inputs = _inputs(explained, [erased[at] for at in part])
                result[part] = explained.run(inputs, read).double().cpu().numpy()
    if not np.isfinite(result).all():
        raise ValueError("the model's output is not finite; try --dtype float32")
    return result


def otherwise(explained: ExplainedInput) -> ExplainedInput | None:
    """Return the same text with what is masked now deleted, or the other way round.

    None where the answer is that of one place in the text, which deleting would move.
    """
    if explained.replacement_token is not None and explained.target.placed:
        return None
    other, deletes = copy(explained), explained.replacement_token is None
    other.replacement_token = explained.baseline_token if deletes else None
    other.erased_by = "a blank token" if deletes else "deletion"
    return other


def occlusion(explained: ExplainedInput) -> Singles:
    """Return how far the score falls when each token alone is erased, float32 [token].

    Special tokens stay, and have 0.
    """
    alone = [frozenset({place}) for place in explained.content]
    scores = answers(explained, [frozenset(), *alone], explained.erased_target.score)
    result = np.zeros(len(explained.tokens), dtype=np.float32)
    result[list(explained.content)] = scores[0] - scores[1:]
    return result


def _length(explained: ExplainedInput, erased: frozenset[int]) -> int:
    deletes = explained.replacement_token is None
    return explained.kept - len(erased) if deletes else len(explained.ids)


def _inputs(explained: ExplainedInput, erased: Sequence[frozenset[int]]) -> dict[str, Tensor]:
    """Return the source side of the inputs for sets that leave texts of equal length."""
    found = {name: explained.inputs[name] for name in SOURCE if name in explained.inputs}
    if explained.replacement_token is not None:
        rows = {name: value.repeat(len(erased), 1) for name, value in found.items()}
        for row, places in enumerate(erased):
            rows["input_ids"][row, sorted(places)] = explained.replacement_token
        return rows
    every = range(explained.kept)
    kept = torch.tensor([[at for at in every if at not in places] for places in erased])
    kept = kept.to(explained.model.device)
    return {name: value[0][kept] for name, value in found.items()}
