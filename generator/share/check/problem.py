"""What a check finds wrong, and what it could not look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["file", "page", "size", "format", "numbers", "sentence"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one file of a site, in words that fit after its name."""

    file: str
    what: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Note:
    """What was not checked, and why, or what a reader should know; no reason to fail."""

    says: str
