"""The layers of a batch, as the attention maps of one record."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..errors import InputError
from ..models.info import ModelInfo
from .attend import Layers
from .layers import LayerFile
from .limits import window_sizes
from .maps import AttentionMap, Kind, Token
from .precision import not_finite
from .rows import sink_of


@dataclasses.dataclass(frozen=True, slots=True)
class Stacks:
    """What is the same in all maps of a model."""

    info: ModelInfo
    config: Any
    has_sinks: bool

    @classmethod
    def of(cls, model: Any, info: ModelInfo) -> Stacks:
        """Look at a model once."""
        sinks = any(hasattr(part, "sinks") for part in model.modules())
        return cls(info, model.config, sinks)

    def map_of(
        self,
        file: LayerFile,
        kind: Kind,
        layers: Layers,
        row: int,
        queries: tuple[Token, ...],
        keys: tuple[Token, ...],
    ) -> AttentionMap:
        """Return the map of record `row`; raises ValueError for weights that are not finite."""
        weights = file.stack(layers, row)
        if weights.shape[2:] != (len(queries), len(keys)):
            raise InputError(
                f"Model {self.info.name!r} attends to {weights.shape[3]} places where the text "
                f"has {len(keys)} tokens, and no map would be true to that."
            )
        if not all(layer.finite for layer in layers) and not np.isfinite(weights.sum()):
            raise ValueError(not_finite("its attention", self.info.dtype))
        leaking = self.has_sinks or not all(layer.whole for layer in layers)
        return AttentionMap(
            kind=kind,
            queries=queries,
            keys=keys,
            weights=weights,
            causal=kind == "decoder" or (kind == "self" and self.info.causal),
            window=window_sizes(self.config, self.info.family, len(weights)),
            sink=sink_of(f"sink.{kind}", weights, None) if leaking else None,
        )

    def check_layers(self, found: dict[Kind, Layers]) -> None:
        """Raise unless every layer has attention."""
        seen = len(found.get("self", found.get("encoder", ())))
        if not seen or seen < self.info.layers:
            raise InputError(
                f"Model {self.info.name!r} shows the attention of {seen} of its "
                f"{self.info.layers or 'many'} layers; it is of no use here."
            )
