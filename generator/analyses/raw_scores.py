"""Raw scores: what softmax is given, so that one can see it at work.

Vaswani et al. 2017, section 3.2.1. Caught in `capture`, in one more pass over the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Singles
from ..capture import AttentionMap, Capture
from ..results.shapes import Matrix, Result
from .analysis import RecordProbe

if TYPE_CHECKING:
    from ..models import LoadedModel

TOLERANCES = {"float32": 1e-4}
"""How far softmax of the scores may be from the attention that was captured (others: 0.02)."""
ROUNDING = 2.0**-12
"""By how much a weight is another one, at most, once a site has it in float16."""


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return a Matrix [layer, head, query, key] of each kind: the scores, -inf where masked.

    Scores are query times key, scaled, soft-capped, and with position bias, as softmax gets them.
    Raises ValueError where softmax of them is not the attention that was captured, or where the
    model cannot be looked into.
    """
    from ..capture.layers import LayerFile
    from ..capture.norms import raw_scores
    from ..probes import inputs_of

    file = LayerFile()
    found = raw_scores(loaded.model, inputs_of(loaded, capture), file)
    matrices = tuple(Matrix(m.kind, file.stack(found[m.kind], 0)) for m in capture.maps)
    for part, matrix in zip(capture.maps, matrices, strict=True):
        _check(part, matrix.values, TOLERANCES.get(capture.model.dtype, 0.02))
    return Result(ANALYSIS.name, matrices=matrices)


def _check(part: AttentionMap, scores: Singles, tolerance: float) -> None:
    for layer, given in enumerate(scores):
        weights, shares = part.weights[layer], softmax(given)
        rounding = ROUNDING if np.array_equal(weights, weights.astype(np.float16)) else 0.0
        left: Singles = np.ones_like(weights[..., 0])
        if part.sink is not None:
            left = np.maximum(1 - part.sink[layer], 1e-9)
        # what is left by a sink is rounded, too, and each weight is a share of it
        room = tolerance + rounding * (1 + shares * (part.sink is not None)) / left[..., None]
        off = np.abs(shares - weights / left[..., None])
        if not (off <= room).all():
            raise ValueError(
                f"softmax of the scores of layer {layer} is not the attention that was captured, "
                f"but {float(off.max()):.2g} off"
            )


def softmax(scores: Singles) -> Singles:
    """Return the shares that scores [..., key] stand for, each row summing to 1."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Singles = powers / powers.sum(axis=-1, keepdims=True)
    return shares


ANALYSIS = RecordProbe(
    name="scores",
    title="Scores: what softmax is given",
    about=(
        "A query and a key are multiplied to a score: high where they fit. Scaled, capped where "
        "the model caps, with any bias for position added and masked keys taken out, the scores "
        "of a row go through softmax, which makes of each score s its share of the sum of all "
        "exp(s) in the row. These shares are the attention weights."
    ),
    reading=(
        "Only differences between the scores of one row count: one point more multiplies the "
        "weight by 2.7, and adding the same to all of them changes nothing. So a row adds up to "
        "1 whether anything fits or not: a high weight may be the best of bad scores."
    ),
    limits=(
        "Scores of different rows, heads and layers have no scale in common. Models in which "
        "attention is no function of its own (BLOOM, MPT, DeBERTa and others) are left out."
    ),
    cite=(
        "Vaswani et al. 2017, Attention Is All You Need, section 3.2.1, "
        "https://arxiv.org/abs/1706.03762"
    ),
    compute=compute,
    optional=True,
)
