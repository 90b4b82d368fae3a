"""How the answer moves with every single attention probability: its gradient there.

What `relevance` is made from; computed in `probes`, one pass forward and one back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Singles
from ..capture import AttentionMap, Capture
from ..capture.masks import visible
from ..results.shapes import Matrix, Result
from .analysis import ASKED_FIELDS, RecordProbe

if TYPE_CHECKING:
    from ..models import LoadedModel


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return d score / d probability of each kind, signed float32 [layer, head, query, key].

    -inf where a query may not look.
    """
    from ..probes import ExplainedInput, attention_gradients

    explained = ExplainedInput.of(loaded, capture)
    if explained is None or not explained.content:
        return Result(ANALYSIS.name)
    _, found = attention_gradients(explained)
    matrices = tuple(Matrix(part.kind, _seen(part, found[part.kind])) for part in capture.maps)
    return Result(ANALYSIS.name, matrices=matrices)


def _seen(part: AttentionMap, gradients: Singles) -> Singles:
    """Return the gradients of one kind, -inf where a query may not look."""
    allowed = np.stack([visible(part, layer) for layer in range(part.layers)])
    seen: Singles = np.where(allowed[:, None], gradients, np.float32(-np.inf))
    return seen


ANALYSIS = RecordProbe(
    name="gradients",
    title="Gradients of attention: what the answer would do",
    about=(
        "The gradient of the answer at every attention weight of every head: how much its logit, "
        "or log probability, would rise if this one weight were a little larger and all others "
        "stayed as they are."
    ),
    reading=(
        "Above zero, more attention here speaks for the answer; below zero, against it. The "
        "scale is that of the answer per unit of attention."
    ),
    limits=(
        "A weight cannot grow alone: those of a row add up to 1. Gradients are local, large ones "
        "may stand where there is hardly any attention."
    ),
    cite=(
        "Chefer, Gur & Wolf 2021, Generic Attention-model Explainability for Interpreting "
        "Bi-Modal and Encoder-Decoder Transformers, https://arxiv.org/abs/2103.15679"
    ),
    compute=compute,
    optional=True,
    fields=ASKED_FIELDS,
)
