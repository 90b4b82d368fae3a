"""Models by name: found and pinned without torch, loaded only when something is to be captured."""

from .load import LoadedModel, load_model, tokenizer_and_config
from .objects import given_models, loaded_from_objects
from .pinned import ModelSource
from .source import resolve_model
from .untrained import UntrainedModel

__all__ = [
    "LoadedModel",
    "ModelSource",
    "UntrainedModel",
    "given_models",
    "load_model",
    "loaded_from_objects",
    "resolve_model",
    "tokenizer_and_config",
]
