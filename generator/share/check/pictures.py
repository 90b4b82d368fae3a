"""What the pages paint against the tensors beside them: the packed matrices of every text."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from ...pages.packing import GZIP, in_order, packs_in, quantise
from ..archives import DamagedError
from ..built_site import BuiltSite
from .problem import Problem

STEPS = 1
"""How many of 255 steps a painted weight may be from its tensor, which may be rounded."""
ALL_HEADS = 4
"""Axes of a stack with all its heads, which has an order of its own."""
VIEWS = {"attention.": "", "rollout.": ".rollout"}
"""Tensors that are painted as shares, by how they begin; and how the files of their pages end."""


def painted(site: BuiltSite, where: str, arrays: dict[str, Any]) -> Iterator[Problem]:
    """Yield packed matrices of one text that show something else than its tensors."""
    maps = f"maps/{where.removeprefix('data/').removesuffix('.safetensors')}"
    for name, values in arrays.items():
        prefix, _, kind = name.partition(".")
        if f"{prefix}." in VIEWS:
            shown = quantise(values)
            for url, part in _files(site, f"{maps}.{kind}{VIEWS[f'{prefix}.']}", shown):
                if what := _otherwise(site, url, part):
                    yield Problem(url, f"{what} {name} of {where}", "numbers")


def _files(site: BuiltSite, base: str, shown: Any) -> Iterator[tuple[str, Any]]:
    """Yield the files that hold a matrix, whole or layer by layer, as far as there are any."""
    if f"{base}.js" in site.files:
        yield f"{base}.js", shown
    for layer, part in enumerate(shown):
        if (url := f"{base}.L{layer:02}.js") in site.files:
            yield url, part


def _otherwise(site: BuiltSite, url: str, shown: Any) -> str:
    """Return what a file paints otherwise than the bytes it should; empty where nothing is."""
    import numpy as np

    try:
        packs = packs_in(site.read(url))
        key = url.rpartition("/")[2].removesuffix(".js").partition(".")[2]
        more = 2 * shown.shape[0] * shown.shape[1] if shown.ndim == ALL_HEADS else 0
        content = zlib.decompressobj(GZIP).decompress(packs[key], shown.nbytes + more + 1)
    except (DamagedError, ValueError, KeyError, zlib.error):
        return "does not hold"
    if len(content) != shown.nbytes + more:
        return "has another shape than"
    painted = np.frombuffer(content, np.uint8)
    try:
        painted = in_order(painted, shown.shape) if more else painted.reshape(shown.shape)
    except ValueError:
        return "has another order of heads than"
    painted = painted.astype(np.int16)
    away = int(np.abs(painted - shown.astype(np.int16)).max(initial=0))
    return "" if away <= STEPS else "paints something else than"
