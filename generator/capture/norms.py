"""How much each token hands on: the length of the vectors that attention adds up.

Kobayashi et al. 2020, "Attention is Not Only a Weight": a head adds up alpha f(x), where
f(x) = (x W_V + b_V) W_O of that head, so that the length of alpha f(x) says how much of a token
arrives, and alpha alone does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from .attend import Layers
from .layer_internals import (
    TOLERANCES,
    LayerInternals,
    Projection,
    Unwatchable,
    read_internals,
    read_projections,
)
from .layers import LayerFile
from .maps import Kind

BLOCK_BYTES = 32_000_000
"""Vectors that are in memory at a time: those of as many keys as fit."""
Pairs = dict[Kind, list[Any]]


def raw_scores(model: Any, inputs: dict[str, Any], file: LayerFile) -> dict[Kind, Layers]:
    """Run the model on one text; put the scores of each layer, [1, head, query, key], in `file`."""
    return read_internals(model, inputs, lambda internals: file.add(internals.scores[None]))


def value_norms(
    model: Any, inputs: dict[str, Any], file: LayerFile
) -> tuple[dict[Kind, Layers], dict[Kind, Layers]]:
    """Run the model on one text; put the norms of each layer in `file`: of heads, of their sum.

    They are [1, head, query, key] and [1, 1, query, key]. Raises Unwatchable where what the heads
    hand on does not add up to what the model's own projection gave.
    """

    def keep(internals: LayerInternals, projection: Projection) -> Any:
        heads, summed = norms(internals, projection)
        return file.add(heads[None]), file.add(summed[None, None])

    found = read_projections(model, inputs, keep)
    first, second = (
        {kind: [pair[side] for pair in layers] for kind, layers in found.items()} for side in (0, 1)
    )
    return first, second


def norms(internals: LayerInternals, projection: Projection) -> tuple[Tensor, Tensor]:
    """Return the length of alpha f, [head, query, key], and of its sum over heads, [query, key].

    The second comes from the products of the vectors of a key with each other, so that there is
    never a vector for every pair of tokens. In float64.
    """
    alpha, values = internals.weights.double(), internals.values.double()
    weight = projection.weight.double()
    lengths, summed = torch.zeros_like(alpha), torch.zeros_like(alpha[0])
    total = torch.zeros_like(projection.output, dtype=torch.float64)
    for part in _blocks(weight, values.shape[1]):
        shares = alpha[..., part]
        vectors = torch.einsum("hkd,hdo->hko", values[:, part], weight)
        lengths[..., part] = shares * vectors.norm(dim=-1)[:, None]
        products = torch.einsum("hko,gko->khg", vectors, vectors)
        squares = (torch.einsum("hqk,khg->gqk", shares, products) * shares).sum(0)
        summed[:, part] = squares.clamp(min=0).sqrt()
        total += torch.einsum("hqk,hko->qo", shares, vectors)
    _check(total + projection.bias, projection.output)
    return lengths, summed


def _blocks(weight: Tensor, keys: int) -> Iterator[slice]:
    """Cut the keys into runs whose vectors fit into memory."""
    heads, _, out = weight.shape
    size = max(1, BLOCK_BYTES // (8 * heads * out))
    return (slice(start, start + size) for start in range(0, keys, size))


def _check(total: Tensor, output: Tensor) -> None:
    """Raise unless the vectors add up to what the model's projection gave."""
    off = float((total - output.double()).abs().max() / output.double().abs().max().clamp(min=1e-9))
    if not off <= TOLERANCES.get(output.dtype, 1e-4):
        raise Unwatchable(
            "what the heads hand on does not add up to what the model's output projection gives "
            f"({off:.2g} off), so something stands between them"
        )
