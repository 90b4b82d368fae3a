"""What the scripts of a page get: tokens, shapes, metrics, and packed matrices on demand. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...analyses.head_metrics import SERVING
from ...array_types import Bytes, Floats
from ...capture import AttentionMap, Capture, Token
from ...results.shapes import Grid, Matrix, Result
from ..packing import (
    JSON,
    OVERVIEW,
    Range,
    alike_together,
    encode,
    pack,
    pack_script,
    pool,
    quantise,
)
from ..plan import ModelPage, RecordPage
from ..short_numbers import short_numbers, whole
from .first_view import first_view
from .painted import painted_island
from .reasons import reasons
from .token_bars import bar_islands
from .words import word_indices

SCRIPT_LIMIT = 1_000_000
"""Bytes of matrices in one script; a record with more gets one script a layer."""


SHEET = 96
"""Longest side of the thumbnail of one layer."""


@dataclass(frozen=True, slots=True)
class PackedMap:
    """The scripts that hold the matrices of one map: (address suffix, content) pairs.

    `heads` says whether there is a matrix for every head or one a layer; `overview` is the extent
    of its thumbnails, where it has any, and `range` what its bytes stand for where they are no
    shares. `first` says that the head that the page opens with has a script of its own, since a
    layer is long.
    """

    heads: bool
    layered: bool
    overview: tuple[int, int] | None
    scripts: tuple[tuple[str, bytes], ...]
    range: Range | None = None
    first: bool = False


def pack_stack(
    name: str,
    values: Bytes,
    range: Range | None = None,
    beside: Mapping[str, bytes] | None = None,
    opens: tuple[int, int] | None = None,
) -> PackedMap:
    """Pack [layer, ...] bytes into one script, or into one script a layer when that is too much.

    What is packed `beside` them lies in the first script. `opens` is the layer and head that the
    page opens with, if it opens with one of these.

    All heads in one script are put in an order of their own, see `alike_together`. Heads longer
    than a thumbnail, and layers in scripts of their own, are also packed as
    thumbnails, so that all of them can be shown at once without loading every layer. What has a
    range has none.
    """
    heads, layered = values.ndim == 4, values.nbytes > SCRIPT_LIMIT
    parts = {name: alike_together(values) if heads else values}
    if layered:
        parts = {f"{name}.L{layer:02}": stack for layer, stack in enumerate(values)}
    thumbs = None
    if range is None and (layered or (heads and max(values.shape[-2:]) > OVERVIEW)):
        thumbs = parts[f"{name}.overview"] = pool(values, OVERVIEW if heads else SHEET)
    first = next(iter(parts))
    alone = opens is not None and layered and values[0].nbytes > SCRIPT_LIMIT
    if alone:
        parts[f"{name}.first"] = values[opens]
    scripts = tuple(
        (f"{key}.js", pack_script({key: pack(part)} | (dict(beside or {}) if key == first else {})))
        for key, part in parts.items()
    )
    overview = None if thumbs is None else (thumbs.shape[-2], thumbs.shape[-1])
    return PackedMap(heads, layered, overview, scripts, range, alone)


def record_scripts(
    capture: Capture, results: Mapping[str, Result], compared: str = ""
) -> dict[str, PackedMap]:
    """Return the packed matrices of a record page by name: `self`, `self.rollout`, ...

    Where other models have read the text, `compared` is what stands before the addresses of its
    matrices: beside these, their pages then find what they are about.
    """
    packed: dict[str, PackedMap] = {}
    start = first_view(capture)
    for m in capture.maps:
        opens = (start.layer, start.head) if m.kind == start.kind else None
        beside = _about(m, f"{compared}.{m.kind}.about") if compared else None
        packed[m.kind] = pack_stack(m.kind, quantise(m.weights), beside=beside, opens=opens)
    for result in results.values():
        for matrix in _layered(result):
            name = f"{matrix.kind}.{_view(result, matrix)}"
            packed[name] = pack_stack(name, *encode(matrix.values))
    return packed


def comparable(page: RecordPage, siblings: Sequence[RecordPage]) -> list[RecordPage]:
    """Return the pages of the same text by other models of one stack, or of two, as this one."""
    return [
        other
        for other in siblings
        if other.model is not page.model and two_stacks(other) == two_stacks(page)
    ]


def two_stacks(page: RecordPage) -> bool:
    """Return whether the model has an encoder and a decoder."""
    return page.model.model.family == "encoder-decoder"


def _about(attention: AttentionMap, key: str) -> dict[str, bytes]:
    """Return, packed, what another model's page needs to set its own map beside this one."""
    same = attention.queries == attention.keys
    said = {
        "kind": attention.kind,
        "layers": attention.layers,
        "heads": attention.heads,
        "causal": attention.causal,
        "window": list(attention.window) if attention.window else None,
        "queries": token_list(attention.rows),
        "keys": None if same else token_list(attention.keys),
    }
    return {key: pack(np.frombuffer(json.dumps(said).encode(), np.uint8))}


def record_island(
    page: RecordPage,
    capture: Capture,
    results: Mapping[str, Result],
    packed: Mapping[str, PackedMap],
    compared: Sequence[RecordPage] = (),
) -> JSON:
    """Return what the scripts of a record page need to know before any matrix is loaded.

    `compared` are the pages of the same text whose maps can be set beside its own.
    """
    return {
        "maps_at": page.maps,
        "compared": {other.model.model.name: other.maps for other in compared},
        "record": {"id": page.record.id, "slug": page.slug, "number": page.number},
        "model": {
            "name": page.model.model.name,
            "roles_at": roles_at(page.model),
            "heads_at": page.model.heads_at,
        },
        "views": {
            _view(result, matrix): ", ".join(
                filter(None, (name.replace("_", " ").capitalize(), matrix.name))
            )
            for name, result in results.items()
            for matrix in _layered(result)
        },
        "start": asdict(first_view(capture)),
        "maps": [_map_island(m, results, packed) for m in capture.maps],
        "bars": bar_islands(capture, results),
        "painted": painted_island(capture.maps[0].queries, reasons(results)),
    }


def _layered(result: Result) -> list[Matrix]:
    """Return the matrices that can be shown in place of attention: those of every layer."""
    return [matrix for matrix in result.matrices if matrix.values.ndim > 2]


def _view(result: Result, matrix: Matrix) -> str:
    """Return what the view of a matrix is called in addresses: `rollout`, `norms.summed`."""
    return ".".join(filter(None, (result.analysis, matrix.name)))


def roles_at(page: ModelPage) -> str:
    """Return the address of what each head of a model does over all records."""
    return f"maps/{page.slug}.roles.js"


def _map_island(
    attention: AttentionMap, results: Mapping[str, Result], packed: Mapping[str, PackedMap]
) -> JSON:
    kind = attention.kind
    same = attention.queries == attention.keys
    grids = [g for result in results.values() for g in result.grids if g.kind == kind]
    return {
        "kind": kind,
        "layers": attention.layers,
        "heads": attention.heads,
        "causal": attention.causal,
        "window": list(attention.window) if attention.window else None,
        "sink": attention.sink is not None,
        "queries": token_list(attention.rows),
        "fed": None if attention.rows == attention.queries else shown(attention.queries),
        "keys": None if same else token_list(attention.keys),
        "packs": {
            name: {
                "heads": part.heads,
                "layered": part.layered,
                "overview": part.overview,
                **({"range": asdict(part.range)} if part.range else {}),
                **({"first": True} if part.first else {}),
            }
            for name, part in packed.items()
            if name.partition(".")[0] == kind
        },
        "predicted": shown(attention.predicted) if kind == "decoder" else None,
        "metrics": dict(_named(grids, "values")),
        "nulls": dict(_named(grids, "null")),
    }


def _named(grids: Sequence[Grid], field: str) -> Iterator[tuple[str, str]]:
    """Yield each metric that says something of a head: its numbers in thousandths, shortened.

    What is the same everywhere, as chance often is in all layers, stands there once.
    """
    for grid in grids:
        stack = getattr(grid, field)
        for name, values in zip(grid.metrics, () if stack is None else stack, strict=False):
            if name not in SERVING and not np.isnan(values).all():
                numbers = whole(1000 * values)
                alike = field == "null" and len(set(numbers)) == 1
                yield name, short_numbers(numbers[:1] if alike else numbers)


def rounded(values: Floats, digits: int = 3) -> list[Any]:
    """Return nested lists of rounded numbers, None where undefined."""
    numbers = np.round(values.astype(float), digits).astype(object)
    numbers[np.isnan(values)] = None
    nested: list[Any] = numbers.tolist()
    return nested


def shown(tokens: Sequence[Token]) -> list[str] | None:
    """Return what stands for each token, None where there are none."""
    return [token.shown for token in tokens] or None


def token_list(tokens: Sequence[Token]) -> list[JSON]:
    """Return tokens as the page shows them: text, word index, and whether special."""
    words = word_indices(tokens)
    return [
        {"t": token.text, "w": word}
        | ({"s": 1} if token.special else {})
        | ({"n": token.name} if token.name and not token.text else {})
        for token, word in zip(tokens, words, strict=True)
    ]
