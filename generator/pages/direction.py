"""Which way a text runs: decided from all of it, since its first letter may be of a quoted name."""

from __future__ import annotations

import unicodedata
from typing import Literal


def direction(text: str) -> Literal["ltr", "rtl"]:
    """Return "rtl" where more letters run from right to left than the other way."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    right = sum(kind in ("R", "AL") for kind in kinds)
    return "rtl" if right > kinds.count("L") else "ltr"
