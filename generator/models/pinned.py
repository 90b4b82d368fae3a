"""A model that was found and pinned, and not loaded yet."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .families import Task
from .info import ModelInfo


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that was found and pinned, and not loaded yet.

    `weights` are the files that are loaded, and `generation` says how the model is to write;
    `asked` says that the task was chosen by the user and is not the model's own; `adapter` is a
    folder with what is to be merged into the weights.
    """

    info: ModelInfo
    location: Path
    config: dict[str, Any]
    task: Task
    weights: tuple[Path, ...]
    generation: dict[str, Any]
    asked: bool = False
    adapter: Path | None = None

    def fingerprint(self) -> str:
        """Return a sha256 of all that decides what the model computes."""
        return digest(self.info, [self.config, self.generation], self.task)


def digest(info: ModelInfo, config: Any, task: Task) -> str:
    """Return a sha256 over weights, tokenizer, configs, task and number format."""
    pinned = (info.weights_sha256, info.tokenizer_sha256, info.dtype, info.device, task)
    return hashlib.sha256(json.dumps([pinned, config], sort_keys=True).encode()).hexdigest()
