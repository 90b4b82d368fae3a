"""Flow from every token, where the usual one starts at those of the answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..array_types import Singles
from ..capture import AttentionMap, Capture, Kind
from ..results.shapes import Matrix, Result
from .analysis import FollowUp
from .flow import ANALYSIS as FLOW
from .flow import flow, rows_of, stacks


def compute(capture: Capture, results: Mapping[str, Result]) -> Result:
    """Return `flow.<kind>` float32 [query, key] with every row, for every stack that has flow.

    Rows that `flow` has are taken from there. Nothing, where it has them all.
    """
    known = results.get(FLOW.name, Result(FLOW.name)).matrices
    rows = {matrix.kind: matrix.values for matrix in known}
    found = {part.kind: _filled(part, rows.get(part.kind)) for part in stacks(capture)}
    if not has_more(capture, found):
        return Result(ANALYSIS.name)
    return Result(ANALYSIS.name, matrices=tuple(Matrix(*pair) for pair in found.items()))


def has_more(capture: Capture, flows: Mapping[Kind, Singles]) -> bool:
    """Return whether every row of flow is there, and the rows of an answer are not all of them."""
    parts = [part for part in stacks(capture) if part.kind in flows]
    whole = not any(np.isnan(flows[part.kind]).any() for part in parts)
    return whole and any(len(rows_of(part, capture)) < len(part.queries) for part in parts)


def _filled(part: AttentionMap, known: Singles | None) -> Singles:
    """Return flow from every token, the rows that are not known computed."""
    tokens = len(part.queries)
    values = np.full((tokens, tokens), np.nan, np.float32) if known is None else known
    lacking = np.flatnonzero(np.isnan(values).any(axis=1))
    found = flow(part.weights, lacking.tolist()).astype(np.float32)
    whole: Singles = np.where(np.isnan(values), found, values)
    return whole


ANALYSIS = FollowUp(
    name="flow_all_rows",
    title="Flow from every token",
    about="Flow not from the tokens of the answer alone, but from each token at the top.",
    reading=(
        "A row adds up to 1: what can reach each input token from the token of that row. The file "
        "of numbers holds all rows, as flow."
    ),
    limits=FLOW.limits,
    cite=FLOW.cite,
    optional=True,
    compute=compute,
    fields=("mention", "contrast"),
    after=("flow",),
)
