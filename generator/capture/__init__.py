"""From a model and a record to a Capture: every layer, every head."""

from .maps import AttentionMap, Capture, Family, Floats, Kind, ModelInfo, Token

__all__ = ["AttentionMap", "Capture", "Family", "Floats", "Kind", "ModelInfo", "Token"]
