"""Flow: how much can pass from a token at the top to each input token, layer by layer.

Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3: attention with the
residual stream as the capacities of a network, and its maximum flow. Solved with Dinic's method
(scipy) on whole capacities of 2^-30, where it is not as much as one end lets through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles, Integers, Mask
from ..capture import AttentionMap, Capture
from ..capture.token_positions import last_read
from ..results.shapes import Matrix, Result, Scores
from .analysis import RecordAnalysis
from .rollout import Fusion, fused, normalised, with_residual
from .saturation import saturated

if TYPE_CHECKING:
    from scipy.sparse import csr_array

UNIT = 2**30
"""Capacities are whole numbers of this many parts of 1."""
MOST = 256
"""Longer texts have no flow: a row takes about layers * tokens^3 steps."""


def flow(
    weights: npt.NDArray[Any], rows: Sequence[int] | None = None, *, fusion: Fusion = "mean"
) -> Doubles:
    """Return the flow from tokens at the top to the input tokens, float64 [query, key].

    `weights` is self-attention [layer, head, token, token]. Each of the `rows` (all, if None) is
    the maximum flow to every input token, divided by its sum; rows not asked for are NaN.
    """
    capacities = np.rint(with_residual(fused(weights, fusion)) * UNIT).astype(np.int64)
    tokens = capacities.shape[-1]
    asked = np.arange(tokens) if rows is None else np.array(rows, np.int64)
    found, proved = saturated(capacities, asked, UNIT)
    if not proved.all():
        _search(found, ~proved, capacities, asked)
    result = np.full((tokens, tokens), np.nan)
    result[asked] = normalised(found / UNIT)
    return result


def _search(found: Integers, open_: Mask, capacities: Integers, rows: Integers) -> None:
    """Put the maximum flow from `rows` to every key into `found` [row, key] where it is `open_`."""
    from scipy.sparse.csgraph import maximum_flow

    layers, tokens = capacities.shape[:2]
    graph = _network(capacities)
    for row, key in np.argwhere(open_).tolist():
        source = layers * tokens + int(rows[row])
        found[row, key] = maximum_flow(graph, source, key, method="dinic").flow_value


def column_bound(weights: npt.NDArray[Any], *, fusion: Fusion = "mean") -> Doubles:
    """Return the most that can reach each input token, before rows are normalised, [key].

    min(1, column sum of the first layer): deep bidirectional flow is mostly just that, and then
    says nothing that the first layer does not.
    """
    first = with_residual(fused(weights[:1], fusion))[0]
    bound: Doubles = np.minimum(1.0, first.sum(axis=0))
    return bound


def compute(capture: Capture) -> Result:
    """Return `flow.<kind>` float32 [query, key] for the self-attention of every stack.

    From the tokens that an answer is read from (see `rows_of`). The Scores
    `bound` are shares of what the first layer lets through, in the stack where the answer is made.
    """
    parts = stacks(capture)
    if not parts:
        return Result(ANALYSIS.name)
    found = [
        Matrix(part.kind, flow(part.weights, rows_of(part, capture)).astype(np.float32))
        for part in parts
    ]
    bound = normalised(column_bound(parts[-1].weights)).astype(np.float32)
    return Result(ANALYSIS.name, matrices=tuple(found), scores=(Scores("bound", bound),))


def stacks(capture: Capture) -> list[AttentionMap]:
    """Return the maps that have flow: self-attention over few enough tokens."""
    return [part for part in capture.maps if part.kind != "cross" and len(part.queries) <= MOST]


def rows_of(part: AttentionMap, capture: Capture) -> list[int]:
    """Return the queries that flow starts from: the last, and in an encoder the first, too.

    Of a text read from left to right, also the last token that the answer is told from.
    """
    last = len(part.queries) - 1
    if part.kind == "self" and part.causal:
        return sorted({last_read(capture), last})
    return [last] if part.causal else sorted({0, last})


def _network(capacities: Integers) -> csr_array:
    """Return capacities [layer, query, key] between nodes counted from the input up."""
    from scipy.sparse import csr_array

    layers, tokens = capacities.shape[:2]
    whole = capacities.astype(np.int32)
    layer, query, key = np.nonzero(whole)
    nodes = (layers + 1) * tokens
    starts, ends = (layer + 1) * tokens + query, layer * tokens + key
    return csr_array((whole[layer, query, key], (starts, ends)), shape=(nodes, nodes))


ANALYSIS = RecordAnalysis(
    name="flow",
    title="Flow: how much can pass from the top to each input token",
    about=(
        "Attention with the residual stream (½ A + ½ I) as pipes between layers: the most that "
        "can flow from a token at the top to each token at the bottom."
    ),
    reading=(
        "A row adds up to 1. Unlike rollout, flow does not multiply weights: a path is as wide as "
        "its narrowest weight, and paths that share a pipe share its width."
    ),
    limits=(
        "In deep bidirectional models flow mostly equals what the first layer lets through: "
        "compare with the column sums of the first layer. Heads are averaged, and values and "
        f"feed-forward layers are left out. Texts of more than {MOST} tokens have no flow."
    ),
    cite=(
        "Abnar & Zuidema 2020, Quantifying Attention Flow in Transformers, "
        "https://doi.org/10.18653/v1/2020.acl-main.385"
    ),
    compute=compute,
    fields=("mention", "contrast"),
)
