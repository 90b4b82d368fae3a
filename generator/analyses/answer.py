"""What the place where a model answers has attended to: one share per token of the source."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ..capture import AttentionMap, Capture, Token
from .result import Result
from .rollout import compute as rollout

Doubles = npt.NDArray[np.float64]

VIEWS = {
    "rollout": "attention rollout",
    "relevance": "gradient-weighted relevance",
    "attention": "mean attention",
}


def asked(capture: Capture) -> tuple[AttentionMap, list[int]]:
    """Return the map whose keys are the source, and the queries that the answer is read from.

    The first token for a classifier, the mask, the last token of a text read from left to right,
    and all tokens of a translation.
    """
    part = capture.maps[-1]
    if part.kind == "cross":
        every = list(range(len(part.queries)))
        return part, every if capture.prediction["task"] == "translation" else every[-1:]
    if masked := capture.prediction.get("masked"):
        return part, [int(masked[0]["position"])]
    last = part.causal or capture.model.model_type == "xlnet"
    return part, [len(part.queries) - 1 if last else 0]


def views(capture: Capture, results: Mapping[str, Result]) -> dict[str, Doubles]:
    """Return VIEWS of the source from where the answer is read, each float64 [token].

    `results` are those of this capture: rollout is computed where it is missing, and relevance,
    which needs the model, is left out.
    """
    part, rows = asked(capture)
    found = results["rollout"] if "rollout" in results else rollout(capture)
    matrices = {m.kind: m.values for m in found.matrices}
    seen = {"attention": part.weights.mean(axis=(0, 1), dtype=np.float64)[rows].mean(axis=0)}
    if part.kind in matrices:
        last = matrices[part.kind][-1].astype(np.float64)
        seen["rollout"] = last[rows].mean(axis=0)
    for scores in results["relevance"].scores if "relevance" in results else ():
        seen[scores.name] = scores.values.astype(np.float64)
    return {name: seen[name] for name in VIEWS if name in seen}


def content(capture: Capture) -> npt.NDArray[np.intp]:
    """Return the places of the source tokens that are neither special nor a mask to fill."""
    masks = {int(hole["position"]) for hole in capture.prediction.get("masked", ())}
    tokens: tuple[Token, ...] = capture.maps[0].queries
    kept = [at for at, token in enumerate(tokens) if not token.special and at not in masks]
    return np.array(kept, dtype=np.intp)
