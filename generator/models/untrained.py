"""A model as it was before it learnt anything: the same architecture, with fresh weights."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any

from ..config import Settings
from .info import ModelInfo
from .load import LoadedModel, load_model, quiet
from .objects import NOISE
from .pinned import ModelSource, digest


@dataclass(frozen=True, slots=True, eq=False)
class UntrainedModel:
    """A copy of a model with the weights that its own config begins with, drawn with a seed.

    The tokenizer, the task and what it is asked are those of the model.
    """

    of: ModelSource | LoadedModel
    seed: int

    @property
    def info(self) -> ModelInfo:
        """Return what is known of the copy: all that is known of the model but its weights."""
        known = self.of.info
        name = f"{known.name}, untrained copy {self.seed}"
        return dataclasses.replace(known, name=name, weights_sha256=None, revision=None)

    def fingerprint(self) -> str:
        """Return a sha256 of all that decides what the copy computes: config, tokenizer, seed."""
        config = [*_config(self.of), "untrained", self.seed]
        return digest(self.info, config, self.of.task)

    def load(self, settings: Settings) -> LoadedModel:
        """Return the copy in memory."""
        of = self.of if isinstance(self.of, LoadedModel) else load_model(self.of, settings)
        made = fresh(of.model, self.seed)
        return dataclasses.replace(
            of, model=made, info=self.info, pinned=self.fingerprint(), remarks=()
        )


def fresh(model: Any, seed: int) -> Any:
    """Return a model of the same class and config, with weights as its class begins with them."""
    import torch

    with quiet(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = type(model)(copy.deepcopy(model.config))
    if getattr(model, "generation_config", None) is not None:
        made.generation_config = copy.deepcopy(model.generation_config)
    return made.to(model.device, model.dtype).eval()


def _config(of: ModelSource | LoadedModel) -> list[Any]:
    if isinstance(of, ModelSource):
        return [of.config, of.generation]
    known = of.model.config.to_diff_dict()
    return [type(of.model).__name__, {k: v for k, v in known.items() if k not in NOISE}]
