"""What the place where a model answers has attended to: one share per token of the source."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..array_types import Doubles
from ..capture import AttentionMap, Capture, masks
from ..capture.token_positions import answer_rows, last_read
from ..results.columns import misshapen
from ..results.shapes import Partial, Result
from .rollout import compute as rollout

VIEWS = {
    "rollout": "attention rollout",
    "relevance": "gradient-weighted relevance",
    "attention": "mean attention",
    "last_layer": "last-layer attention",
    "flow": "attention flow",
}


MASKED = "masked."
"""What the names of the Partials begin with that a text has which was asked about masked."""
RECEIVED = "received."


def masked_views(capture: Capture) -> tuple[Partial, ...]:
    """Return what analyses need of the attention of a text as it was asked about, masked.

    `views` float32 [token] of each name, and of each kind of map what heads give each key,
    [layer, head, key].
    """
    seen = [
        Partial(MASKED + name, shares.astype(np.float32))
        for name, shares in views(capture, {}).items()
    ]
    given = [
        Partial(MASKED + RECEIVED + part.kind, received_share(part).astype(np.float32))
        for part in capture.maps
        if part.kind != "decoder"
    ]
    return (*seen, *given)


def misread(capture: Capture, result: Result) -> str | None:
    """Return which of `masked_views` is of another number of tokens or heads than a text has."""
    tokens = len(capture.maps[0].queries)
    shapes = {MASKED + name: (tokens,) for name in VIEWS}
    received = {
        MASKED + RECEIVED + part.kind: (part.layers, part.heads, tokens) for part in capture.maps
    }
    return misshapen(result, {**shapes, **received})


def views(capture: Capture, results: Mapping[str, Result]) -> dict[str, Doubles]:
    """Return VIEWS of the source from where the answer is read, each float64 [token].

    `results` are those of this capture: rollout is computed where it is missing; relevance, which
    needs the model, and flow, where it was not computed from there, are left out. Of a text that
    was asked about with tokens masked, attention is that of the masked text.
    """
    seen = _masked(results) or _plain(capture, results)
    for scores in results["relevance"].scores if "relevance" in results else ():
        seen[scores.name] = scores.values.astype(np.float64)
    return {name: seen[name] for name in VIEWS if name in seen and not np.isnan(seen[name]).any()}


def _masked(results: Mapping[str, Result]) -> dict[str, Doubles]:
    partials = results["saliency"].partials if "saliency" in results else ()
    names = {MASKED + name: name for name in VIEWS}
    return {names[one.name]: one.values.astype(np.float64) for one in partials if one.name in names}


def _plain(capture: Capture, results: Mapping[str, Result]) -> dict[str, Doubles]:
    part, rows = answer_rows(capture)
    found = results["rollout"] if "rollout" in results else rollout(capture)
    rolled = {m.kind: m.values[-1] for m in found.matrices}
    flows = {m.kind: m.values for m in results["flow"].matrices} if "flow" in results else {}
    maps = {
        "rollout": rolled.get(part.kind),
        "attention": part.weights.mean(axis=(0, 1), dtype=np.float64),
        "last_layer": part.weights[-1].mean(axis=0, dtype=np.float64),
        "flow": flows.get(part.kind),
    }
    return {
        name: matrix[rows].astype(np.float64).mean(axis=0)
        for name, matrix in maps.items()
        if matrix is not None
    }


def received(capture: Capture, part: AttentionMap, results: Mapping[str, Result]) -> Doubles:
    """Return `received_share` of a map of a capture, by the queries that the answer is made from.

    That of the masked text where it was asked about masked.
    """
    saliency = results.get("saliency", Result("saliency"))
    masked = saliency.partial(MASKED + RECEIVED + part.kind)
    if masked is not None:
        return masked.values.astype(np.float64)
    return received_share(part, last_read(capture) + 1 if part.kind == "self" else None)


def received_share(part: AttentionMap, queries: int | None = None) -> Doubles:
    """Return what each key receives by the number of queries that may see it, [layer, head, key].

    Without the division the first tokens of a causal text would receive most in any head. Only the
    first `queries` count, if that is given.
    """
    received = part.weights[:, :, :queries].sum(axis=2, dtype=np.float64)
    seen = np.stack(
        [masks.visible(part, layer)[:queries].sum(axis=0) for layer in range(part.layers)]
    )
    shares: Doubles = received / np.maximum(seen, 1)[:, None]
    return shares
