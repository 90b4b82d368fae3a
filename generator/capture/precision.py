"""Attention in the precision in which a site publishes it: what is analysed is what others get."""

from __future__ import annotations

from dataclasses import replace

from ..array_types import Singles
from ..config import Numbers
from .maps import Capture


def as_published(capture: Capture, numbers: Numbers) -> Capture:
    """Return a capture whose weights, float32, are rounded as data files will hold them."""
    if numbers != "float16":
        return capture
    maps = tuple(
        replace(
            part,
            weights=_rounded(part.weights),
            sink=None if part.sink is None else _rounded(part.sink),
        )
        for part in capture.maps
    )
    return replace(capture, maps=maps)


def not_finite(what: str, dtype: str) -> str:
    """Say that numbers of a model are none, and what to do: float32 holds all that weights do."""
    if dtype == "float32":
        return f"{what} is not finite, so numbers in its weights are none; fetch or save them again"
    return f"{what} is not finite; try --dtype float32"


def _rounded(values: Singles) -> Singles:
    """Return [layer, ...] rounded to float16, a layer at a time and in place where that can be."""
    found = values if values.flags.writeable else values.copy()
    for layer in found:
        layer[...] = layer.astype("float16")
    return found
