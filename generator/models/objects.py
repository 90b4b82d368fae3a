"""Models that a caller has in memory, pinned by their content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from ..config import Settings
from ..errors import ArgumentError, InputError
from ..names import printable
from .families import family_of, refusal, shape_of, task_of
from .fit import beyond
from .info import ModelInfo
from .load import LoadedModel, quiet
from .pinned import ModelSource, digest
from .source import resolve_model
from .unwrap import unwrapped

NOISE = ("transformers_version", "_name_or_path", "dtype")
"""What a config says and no number depends on."""


def given_models(
    model: Any, tokenizer: Any, name: Any, settings: Settings
) -> list[ModelSource | LoadedModel]:
    """Return the models that a caller hands over: one or a list, or by name in a mapping.

    `tokenizer` is one for all, or a list; `name` what to call the model, or a list.
    """
    if isinstance(model, Mapping):
        model, name = list(model.values()), list(map(str, model))
    models = list(model) if isinstance(model, list | tuple) else [model]
    if not models:
        raise ArgumentError("The list of models is empty; give one model at least.")
    names = _each("name", name, len(models))
    if odd := [one for one in names if not isinstance(one, str | None)]:
        raise ArgumentError(f"name={odd[0]!r} cannot be; it must be a text, or a list of texts.")
    names = [one and printable(one) for one in names]
    tokenizers = _each("tokenizer", tokenizer, len(models), shared=True)
    return [
        _given(*three, settings=settings) for three in zip(models, tokenizers, names, strict=True)
    ]


def _each(what: str, value: Any, count: int, shared: bool = False) -> Sequence[Any]:
    """Return a value for each model, out of one or a list of as many."""
    if isinstance(value, list | tuple):
        if len(value) != count:
            raise ArgumentError(f"{what}= lists {len(value)} for {count} models; give one each.")
        return value
    if value is not None and count > 1 and not shared:
        raise ArgumentError(f"{what}= must be a list with one for each of {count} models.")
    return [value] * count


def _given(
    model: Any, tokenizer: Any, name: str | None, settings: Settings
) -> ModelSource | LoadedModel:
    if isinstance(model, str | os.PathLike):
        spelt = os.fspath(model)
        return resolve_model(f"{name}={spelt}" if name else spelt, settings)
    return loaded_from_objects(model, tokenizer, name, settings.offline)


def loaded_from_objects(
    model: Any, tokenizer: Any = None, name: str | None = None, offline: bool = False
) -> LoadedModel:
    """Return a model and tokenizer that a caller has in memory as one, pinned by their content.

    Pipelines, trainers and wrappers are read as the model inside, which is left as it is.
    """
    with quiet():
        model, tokenizer = unwrapped(model, tokenizer, offline)
    config = {**model.config.to_diff_dict(), "architectures": [type(model).__name__]}
    config |= {"model_type": model.config.model_type}
    if hasattr(model.config.get_text_config(), "vocab_size"):
        config["vocab_size"] = len(tokenizer)
    config |= {"is_encoder_decoder": model.config.is_encoder_decoder}
    name = name or PurePath(str(model.config.name_or_path or type(model).__name__)).name
    if reason := refusal(config):
        raise InputError(f"Model {name!r} cannot be shown: {reason}.")
    layers, heads = shape_of(model.config.to_dict())
    info = ModelInfo(
        name=name,
        family=family_of(config),
        architecture=type(model).__name__,
        model_type=model.config.model_type,
        layers=layers,
        heads=heads,
        source="object",
        weights_sha256=_hash_weights(model),
        tokenizer_sha256=_hash_tokenizer(tokenizer),
        parameters=sum(weight.numel() for weight in model.parameters()),
        dtype=str(model.dtype).removeprefix("torch."),
        device=str(model.device),
    )
    known = {key: value for key, value in config.items() if key not in NOISE}
    writes = model.generation_config.to_diff_dict() if model.can_generate() else {}
    writes.pop("transformers_version", None)
    task = task_of(config)
    said = beyond(info.name, model, tokenizer)
    return LoadedModel(model, tokenizer, info, task, digest(info, [known, writes], task), said)


def _hash_weights(model: Any) -> str:
    """Return a sha256 over names, shapes and bytes of all weights."""
    import torch

    state = hashlib.sha256()
    for name, weight in sorted(model.state_dict().items()):
        state.update(f"{name} {weight.dtype} {tuple(weight.shape)}\n".encode())
        raw = weight.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        state.update(memoryview(raw.numpy()))
    return state.hexdigest()


def _hash_tokenizer(tokenizer: Any) -> str:
    """Return a sha256 over what the tokenizer is made of, whatever it was last used for."""
    if backend := getattr(tokenizer, "backend_tokenizer", None):
        parts = json.loads(backend.to_str()) | {"truncation": None, "padding": None}
    else:
        parts = [type(tokenizer).__name__, sorted(tokenizer.get_vocab().items())]
    special = {key: str(value) for key, value in tokenizer.special_tokens_map.items()}
    templates = getattr(tokenizer, "chat_template", None)
    made = json.dumps([parts, special, templates], sort_keys=True)
    return hashlib.sha256(made.encode()).hexdigest()
