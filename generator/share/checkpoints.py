"""A small atlas for each checkpoint of a training, and their history at its end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from ..api import build

Texts = str | os.PathLike[str] | Iterable[str | Mapping[str, object]]


class AtlasCallback(TrainerCallback):
    """Builds `folder/step-000040` and so on whenever a Trainer saves, or evaluates.

    `records` is what `attnatlas.build` takes: a few texts are enough, for each is read at every
    step. At the end `folder/history` shows them on one axis. `settings` are those of `build`. Where
    several processes train, the first one alone builds. What fails is an AtlasError.
    """

    def __init__(
        self, records: Texts, folder: str | os.PathLike[str], *, when: str = "save", **settings: Any
    ) -> None:
        if when not in ("save", "evaluate"):
            raise ValueError(f"when={when!r} cannot be; it must be 'save' or 'evaluate'.")
        self.records = records if isinstance(records, str | os.PathLike) else list(records)
        self.folder, self.when, self.settings = Path(folder), when, settings
        self.sites: list[Path] = []
        self._named: list[str] = []

    def on_save(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """Build at a checkpoint."""
        if self.when == "save":
            self._build(state, more)

    def on_evaluate(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """Build at an evaluation."""
        if self.when == "evaluate":
            self._build(state, more)

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """Put the sites on one axis, where there are several."""
        from .history import LEAST, read_history
        from .history_page import write_history

        if state.is_world_process_zero and len(self.sites) >= LEAST:
            write_history(read_history(self._named), self.folder / "history")

    def _build(self, state: Any, given: Mapping[str, Any]) -> None:
        site = self.folder / f"step-{state.global_step:06d}"
        if not state.is_world_process_zero or site in self.sites:
            return
        tokenizer = given.get("processing_class") or given.get("tokenizer")
        name = self.settings.get("name") or Path(given["model"].config.name_or_path or "model").name
        settings = {"title": f"Step {state.global_step:,}", **self.settings, "name": name}
        build(self.records, given["model"], tokenizer, site, **settings)
        self.sites.append(site)
        self._named.append(f"step {state.global_step:,}={site}")
