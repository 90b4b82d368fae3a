"""What data files hold beside attention, checked: the corpus, rollout, flow, other matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..array_types import Singles
from ..capture import Capture
from ..capture.header import Arrays, Header
from ..capture.rows import ArrayError, floats, place_of, shape_of
from ..capture.values import count, items, table, text

SHARES = 0.01
"""How far a row of rollout may be from summing to 1, which long products round."""
AXES = {
    1: "[token]",
    2: "[query, key]",
    3: "[layer, query, key]",
    4: "[layer, head, query, key]",
}


def about_corpus(header: Header) -> Mapping[str, Any]:
    """Return what a header says of the corpus of its record: texts, and its place in it."""
    about = table("corpus", header.get("corpus") or {})
    for name in ("name", "title", "about", "licence", "source", "task", "sha256"):
        if about.get(name) is not None:
            text(f"corpus.{name}", about[name])
    for at, place in enumerate(items("corpus.order", about.get("order") or [])):
        count(f"corpus.order[{at}]", place)
    return about


def rollout_of(name: str, arrays: Arrays, attention: Singles) -> Singles:
    """Return rollout, of the shape of this slice of attention, whose rows are shares of 1."""
    values = like(name, arrays, attention)
    axes = AXES[values.ndim]
    if (values < 0).any():
        raise ArrayError(f"{name} has a negative value {place_of(values < 0, axes)}")
    sums = values.sum(axis=-1, dtype=np.float32)
    if (wrong := np.abs(sums - 1) > SHARES).any():
        example = float(sums[tuple(np.argwhere(wrong)[0])])
        where = place_of(wrong, axes)
        raise ArrayError(f"{name} has a row that sums to {example:.6g} {where}; rows must sum to 1")
    return values


def flow_of(name: str, arrays: Arrays, attention: Singles) -> Singles:
    """Return flow, whose rows are numbers or, where they were not computed, NaN throughout."""
    values = like(name, arrays, attention)
    missing = np.isnan(values)
    if missing.all():
        raise ArrayError(f"{name} has no row with numbers; leave it out")
    if (wrong := missing & ~missing.all(axis=-1, keepdims=True)).any():
        raise ArrayError(f"{name} has NaN among the numbers of a row {place_of(wrong, AXES[2])}")
    if (wrong := (values < 0) | np.isinf(values)).any():
        raise ArrayError(f"{name} has a negative or infinite value {place_of(wrong, AXES[2])}")
    return values


def matrices_of(
    arrays: Arrays, results: Mapping[str, Any], capture: Capture
) -> Iterator[tuple[str, Singles]]:
    """Yield the matrices that the results in a header declare, `<analysis>.<kind>`, checked.

    They are of all heads, of all layers, or of one whole map, as their axes say. Every number is
    one, or -inf where a query may not see a key.
    """
    maps = {part.kind: part.weights for part in capture.maps}
    for name in declared(results):
        if name not in arrays:
            raise ArrayError(
                f"the header declares {name} in 'results', but there is no such tensor"
            )
        kind = name.rpartition(".")[2]
        if kind not in maps:
            raise ArrayError(f"{name} is of a kind that the file has no attention of")
        whole = maps[kind]
        slices = {3: whole[:, 0], 2: whole[0, 0]}
        values = like(name, arrays, slices.get(arrays[name].ndim, whole), finite=False)
        wrong = np.isnan(values) | np.isposinf(values)
        if wrong.any():
            place = place_of(wrong, AXES[values.ndim])
            raise ArrayError(f"{name} has a NaN or infinite value {place}")
        yield name, values


def declared(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the matrices that belong to the results in a header."""
    for analysis, entry in results.items():
        labels = entry.get("matrices") if isinstance(entry, dict) else None
        for label in labels if isinstance(labels, list) else ():
            yield f"{analysis}.{label}"


def like(name: str, arrays: Arrays, attention: Singles, finite: bool | None = None) -> Singles:
    """Return a computed array as float32, checked to have the shape of this slice of attention."""
    axes = AXES[attention.ndim]
    finite = not name.startswith("flow.") if finite is None else finite
    values = floats(name, arrays[name], axes, finite=finite)
    if values.shape != attention.shape:
        raise ArrayError(
            f"{name} is {shape_of(values)}, but the attention needs {shape_of(attention)}"
        )
    return values
