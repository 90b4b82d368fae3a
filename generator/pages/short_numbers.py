"""Whole numbers in few characters: base64 digits of five bits, the lowest first, as in source maps.

A page that carries thousands of numbers in JSON would spend more than half of its bytes on them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from ..array_types import Floats

DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
"""The sixty-four digits; those from the 33rd on say that another one follows."""
NONE = "_"
"""Stands for a number that is not known."""


def short_numbers(values: Iterable[int | None]) -> str:
    """Return whole numbers as one text; one below 0 begins with a minus, None is not known."""
    return "".join(map(_short, values))


def whole(values: Floats) -> list[int | None]:
    """Return the nearest whole numbers, one after another, None where undefined."""
    numbers = np.nan_to_num(np.rint(values)).astype(int).astype(object)
    numbers[np.isnan(values)] = None
    flat: list[int | None] = numbers.ravel().tolist()
    return flat


@lru_cache(maxsize=1 << 16)
def _short(value: int | None) -> str:
    if value is None:
        return NONE
    if value < 0:
        return "-" + _short(-value)
    text = ""
    while value > 31:
        text += DIGITS[32 + value % 32]
        value //= 32
    return text + DIGITS[value]
