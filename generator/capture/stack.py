"""The layers of a batch, as the attention maps of one record."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..errors import InputError
from .attend import Layers
from .limits import window_sizes
from .maps import AttentionMap, Floats, Kind, ModelInfo, Token
from .rows import TOLERANCES, sink_of


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
        kind: Kind,
        layers: Layers,
        row: int,
        queries: tuple[Token, ...],
        keys: tuple[Token, ...],
    ) -> AttentionMap:
        """Return the map of record `row`; raises ValueError for weights that are not finite."""
        weights = stacked(layers, row)
        if weights.shape[2:] != (len(queries), len(keys)):
            raise InputError(
                f"Model {self.info.name!r} attends to {weights.shape[3]} places where the text "
                f"has {len(keys)} tokens, and no map would be true to that."
            )
        sums = weights.sum(axis=-1)
        if not np.isfinite(sums).all():
            raise ValueError("its attention is not finite; try --dtype float32")
        leaking = self.has_sinks or bool((sums < 1 - max(TOLERANCES.values())).any())
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


def stacked(layers: Layers, row: int) -> Floats:
    """Return float32 [layer, head, query, key] of one record of a batch."""
    if len({layer.shape[1:] for layer in layers}) > 1:
        raise InputError("Layers with different numbers of heads cannot be shown side by side.")
    weights = np.empty((len(layers), *layers[0].shape[1:]), dtype=np.float32)
    for place, layer in enumerate(layers):
        weights[place] = layer[row].detach().float().cpu().numpy()
    return weights
