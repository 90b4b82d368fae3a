"""What the scripts of a page get: tokens, shapes, metrics, and packed matrices on demand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .analyses.result import Grid, Result
from .capture import AttentionMap, Capture, Token
from .packing import GLANCE, Bytes, pack, pack_script, pool, quantise
from .pages import RecordPage

SCRIPT_LIMIT = 1_000_000
"""Bytes of matrices in one script; a record with more gets one script a layer."""

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PackedMap:
    """The scripts that hold the matrices of one map: (address suffix, content) pairs."""

    layered: bool
    glance: bool
    scripts: tuple[tuple[str, str], ...]


def pack_stack(name: str, values: Bytes) -> PackedMap:
    """Pack [layer, ...] bytes into one script, or into one script a layer when that is too much.

    Heads longer than a thumbnail are also packed as thumbnails, so that all of them can be shown
    at once without loading every layer.
    """
    layered = values.nbytes > SCRIPT_LIMIT
    if layered:
        scripts = [
            (f"{name}.L{layer:02}.js", pack_script({f"{name}.L{layer:02}": pack(stack)}))
            for layer, stack in enumerate(values)
        ]
    else:
        scripts = [(f"{name}.js", pack_script({name: pack(values)}))]
    glance = values.ndim == 4 and max(values.shape[-2:]) > GLANCE
    if glance:
        key = f"{name}.glance"
        scripts.append((f"{key}.js", pack_script({key: pack(pool(values))})))
    return PackedMap(layered, glance, tuple(scripts))


def record_scripts(capture: Capture, results: Mapping[str, Result]) -> dict[str, PackedMap]:
    """Return the packed matrices of a record page by name: `self`, `self.rollout`, ..."""
    packed = {m.kind: pack_stack(m.kind, quantise(m.weights)) for m in capture.maps}
    for result in results.values():
        for matrix in result.matrices:
            name = f"{matrix.kind}.{result.analysis}"
            packed[name] = pack_stack(name, quantise(matrix.values))
    return packed


def record_island(
    page: RecordPage,
    capture: Capture,
    results: Mapping[str, Result],
    packed: Mapping[str, PackedMap],
) -> JSON:
    """Return what the scripts of a record page need to know before any matrix is loaded."""
    return {
        "maps_at": page.maps,
        "record": {"id": page.record.id, "plate": page.plate},
        "model": {"name": page.model.model.name, "url": page.model.url},
        "maps": [_map_island(m, results, packed) for m in capture.maps],
    }


def _map_island(
    attention: AttentionMap, results: Mapping[str, Result], packed: Mapping[str, PackedMap]
) -> JSON:
    kind = attention.kind
    same = attention.queries == attention.keys
    metrics = {
        name: rounded(values)
        for grid in _grids(results, kind)
        for name, values in zip(grid.metrics, grid.values, strict=True)
    }
    return {
        "kind": kind,
        "layers": attention.layers,
        "heads": attention.heads,
        "causal": attention.causal,
        "window": list(attention.window) if attention.window else None,
        "queries": token_list(attention.queries),
        "keys": None if same else token_list(attention.keys),
        "packs": {
            name: {"layered": part.layered, "glance": part.glance}
            for name, part in packed.items()
            if name.partition(".")[0] == kind
        },
        "metrics": metrics,
    }


def _grids(results: Mapping[str, Result], kind: str) -> Iterator[Grid]:
    return (grid for result in results.values() for grid in result.grids if grid.kind == kind)


def rounded(values: npt.NDArray[np.floating[Any]], digits: int = 4) -> list[Any]:
    """Return nested lists of rounded numbers, None where undefined."""
    if values.ndim == 1:
        return [None if np.isnan(v) else round(float(v), digits) for v in values]
    return [rounded(row, digits) for row in values]


def token_list(tokens: Sequence[Token]) -> list[JSON]:
    """Return tokens as the page shows them: text, word index, and whether special."""
    words = word_indices(tokens)
    return [
        {"t": token.text, "w": word, **({"s": 1} if token.special else {})}
        for token, word in zip(tokens, words, strict=True)
    ]


def word_indices(tokens: Sequence[Token]) -> list[int]:
    """Return the index of the word that each token belongs to.

    A word is a run of characters without space; a special token is a word of its own, and so is
    a token that is nothing but space.
    """
    indices: list[int] = []
    word, open_word = -1, False
    for token in tokens:
        starts = token.special or not open_word or bool(re.match(r"\s", token.text))
        word += starts
        indices.append(word)
        open_word = not token.special and not re.search(r"\s$", token.text)
    return indices
