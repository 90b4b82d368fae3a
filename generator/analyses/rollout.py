"""Rollout: attention multiplied through the layers with the residual stream added.

Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles
from ..capture import AttentionMap, Capture, Kind
from ..results.shapes import Finding, Matrix, Result
from ..results.wording import say
from .analysis import RecordAnalysis

Fusion = Literal["mean", "max", "min"]


def fused(weights: npt.NDArray[Any], fusion: Fusion = "mean", discard: float = 0.0) -> Doubles:
    """Fuse the heads of `weights` [layer, head, query, key] into float64 [layer, query, key].

    `discard` in [0, 1) sets that share of each layer's smallest fused values to zero, except the
    very first (from the first token to itself), as Gildenblat's vit-explain (2020) does.
    """
    if fusion == "mean":
        heads: Doubles = weights.mean(axis=1, dtype=np.float64)
    else:
        heads = getattr(weights, fusion)(axis=1).astype(np.float64)
    count = int(heads[0].size * discard)
    if count:
        flat = heads.reshape(len(heads), -1)
        smallest = np.argpartition(flat, count - 1, axis=1)[:, :count]
        first = flat[:, 0].copy()
        np.put_along_axis(flat, smallest, 0.0, axis=1)
        flat[:, 0] = first
    return heads


def left(weights: npt.NDArray[Any], without: Sequence[int]) -> Doubles:
    """Return self-attention [..., token, token] without some tokens, its rows renormalised."""
    kept = np.setdiff1d(np.arange(weights.shape[-1]), without)
    return normalised(weights[..., kept[:, None], kept].astype(np.float64))


def with_residual(attention: Doubles) -> Doubles:
    """Return (A + I) / rowsum(A + I) for square `attention` [..., query, key]."""
    return normalised(attention + np.eye(attention.shape[-1]))


def normalised(rows: Doubles) -> Doubles:
    """Return `rows` divided by their sums over the last axis; a row of zeros stays."""
    sums = rows.sum(axis=-1, keepdims=True)
    shares: Doubles = np.zeros_like(rows)
    np.divide(rows, sums, out=shares, where=sums > 0)
    return shares


def rollout(
    weights: npt.NDArray[Any],
    *,
    fusion: Fusion = "mean",
    discard: float = 0.0,
    start: int = 0,
    without: Sequence[int] = (),
) -> Doubles:
    """Return the rollout after each layer, float64 [layer, query, key], each row summing to 1.

    `weights` is self-attention [layer, head, token, token]. R_0 = A'_0, then R_l = A'_l R_(l-1)
    with A' = (A + I) / rowsum(A + I). Layers before `start` are left out: the identity. Tokens
    `without`, such as the special ones, are taken out of every head and the rows renormalised
    before all else; the result has only the other tokens.
    """
    weights = left(weights, without) if without else weights
    steps = with_residual(fused(weights, fusion, discard))
    result = np.empty_like(steps)
    current = np.eye(steps.shape[-1])
    for layer, step in enumerate(steps):
        current = step @ current if layer >= start else current
        result[layer] = current
    return result


def cross_rollout(
    encoder: npt.NDArray[Any],
    decoder: npt.NDArray[Any],
    cross: npt.NDArray[Any],
    *,
    fusion: Fusion = "mean",
) -> Doubles:
    """Return the share of each source token after each decoder layer, [layer, target, source].

    `encoder` is self-attention [layer, head, source, source], `decoder` [layer, head, target,
    target], `cross` [layer, head, target, source]. The residual form of Abnar & Zuidema carried
    over to two stacks: R holds where a target position comes from among the target's inputs and C
    among the source; self-attention mixes both, then cross-attention adds half of what it reads
    through the last encoder rollout. Rows sum to 1: the source's share of [R, C] is 1 - 2^-layers
    by construction, so only its distribution is reported.
    """
    source = rollout(encoder, fusion=fusion)[-1]
    steps = with_residual(fused(decoder, fusion))
    reads = normalised(fused(cross, fusion))
    result = np.empty_like(reads)
    current = np.zeros(reads.shape[1:])
    for layer, (step, read) in enumerate(zip(steps, reads, strict=True)):
        current = (step @ current + read @ source) / 2
        result[layer] = normalised(current)
    return result


def causal_null(layers: int, tokens: int) -> Doubles:
    """Return the rollout of uniform causal attention after each layer, [layer, token, token].

    This is what the shape of the mask alone gives: with 12 layers and 64 tokens, 0.625 of the
    last token's rollout goes to the first token whatever the model has learnt.
    """
    return rollout(np.broadcast_to(_uniform_causal(tokens), (layers, 1, tokens, tokens)))


@cache
def mask_share(layers: int, tokens: int) -> float:
    """Return the first token's share of the last in `causal_null`, without the other tokens."""
    step = with_residual(_uniform_causal(tokens))
    row = np.eye(tokens)[-1]
    for _ in range(layers):
        row = row @ step
    return float(row[0])


def _uniform_causal(tokens: int) -> Doubles:
    return np.tril(np.ones((tokens, tokens))) / np.arange(1, tokens + 1)[:, None]


def compute(capture: Capture) -> Result:
    """Return `rollout.<kind>` float32 [layer, query, key] for every kind of map."""
    maps = {part.kind: part for part in capture.maps}
    values: dict[Kind, Doubles] = {
        kind: rollout(part.weights) for kind, part in maps.items() if kind != "cross"
    }
    if (crossed := _cross(maps)) is not None:
        values["cross"] = crossed
    matrices = tuple(Matrix(kind, array.astype(np.float32)) for kind, array in values.items())
    findings = tuple(
        _first_token(part, values[part.kind])
        for part in capture.maps
        if part.causal and part.window is None and len(part.queries) > 1
    )
    return Result(ANALYSIS.name, matrices=matrices, findings=findings)


def _first_token(part: AttentionMap, values: Doubles) -> Finding:
    """Say how much of the last token comes from the first, beside what the mask alone gives."""
    layers, tokens = values.shape[:2]
    share, null = float(values[-1, -1, 0]), mask_share(layers, tokens)
    text = (
        f"After the last layer, {say(share)} of the rollout of the last token goes to the first; "
        f"uniform causal attention would send {say(null)} there."
    )
    says = "with uniform causal attention"
    return Finding(f"{part.kind}-first", text, value=share, null=(null, null), null_says=says)


def _cross(maps: Mapping[Kind, AttentionMap]) -> Doubles | None:
    """Return the rollout over the source where all three maps are there and fit."""
    if not maps.keys() >= {"encoder", "decoder", "cross"}:
        return None
    if maps["decoder"].layers != maps["cross"].layers:
        return None
    return cross_rollout(*(maps[kind].weights for kind in ("encoder", "decoder", "cross")))


ANALYSIS = RecordAnalysis(
    name="rollout",
    title="Rollout: how much of each token has reached the others, layer by layer",
    about=(
        "Attention multiplied through the layers. In each layer the heads are averaged and the "
        "residual stream is added (½ A + ½ I); the product with the layers below says what share "
        "of each input token has arrived."
    ),
    reading=(
        "A row adds up to 1. The diagonal fades as tokens mix; a column that stays dark is a "
        "token that everyone has read. Between two stacks, a row is a token to be translated "
        "and a column a source token."
    ),
    limits=(
        "Averaging heads hides what single heads do, and values and feed-forward layers are left "
        "out. In a decoder the mask alone sends much of the rollout to the first tokens: compare "
        "with uniform causal attention. From decoder to encoder the total share of the source is "
        "fixed by the number of layers; only how it is spread says anything. Other forms (the "
        "largest or the smallest head, the smallest weights discarded, later layers alone, special "
        "tokens removed) give other pictures: attnatlas.analyses.rollout computes them from the "
        "files of this atlas."
    ),
    cite=(
        "Abnar & Zuidema 2020, Quantifying Attention Flow in Transformers, "
        "https://doi.org/10.18653/v1/2020.acl-main.385"
    ),
    compute=compute,
)
