"""From a model and a record to a Capture: every layer, every head."""

from ..models.info import Family, ModelInfo
from .maps import AttentionMap, Capture, Kind, Token

__all__ = ["AttentionMap", "Capture", "Family", "Kind", "ModelInfo", "Token"]
