"""Survival: every claim about a model computed in other ways, from what the store has."""

from .all_records import ANALYSIS, surviving

__all__ = ["ANALYSIS", "surviving"]
