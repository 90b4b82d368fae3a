"""Adapters: a few weights in a folder that change a base model, as `peft` saves them."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..errors import InputError
from .families import Task
from .files import (
    PICKLE,
    SAFE,
    hash_files,
    read_object,
    require_plain,
)
from .fit import Fit, some, wrapped
from .headers import TRAINED, count_parameters, tensor_names, tensors

if TYPE_CHECKING:
    from .pinned import ModelSource

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model"
BASE = "base_model.model."
"""What peft puts before the names of what it changes."""
TASKS: dict[str, Task] = {
    "SEQ_CLS": "classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "CAUSAL_LM": "causal-lm",
    "SEQ_2_SEQ_LM": "translation",
}
MISMATCH = re.compile(r"size mismatch for (\S+?):")
HEADS = ("classifier.weight", "score.weight", "out_proj.weight")


def is_adapter(folder: Path) -> bool:
    """Say whether a folder holds an adapter and no whole model of its own."""
    own = [*folder.glob(f"{SAFE}*"), *folder.glob(f"{PICKLE}*")]
    return (folder / CONFIG).is_file() and not (own and (folder / "config.json").is_file())


def adapted_source(
    name: str, folder: Path, settings: Settings, resolve: Callable[[str, Settings], ModelSource]
) -> ModelSource:
    """Return the base model that an adapter is for, pinned together with the adapter."""
    require_plain(folder)
    config = read_object(folder / CONFIG)
    base_name = config.get("base_model_name_or_path")
    if not isinstance(base_name, str) or not base_name:
        raise InputError(f"{folder}: this is an adapter, and its {CONFIG} names no base model.")
    if find_spec("peft") is None:
        raise InputError(
            f"{folder}: this is an adapter for {base_name!r}; to load it, "
            'run pip install "attnatlas[peft]".'
        )
    if Path(base_name).is_dir() and is_adapter(Path(base_name)):
        raise InputError(f"{folder}: its base model {base_name!r} is an adapter, too.")
    revision = config.get("revision")
    try:
        base = resolve(base_name, dataclasses.replace(settings, revision=revision))
    except InputError as error:
        said = f"this is an adapter, and its base model cannot be read: {error.message}"
        raise InputError(f"{folder}: {said}") from error
    weights = _weights(folder, settings.allow_pickle)
    both = f"{base.info.weights_sha256} {hash_files([weights, folder / CONFIG])}"
    added = count_parameters([weights]) or 0
    info = dataclasses.replace(
        base.info,
        name=name,
        source="folder",
        weights_sha256=hashlib.sha256(both.encode()).hexdigest(),
        parameters=base.info.parameters + added if base.info.parameters else None,
    )
    task = base.task if base.asked else TASKS.get(str(config.get("task_type")), base.task)
    return dataclasses.replace(base, info=info, task=task, adapter=folder)


def adapted(model: Any, fit: Fit, folder: Path) -> tuple[Any, Fit]:
    """Return the model with an adapter merged into its weights, and what both still lack."""
    from peft import get_peft_model_state_dict

    whole = _applied(model, folder)
    if not hasattr(whole.base_model, "merge_and_unload"):
        raise InputError(f"{folder}: an adapter that adds tokens, not weights; it cannot be shown.")
    stored = tensor_names([_weights(folder, allow_pickle=True)])
    expected = set(get_peft_model_state_dict(whole, save_embedding_layers=False))
    unused = tuple(sorted(stored - expected - set(whole.state_dict())))
    own = Fit(tuple(sorted(expected - stored)), unused)
    if reason := own.missing and wrapped(own.missing, stored):
        raise InputError(f"{folder}: {reason}.")
    if own.missing or unused:
        what = f"lacks {some(own.missing)}" if own.missing else f"holds {some(unused)}, unused here"
        raise InputError(f"{folder}: this adapter is not for this base model; it {what}.")
    brought = {name.removeprefix(BASE) for name in stored}
    missing = tuple(name for name in fit.missing if name not in brought)
    return whole.merge_and_unload(), dataclasses.replace(fit, missing=missing)


def _applied(model: Any, folder: Path) -> Any:
    """Return a model with an adapter beside its weights; InputError where they do not fit."""
    from peft import PEFT_TYPE_TO_CONFIG_MAPPING, PeftModel

    kind = read_object(folder / CONFIG).get("peft_type")
    if kind not in PEFT_TYPE_TO_CONFIG_MAPPING:
        known = "which the installed peft does not know; a newer one may know it"
        raise InputError(f"{folder / CONFIG}: its peft_type is {kind!r}, {known}.")
    for name, one in tensors(_weights(folder, allow_pickle=True)).items():
        if one.dtype not in TRAINED:
            said = f"{name} is {one.dtype} in its file, and not as it was trained"
            raise InputError(f"{folder}: {said}; save it as it was before it was quantised.")
    try:
        return PeftModel.from_pretrained(model, str(folder), torch_device="cpu")
    except Exception as error:
        raise InputError(f"{folder}: this adapter does not load: {_why(error)}.") from error


def _why(error: Exception) -> str:
    """Return what peft or torch says of an adapter, as the end of a sentence."""
    if isinstance(error, KeyError):
        return f"it lacks {error}, which its {CONFIG} asks for"
    if shape := MISMATCH.search(str(error)):
        return f"{shape[1]} has another shape than its {CONFIG} and its base model give"
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{lines[0].rstrip('.: ')}; check its {CONFIG}"


def head_of(folder: Path) -> int:
    """Return how many labels the head has that an adapter brings; 0 where it brings none."""
    from safetensors import safe_open

    path = folder / f"{WEIGHTS}.safetensors"
    if not path.is_file():
        return 0
    with safe_open(path, framework="numpy") as file:
        heads = [name for name in file.keys() if name.endswith(HEADS)]  # noqa: SIM118
        return int(file.get_slice(heads[-1]).get_shape()[0]) if heads else 0


def _weights(folder: Path, allow_pickle: bool) -> Path:
    """Return the file of an adapter's weights; a pickle only where allowed."""
    safe, pickle = folder / f"{WEIGHTS}.safetensors", folder / f"{WEIGHTS}.bin"
    if safe.is_file():
        return safe
    if not pickle.is_file():
        raise InputError(f"{folder}: no weights; {safe.name} is missing.")
    if not allow_pickle:
        raise InputError(
            f"{folder}: the adapter's weights are a pickle, which can run code when it is read; "
            "convert them to safetensors, or give --allow-pickle if you trust them."
        )
    return pickle
