"""What each head does in one text: numbers per layer and head.

Every one of them is also computed for uniform attention over the tokens a query may see: that is
what chance alone gives in the same text.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles, Floats, Mask
from ..capture import AttentionMap, Capture, masks
from ..results.shapes import Grid, Result, Table
from ..statistics import entropy as shannon
from .analysis import RecordAnalysis
from .working import ROWS, WORKING, working

METRICS = (
    "entropy",
    "confidence",
    "confidence_nospecial",
    "distance",
    "previous",
    "next",
    "self",
    "first",
    "delimiter",
    "punctuation",
    "induction",
    "duplicate",
    "sink_importance",
    "queries",
    "special",
    "rest",
    ROWS,
    *WORKING.values(),
)
SERVING = ("queries", "special", "rest", ROWS, *WORKING.values())
"""Metrics that are there for others: not told of a head."""
BLOCK = 4_000_000
"""How many weights are widened to float64 at a time."""


def entropy(weights: Floats, smooth: float = 0.0) -> Doubles:
    """Return the mean over queries of -sum a ln a in nats, from 0 to ln(keys), [layer, head].

    Clark et al. 2019. `weights` is [layer, head, query, key]; `smooth` mixes in that share of the
    uniform distribution.
    """
    mixed = weights * (1 - smooth) + smooth / weights.shape[-1] if smooth else weights
    result: Doubles = shannon.entropy(mixed).mean(axis=-1)
    return result


def confidence(weights: Floats) -> Doubles:
    """Return the mean over queries of the largest weight, in (0, 1], [layer, head]. Voita 2019."""
    result: Doubles = weights.max(axis=-1).mean(axis=-1, dtype=np.float64)
    return result


def confidence_nospecial(weights: Doubles, attention: AttentionMap) -> Doubles:
    """Return the confidence without special tokens, [layer, head].

    They are left out as queries and as keys and the rows renormalised, as Voita et al. 2019 leave
    out EOS. A row with nothing on other tokens is left out too; NaN when none remains.
    """
    rows, columns = ~masks.special(attention.rows), ~masks.special(attention.keys)
    inner = weights[:, :, rows][..., columns]
    if not inner.size:
        return np.full(weights.shape[:2], np.nan)
    sums = inner.sum(axis=-1)
    shares = np.divide(inner.max(axis=-1), sums, out=np.zeros_like(sums), where=sums > 0)
    return _quotient(shares.sum(axis=-1), (sums > 0).sum(axis=-1))


def sink_importance(weights: Doubles, allowed: Mask) -> Doubles:
    """Return the largest importance of any key, from 0 to 1, [layer, head].

    The importance of a key is the weight it receives divided by the number of queries that may
    see it (`allowed` [query, key]): n - k in causal attention (Gu et al. 2024), n in full.
    """
    received = weights.sum(axis=-2)
    shares = _quotient(received, allowed.sum(axis=0))
    largest: Doubles = np.max(shares, axis=-1, initial=0, where=received > 0)
    return largest


def patterns(attention: AttentionMap) -> dict[str, Doubles]:
    """Return what each linear metric multiplies the weights with, by name: [query, key].

    A metric is the sum of weights times pattern. Masses on kinds of tokens are means over all
    queries. `previous`, `next`, `self`, `first` are means over the queries that have such a key
    (`first` leaves out the first token), `induction` (the token after an earlier copy of the
    query) and `duplicate` (the earlier copies) over those with an earlier copy: Clark et al. 2019,
    Olsson et al. 2022. `distance` weighs by |query - key|: Vig & Belinkov 2019. A metric without
    any query is missing, as are those of position between two sequences.
    """
    queries, keys = attention.weights.shape[2:]
    columns = {
        "delimiter": masks.delimiter(attention.keys),
        "punctuation": masks.punctuation(attention.keys),
        "special": masks.special(attention.keys),
    }
    found = {name: np.tile(mask / queries, (queries, 1)) for name, mask in columns.items()}
    if attention.kind == "cross":
        return found
    behind = np.arange(queries)[:, None] - np.arange(keys)
    found["distance"] = np.abs(behind) / queries
    copies = masks.earlier_copies(attention.queries)
    pairs = {
        "previous": behind == 1,
        "next": behind == -1,
        "self": behind == 0,
        "first": (behind > 0) & (np.arange(keys) == 0),
        "induction": masks.after_copies(copies),
        "duplicate": copies,
    }
    counts = {name: int(mask.any(axis=1).sum()) for name, mask in pairs.items()}
    return found | {name: mask / counts[name] for name, mask in pairs.items() if counts[name]}


def metrics(weights: Floats, attention: AttentionMap, allowed: Mask) -> Doubles:
    """Return METRICS of `weights` [layer, head, query, key] as float64 [metric, layer, head].

    The tokens are those of `attention`; `allowed` [query, key] is what may be seen in all of
    these layers. NaN where a metric is undefined.
    """
    wide = weights.astype(np.float64, copy=False)
    linear = patterns(attention)
    flat = wide.reshape(*wide.shape[:2], -1)
    stacked = np.stack([pattern.ravel() for pattern in linear.values()], axis=-1)
    products = np.moveaxis(flat @ stacked, -1, 0)
    values = dict(zip(linear, products, strict=True)) | {
        "entropy": entropy(wide),
        "confidence": confidence(wide),
        "confidence_nospecial": confidence_nospecial(wide, attention),
        "queries": np.full(wide.shape[:2], float(wide.shape[2])),
    }
    values |= working(wide, attention)
    if attention.kind != "cross":
        values["sink_importance"] = sink_importance(wide, allowed)
    undefined = np.full(wide.shape[:2], np.nan)
    return np.stack([values.get(name, undefined) for name in METRICS])


def grid(attention: AttentionMap) -> Grid:
    """Return METRICS of every layer and head of one map, with uniform attention as the null."""
    values = np.empty((len(METRICS), attention.layers, attention.heads))
    null = np.empty(values.shape[:2])
    for layers, allowed in alike(attention):
        even = masks.uniform(allowed)[None, None]
        null[:, layers] = metrics(even, attention, allowed)[:, :, 0]
        size = max(1, BLOCK // attention.weights[0].size)
        for block in (layers[start : start + size] for start in range(0, len(layers), size)):
            values[:, block] = metrics(attention.weights[block], attention, allowed)
    return Grid(attention.kind, METRICS, values, null)


def compute(capture: Capture) -> Result:
    """Return one Grid per kind of map, and the special tokens each kind attends to."""
    grids = tuple(grid(attention) for attention in capture.maps)
    rows = [
        (attention.kind, token.text)
        for attention in capture.maps
        for token in dict.fromkeys(t for t in attention.keys if t.special)
    ]
    special = Table(("kind", "text"), tuple(dict.fromkeys(rows)))
    return Result(ANALYSIS.name, grids=grids, tables={"special": special})


def alike(attention: AttentionMap) -> Iterable[tuple[list[int], Mask]]:
    """Group the layers whose queries may see the same keys."""
    groups: dict[bytes, tuple[list[int], Mask]] = {}
    for layer in range(attention.layers):
        allowed = masks.visible(attention, layer)
        groups.setdefault(np.packbits(allowed).tobytes(), ([], allowed))[0].append(layer)
    return groups.values()


def _quotient(values: Doubles, counts: npt.NDArray[np.integer]) -> Doubles:
    """Return values / counts, NaN where a count is 0."""
    quotients: Doubles = np.full(np.broadcast_shapes(values.shape, counts.shape), np.nan)
    np.divide(values, counts, out=quotients, where=counts > 0)
    return quotients


ANALYSIS = RecordAnalysis(
    name="heads",
    title="What each head does here",
    about=(
        "Numbers for every layer and head, each the mean over the tokens that look: how widely a "
        "head spreads its weight, how far it looks, and how much of it goes to the token before, "
        "the token after, the token itself, the first token, delimiters, punctuation, and earlier "
        "copies of the same token. And two more facts: how much of it rests on special tokens (on "
        "the first token where there are none), and what is left without them, renormalised."
    ),
    reading=(
        "Entropy is in nats: 0 means one token, ln n means all n tokens alike. Distance is in "
        "tokens. The others are shares of attention, from 0 to 1. Beside each stands what "
        "uniform attention over the same tokens gives."
    ),
    limits=(
        "These numbers say where weight goes, not what it does. In short texts uniform attention "
        "already puts much on any one token, and the last tokens of a causal text are seen by "
        "few. Earlier copies and induction rest on the few tokens that come twice."
    ),
    cite=(
        "Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828; "
        "Vig & Belinkov 2019, https://doi.org/10.18653/v1/W19-4808; "
        "Voita et al. 2019, https://doi.org/10.18653/v1/P19-1580; "
        "Olsson et al. 2022, In-context Learning and Induction Heads, "
        "https://arxiv.org/abs/2209.11895; "
        "Gu et al. 2024, When Attention Sink Emerges in Language Models, "
        "https://arxiv.org/abs/2410.10781"
    ),
    compute=compute,
)
