"""A model that was found and pinned, and not loaded yet."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..capture import ModelInfo
from .families import Task


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that was found and pinned, and not loaded yet.

    `asked` says that the task was chosen by the user and is not the model's own; `adapter` is a
    folder with what is to be merged into the weights.
    """

    info: ModelInfo
    location: Path
    config: dict[str, Any]
    task: Task
    asked: bool = False
    adapter: Path | None = None

    def fingerprint(self) -> str:
        """Return a sha256 of all that decides what the model computes."""
        return digest(self.info, self.config, self.task)


def digest(info: ModelInfo, config: dict[str, Any], task: Task) -> str:
    """Return a sha256 over weights, tokenizer, config, task and number format."""
    pinned = (info.weights_sha256, info.tokenizer_sha256, info.dtype, info.device, task)
    return hashlib.sha256(json.dumps([pinned, config], sort_keys=True).encode()).hexdigest()
