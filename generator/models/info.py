"""What is known of a model without loading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["encoder", "decoder", "encoder-decoder"]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a model without loading it: names, shape, and the hashes that pin it."""

    name: str
    family: Family
    architecture: str = ""
    model_type: str = ""
    layers: int = 0
    heads: int = 0
    source: Literal["embedded", "folder", "hub", "arrays", "object"] = "folder"
    revision: str | None = None
    weights_sha256: str | None = None
    tokenizer_sha256: str | None = None
    parameters: int | None = None
    dtype: str = "float32"
    device: str = "cpu"
    about: str = ""
    licence: str = ""

    @property
    def causal(self) -> bool:
        """Return whether every query sees only itself and what stands before it."""
        return self.family == "decoder"
