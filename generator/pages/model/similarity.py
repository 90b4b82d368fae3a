"""What the figures of heads that are alike get: places, groups, and packed distances. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...analyses.similarity.clusters import NEAR
from ...results.shapes import Cell, Result
from ..packing import JSON, pack, pack_script
from ..plan import ModelPage

DRAWN = 400
"""Heads whose distances are drawn pair by pair; of more, the map alone."""
FULL = math.log(2)


def similarity_island(page: ModelPage, results: Mapping[str, Result]) -> JSON:
    """Return {kind: what its figures need}; the distances themselves are in scripts.

    `points` has for each head [x, y, group, place in the order, nearest head, distance to it,
    distance to the nearest after shuffling].
    """
    result = results.get("similarity")
    if result is None or result.empty:
        return {}
    points: dict[Cell, list[list[Any]]] = {}
    rows = result.tables["heads"].rows
    heads = {kind: 1 + max(int(row[2] or 0) for row in rows if row[0] == kind)
             for kind in dict.fromkeys(row[0] for row in rows)}  # fmt: skip
    for kind, _, _, x, y, group, order, layer, head, near, by_chance in rows:
        nearest = int(layer or 0) * heads[kind] + int(head or 0)
        row = [_short(x), _short(y), group, order, nearest, _short(near), _short(by_chance)]
        points.setdefault(kind, []).append(row)
    return {
        str(kind): {
            "points": points[kind],
            "records": records,
            "groups": groups,
            "stress": _short(stress),
            "at": address(page, str(kind)) if len(points[kind]) <= DRAWN else None,
        }
        for kind, _, records, groups, _, stress in result.tables["kinds"].rows
    } | {"near": round(NEAR, 4)}


def address(page: ModelPage, kind: str) -> str:
    """Return the address of the distances of one kind."""
    return f"maps/{page.slug}.alike.{kind}.js"


def distance_scripts(page: ModelPage, results: Mapping[str, Result]) -> Iterator[tuple[str, bytes]]:
    """Yield (address, script) of the distances of each kind: 16 bits of ln 2, upper triangle."""
    for pairs in results.get("similarity", Result("similarity")).distances:
        if len(pairs.values) > DRAWN:
            continue
        upper = pairs.values[np.triu_indices(len(pairs.values), 1)]
        whole = np.rint(np.clip(upper / FULL, 0, 1) * 65535).astype("<u2")
        yield address(page, pairs.kind), pack_script({f"alike.{pairs.kind}": pack(whole)})


def _short(value: Any) -> float:
    return round(float(value), 4)
