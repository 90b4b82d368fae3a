"""Find a model by name (folder, embedded model, Hub) and pin it, without torch or transformers."""

from __future__ import annotations

import dataclasses
import difflib
import os
from pathlib import Path, PurePath
from typing import Any

from ..config import Settings
from ..errors import InputError
from ..names import printable
from .adapters import CONFIG as ADAPTER
from .adapters import adapted_source, is_adapter
from .families import TASK_NAMES, Task, architecture_of, family_of, refusal, shape_of, task_of
from .files import (
    hash_files,
    read_card,
    read_config,
    read_generation,
    require_plain,
    tokenizer_files,
    weight_files,
)
from .headers import count_parameters
from .hub import downloaded
from .info import ModelInfo
from .pinned import ModelSource


def resolve_model(name: str, settings: Settings) -> ModelSource:
    """Return the model that `name` means: an existing folder, an embedded model, or a Hub id.

    Raises InputError, one sentence, for one that is unknown or whose attention cannot be shown.
    """
    from ..zoo import zoo_folder, zoo_names

    called, equals, named = name.partition("=")
    if equals and called and named and not Path(name).exists():
        found = resolve_model(named, settings)
        info = dataclasses.replace(found.info, name=printable(called))
        return dataclasses.replace(found, info=info)
    if Path(name).exists() and not Path(name).is_dir():
        raise InputError(f"{name}: not a folder; a model is a folder with its config.json.")
    if Path(name).is_dir() and is_adapter(Path(name)):
        return adapted_source(_folder_name(name), Path(name), settings, resolve_model)
    if Path(name).is_dir():
        return _source(_folder_name(name), Path(name), "folder", settings)
    if name in zoo_names():
        return _source(name, zoo_folder(name), "embedded", settings)
    location = downloaded(name, settings)
    return _source(name, location, "hub", settings, revision=location.name)


def _source(
    name: str, folder: Path, source: Any, settings: Settings, revision: str | None = None
) -> ModelSource:
    require_plain(folder)
    config = read_config(folder)
    if reason := refusal(config):
        raise InputError(f"Model {name!r} cannot be shown: {reason}.")
    _refuse_remote_code(name, config)
    if config.get("quantization_config") is not None:
        raise InputError(
            f"Model {name!r} is quantised, and its weights are not as they were trained; "
            "use the model that it was made from."
        )
    if (folder / ADAPTER).is_file():
        raise InputError(f"{folder}: a model and an adapter; give each a folder of its own.")
    weights = weight_files(folder, config, settings.allow_pickle)
    layers, heads = shape_of(config)
    card = read_card(folder)
    info = ModelInfo(
        name=name,
        family=family_of(config),
        architecture=architecture_of(config),
        model_type=str(config["model_type"]),
        layers=layers,
        heads=heads,
        source=source,
        revision=revision,
        weights_sha256=hash_files(weights),
        tokenizer_sha256=hash_files(tokenizer_files(folder)),
        parameters=count_parameters(weights),
        dtype=settings.dtype,
        device=settings.device,
        about=card.get("about") or card.get("description") or "",
        licence=card.get("licence") or card.get("license") or "",
    )
    return ModelSource(
        info=info,
        location=folder,
        config=config,
        task=_task(settings, config),
        weights=tuple(weights),
        generation=read_generation(folder),
        asked=settings.task is not None,
    )


def _task(settings: Settings, config: dict[str, Any]) -> Task:
    """Return the task the user asked for, or the model's own."""
    if settings.task is None:
        return task_of(config)
    if settings.task not in TASK_NAMES:
        near = difflib.get_close_matches(settings.task, TASK_NAMES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(TASK_NAMES)}."
        raise InputError(f"Unknown task {settings.task!r}; {hint}")
    return TASK_NAMES[settings.task]


def _refuse_remote_code(name: str, config: dict[str, Any]) -> None:
    """Raise if a model brings its own code and transformers does not know it otherwise."""
    if "auto_map" not in config:
        return
    from transformers import CONFIG_MAPPING

    if config["model_type"] not in CONFIG_MAPPING:
        raise InputError(
            f"Model {name!r} needs code from its repository, which attnatlas never runs; "
            "use a model that transformers itself knows."
        )


def _folder_name(name: str) -> str:
    """Return how a folder is named on the pages: as given if relative, else its last part."""
    path = PurePath(os.path.normpath(name))
    if path.anchor or path.parts[:1] in ((), ("..",)):
        return printable(Path(name).resolve().name)
    return printable(path.as_posix())
