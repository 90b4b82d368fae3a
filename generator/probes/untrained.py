"""The same model with fresh weights, ready to be asked what the model itself is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from ..models import LoadedModel
from ..models.untrained import fresh

SEEDS = (0, 1)
MOST = 500_000_000
"""Weights up to which a model gets untrained copies."""
_MADE: WeakKeyDictionary[Any, tuple[Any, ...]] = WeakKeyDictionary()


def untrained_models(loaded: LoadedModel) -> tuple[LoadedModel, ...]:
    """Return two copies of a model with fresh weights, always the same two.

    None where the model is too large for copies, or cannot be made from its config alone.
    """
    model = loaded.model
    if sum(weight.numel() for weight in model.parameters()) > MOST:
        return ()
    if model not in _MADE:
        _MADE[model] = _made(model)
    return tuple(replace(loaded, model=one) for one in _MADE[model])


def _made(model: Any) -> tuple[Any, ...]:
    try:
        return tuple(fresh(model, seed) for seed in SEEDS)
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return ()  # it is put together by somebody else's code
