"""Mentions: how much of a pronoun's attention goes to each candidate, by several ways to look.

Head by head as Clark et al. 2019, section 4.2: to a span goes the sum over its pieces, from one
the mean over its pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..array_types import Doubles, Floats
from ..capture import Capture
from ..capture.token_positions import covered, mention_positions
from ..results.shapes import Cell, Grid, Partial, Result, Scores, Table
from .analysis import FollowUp, Results
from .choice import WHO
from .rollout import rollout

HEADS = "heads"
"""The name of the Partial of all heads, [layer, head, candidate]."""
WAYS = ("attention", "rollout", "relevance", "saliency", "choice")
"""The ways to look, in order; the first two need attention alone."""
COLUMNS = ("candidate", *WAYS, "answer")


def compute(capture: Capture, results: Results) -> Result:
    """Return what each way to look gives each candidate: `candidates`, and Partials by way.

    A Partial is [candidate], that of all heads [layer, head, candidate]. `attention` is the mean
    over layers and heads, `relevance` and `saliency` are those of the model's answer and signed
    as it has them, `choice` is the model's own share. The Grid `to candidates` is the attention of
    each head to all candidates. Empty without a mention and two candidates that were all read.
    """
    part = capture.text_map
    rows, places = mention_positions(capture), _places(capture)
    if part is None or not rows or len(places) < 2 or not all(places):
        return Result(ANALYSIS.name)
    heads = onto(part.weights, rows, places)
    found: dict[str, Doubles] = {
        "attention": heads.mean(axis=(0, 1)),
        "rollout": onto(rollout(part.weights)[-1], rows, places),
        **_scored(results, places),
    }
    chosen = results["choice"].partial(WHO) if "choice" in results else None
    if chosen is not None:
        found["choice"] = chosen.values[0]
    partials = [Partial(HEADS, heads.astype(np.float32))]
    partials += [Partial(name, values) for name, values in found.items()]
    grid = Grid(part.kind, ("to candidates",), heads.sum(axis=-1)[None].astype(np.float64))
    return Result(
        ANALYSIS.name,
        grids=(grid,),
        tables={"candidates": Table(COLUMNS, _rows(capture, found))},
        partials=tuple(partials),
    )


def onto(weights: Floats, rows: Sequence[int], places: Sequence[Sequence[int]]) -> Doubles:
    """Return attention from a mention's tokens to each candidate's, [..., candidate]."""
    mean = weights[..., list(rows), :].mean(axis=-2, dtype=np.float64)
    sums: Doubles = np.stack([mean[..., list(own)].sum(axis=-1) for own in places], axis=-1)
    return sums


def _places(capture: Capture) -> list[list[int]]:
    tokens = capture.maps[0].queries
    return [covered(tokens, one.start, one.end) for one in capture.record.candidates]


def _scored(results: Results, places: Sequence[Sequence[int]]) -> dict[str, Doubles]:
    """Return what the attributions of the answer give each candidate."""
    known = {
        f"{name}.{one.name}": one
        for name in ("relevance", "saliency")
        if name in results
        for one in results[name].scores
    }
    named = {
        "relevance": "relevance.relevance",
        "saliency": "saliency.integrated_gradients",
    }
    return {way: _summed(known[name], places) for way, name in named.items() if name in known}


def _summed(scores: Scores, places: Sequence[Sequence[int]]) -> Doubles:
    return np.array([float(scores.values[list(own)].sum()) for own in places])


def _rows(capture: Capture, found: Mapping[str, Doubles]) -> tuple[tuple[Cell, ...], ...]:
    answer = capture.record.answer
    rows = []
    for at, candidate in enumerate(capture.record.candidates):
        values = (float(found[way][at]) if way in found else None for way in WAYS)
        means = "" if answer is None else "yes" if answer == candidate else "no"
        rows.append((candidate.text, *values, means))
    return tuple(rows)


ANALYSIS = FollowUp(
    name="mentions",
    title="Whom the pronoun looks at",
    about=(
        "From the mention to each candidate: attention as the mean over layers and heads, rollout "
        "over all layers, gradient-weighted relevance and integrated gradients of the model’s "
        "answer, and the model’s own choice between the candidates. A span gets the sum over its "
        "pieces."
    ),
    reading=(
        "Compare candidates within a column, never columns with each other: each has a unit of its "
        "own. Where ways to look disagree, none of them is the one that is right."
    ),
    limits=(
        "A pronoun that looks at a candidate need not be taken for it. Candidates of more pieces "
        "gather more attention, and near ones more than far ones. Relevance and saliency are of "
        "the model’s answer, which need not be about the mention at all."
    ),
    cite=(
        "Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828; "
        "Vig et al. 2020, Causal Mediation Analysis for Interpreting Neural NLP, "
        "https://arxiv.org/abs/2004.12265"
    ),
    fields=("mention", "candidates", "answer"),
    after=("relevance", "saliency", "choice"),
    compute=compute,
)
