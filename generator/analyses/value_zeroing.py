"""Value zeroing: how much of a token's new state comes from each other token, layer by layer.

Mohebbi et al. 2023, "Quantifying Context Mixing in Transformers", section 4. Computed in `probes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Doubles
from ..capture import Capture
from ..results.shapes import Matrix, Result
from .analysis import RecordProbe

if TYPE_CHECKING:
    from ..models import LoadedModel

MOST = 128
"""Texts with more tokens, on both sides together, are left out: it takes a forward pass a token."""


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return `value_zeroing.<kind>` float32 [layer, query, key], rows summing to 1.

    Nothing for texts of more than MOST tokens; ValueError where the values of a model cannot be
    reached.
    """
    from ..probes import ExplainedInput
    from ..probes.ablation import tokens_of, value_zeroing
    from ..probes.target import Target

    explained = ExplainedInput(loaded, capture, Target("the states of its tokens", "value"))
    if tokens_of(explained) > MOST:
        return Result(ANALYSIS.name)
    found = value_zeroing(explained)
    matrices = [Matrix(kind, shares(layers).astype(np.float32)) for kind, layers in found.items()]
    return Result(ANALYSIS.name, tuple(matrices))


def shares(distances: Doubles) -> Doubles:
    """Return each row divided by its sum, [layer, query, key]; rows of zeros stay as they are."""
    sums = distances.sum(axis=-1, keepdims=True)
    found: Doubles = np.divide(distances, sums, out=np.zeros_like(distances), where=sums > 0)
    return found


ANALYSIS = RecordProbe(
    name="value_zeroing",
    title="Value zeroing: what a token takes from the others",
    about=(
        "In one layer, what one token has to give (its values, in all heads) is set to zero, and "
        "the layer is computed again: how far, in cosine distance, does the state it makes of "
        "each token move? Done for every token of every layer."
    ),
    reading=(
        "A row adds up to 1 and says where the new state of a token comes from in that layer. "
        "Unlike attention, this sees through the values, the residual stream, the norms and the "
        "feed-forward part: a heavily attended token with nothing to give gets little."
    ),
    limits=(
        "Shares say nothing of size: a row can share out a change too small to matter. Tokens "
        "are silenced one at a time, so what two say alike is missed. Each layer is looked at on "
        f"its own. Texts of more than {MOST} tokens are left out, and so are models whose "
        "attention is not computed in one exchangeable function."
    ),
    cite=(
        "Mohebbi et al. 2023, Quantifying Context Mixing in Transformers, "
        "https://doi.org/10.18653/v1/2023.eacl-main.245"
    ),
    compute=compute,
    optional=True,
)
