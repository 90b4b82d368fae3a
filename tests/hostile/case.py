"""A hostile input, and what comes of it: one sentence that refuses it, or a harmless result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CANARY = "canary"
"""A file that hostile code would write into the folder of its test."""


@dataclass(frozen=True, slots=True)
class Case:
    """`act` is given an empty folder. `said` is part of the sentence; empty where nothing fails."""

    act: Callable[[Path], object]
    said: str = ""
