"""The same architecture with nothing learnt: what an attribution owes to the weights.

Adebayo et al. 2018, "Sanity Checks for Saliency Maps".
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import torch

from ..models import LoadedModel

SEED = 0
_RANDOMIZED: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def randomized_model(loaded: LoadedModel) -> LoadedModel:
    """Return the model with the entries of every weight matrix shuffled, embeddings too.

    Each keeps its own distribution; biases and norms stay. Made once a model, always the same.
    """
    if loaded.model not in _RANDOMIZED:
        _RANDOMIZED[loaded.model] = _shuffled(loaded.model)
    return replace(loaded, model=_RANDOMIZED[loaded.model])


def _shuffled(model: Any) -> Any:
    other = copy.deepcopy(model)
    random = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for weight in other.parameters():
            if weight.dim() > 1:
                order = torch.randperm(weight.numel(), generator=random).to(weight.device)
                weight.copy_(weight.flatten()[order].view_as(weight))
    return other
