"""What the place where a model answers has attended to: one share per token of the source."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..array_types import Doubles
from ..capture import Capture
from ..capture.token_positions import answer_rows
from ..results.shapes import Result
from .rollout import compute as rollout

VIEWS = {
    "rollout": "attention rollout",
    "relevance": "gradient-weighted relevance",
    "attention": "mean attention",
    "last_layer": "last-layer attention",
    "flow": "attention flow",
}


def views(capture: Capture, results: Mapping[str, Result]) -> dict[str, Doubles]:
    """Return VIEWS of the source from where the answer is read, each float64 [token].

    `results` are those of this capture: rollout is computed where it is missing; relevance, which
    needs the model, and flow, where it was not computed from there, are left out.
    """
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
    seen = {
        name: matrix[rows].astype(np.float64).mean(axis=0)
        for name, matrix in maps.items()
        if matrix is not None
    }
    for scores in results["relevance"].scores if "relevance" in results else ():
        seen[scores.name] = scores.values.astype(np.float64)
    return {name: seen[name] for name in VIEWS if name in seen and not np.isnan(seen[name]).any()}
