"""Other ways of comparing attention with saliency in one text: with special tokens, by words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from ..array_types import Doubles, Floats, Indices
from ..capture import Capture
from ..capture.token_positions import answer_rows
from ..capture.words import owners, words_of
from ..results.shapes import Partial, Result
from ..statistics.ranks import LEAST
from .analysis import FollowUp, Results
from .saliency import methods

METHODS = ("integrated_gradients", "gradient_x_input")
SPECIAL = ("special tokens left out", "special tokens kept")
UNITS = ("pieces", "words")
WAYS = tuple(product(SPECIAL, UNITS))
MAXIMUM = "last_layer_maximum"
"""The last layer as its maximum over heads, where `last_layer` is their mean."""
NUMBERS = ("correlation", "places")


def compute(capture: Capture, results: Results) -> Result:
    """Return for each view of attention its rank correlation with saliency, in other ways.

    A Partial for each view and method, `<view>/<method>`: [way, NUMBERS], NaN where there is no
    order to compare.
    """
    if "anchors" not in results or "saliency" not in results:
        return Result(ANALYSIS.name)
    table = results["anchors"].tables.get("content")
    if table is None:
        return Result(ANALYSIS.name)
    inner = np.array([int(str(row[0])) for row in table.rows], dtype=np.intp)
    units = [_units(capture, inner, special, unit) for special, unit in WAYS]
    saliency = {one.name: one.values for one in methods(results) if one.name in METHODS}
    found = [
        Partial(f"{view}/{name}", np.array([_numbers(shares, values, own) for own in units]))
        for view, shares in _views(capture, results)
        for name, values in saliency.items()
        if len(values) == len(shares)
    ]
    return Result(ANALYSIS.name, partials=tuple(found))


def _views(capture: Capture, results: Results) -> Iterator[tuple[str, Doubles]]:
    for scores in results["anchors"].scores:
        yield scores.name, scores.values.astype(np.float64)
    part, rows = answer_rows(capture)
    yield MAXIMUM, part.weights[-1].max(axis=0)[rows].astype(np.float64).mean(axis=0)


def _units(capture: Capture, inner: Indices, special: str, unit: str) -> Indices:
    """Return what each token is a part of, [token]: a number from 0, -1 of what takes no part."""
    tokens = capture.maps[0].queries
    places = set(inner.tolist())
    if special == SPECIAL[1]:
        last = max(places, default=-1)
        first = [at for at, token in enumerate(tokens) if token.special]
        places |= {at for at in first if at <= last or not capture.maps[0].causal}
    of = np.arange(len(tokens))
    if unit == UNITS[1]:
        words = owners(tokens, words_of(capture.record))
        of = np.where(words >= 0, len(tokens) + words, of)
    found = np.full(len(tokens), -1, dtype=np.intp)
    chosen = np.array(sorted(places), dtype=np.intp)
    if chosen.size:
        found[chosen] = np.unique(of[chosen], return_inverse=True)[1]
    return found


def _numbers(shares: Doubles, saliency: Floats, own: Indices) -> tuple[float, float]:
    """Return the rank correlation of two views over the same units, and how many these are."""
    known = own[: len(shares)] >= 0
    count = int(own.max(initial=-1)) + 1
    sums = [
        np.bincount(own[: len(shares)][known], values[known].astype(np.float64), count)
        for values in (shares, saliency)
    ]
    one, other = sums[0], np.abs(sums[1])
    if count < LEAST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan"), float("nan")
    from scipy.stats import rankdata

    ranks = [rankdata(values) - (count + 1) / 2 for values in (one, other)]
    lengths = [float(np.linalg.norm(values)) for values in ranks]
    return float(ranks[0] @ ranks[1]) / (lengths[0] * lengths[1]), float(count)


ANALYSIS = FollowUp(
    name="ways",
    title="Other ways of comparing attention with saliency",
    about=(
        "The rank correlations of attention and saliency once more: with special tokens and "
        "without, over pieces and over whole words, for two methods of saliency."
    ),
    reading="What holds in one way alone hangs on that way. The strip beside a verdict counts.",
    limits="Ways that ask the model again, such as another method of erasing, take no part.",
    cite=(
        "Neely et al. 2021, Order in the Court: Explainable AI Methods Prone to Disagreement, "
        "https://arxiv.org/abs/2105.03287"
    ),
    compute=compute,
    after=("anchors", "saliency"),
    fields=("words", "mention"),
)
