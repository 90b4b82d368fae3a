"""Value-weighted norms: how much of each token a head hands on, which attention alone cannot say.

Kobayashi et al. 2020. Caught in `capture`, in one more pass over the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, get_args

import numpy as np

from ...array_types import Doubles, Mask, Singles
from ...capture import AttentionMap, Capture, Kind
from ...capture.masks import special, visible
from ...results.columns import SHARE, Columns, Maybe, Number, Tables, Words
from ...results.shapes import Cell, Matrix, Result, Table
from ..analysis import RecordProbe
from .all_records import SHARES, aggregate

if TYPE_CHECKING:
    from ...models import LoadedModel

FEWEST = 3
"""Tokens below which no order is compared."""


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return for each kind the norms of heads and of their sum, and the table `shares`.

    Norms are [layer, head, query, key]: the length of alpha f(x), where f(x) = (x W_V + b_V) W_O
    of that head; `summed` [layer, query, key] is the length of the sum over heads. That all alpha
    f(x) add up to the output of the layer's projection, less its bias, is checked on every run:
    ValueError where they do not, and where the model cannot be looked into. `shares` has for each
    layer what special tokens (the first token where there are none) get of the attention and of
    the norms, and the rank correlation of attention with the length of f(x).
    """
    from ...capture.layers import LayerFile
    from ...capture.norms import value_norms
    from ...probes import inputs_of

    file = LayerFile()
    heads, summed = value_norms(loaded.model, inputs_of(loaded, capture), file)
    matrices: list[Matrix] = []
    rows: list[tuple[Cell, ...]] = []
    for part in capture.maps:
        of_heads = file.stack(heads[part.kind], 0)
        of_all = file.stack(summed[part.kind], 0)[:, 0]
        matrices += [Matrix(part.kind, of_heads), Matrix(part.kind, of_all, "summed")]
        rows += shares(part, of_heads, of_all)
    tables = {"shares": Table(SHARES, tuple(rows))} if rows else {}
    return Result(ANALYSIS.name, matrices=tuple(matrices), tables=tables)


def shares(part: AttentionMap, heads: Singles, summed: Singles) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of SHARES for each layer of a map: means over its heads and queries.

    Queries count that may see a token of the group and one that is not of it.
    """
    group, name = special(part.keys), "special tokens"
    if not group.any() and part.kind != "cross":
        group[0], name = True, "the first token"
    if group.all() or not group.any():
        return
    for layer in range(part.layers):
        seen = visible(part, layer)
        rows = seen[:, group].any(axis=1) & seen[:, ~group].any(axis=1)
        if not rows.any():
            continue
        weights = part.weights[layer]
        found = [_share(values[..., rows, :], group) for values in (weights, heads[layer])]
        found += [_share(summed[layer][rows], group), _correlation(weights, heads[layer], seen)]
        yield (part.kind, layer, name, *map(_short, found))


def _share(values: Singles, group: Mask) -> float:
    """Return the share of each row [..., key] that lies on a group of keys, mean over rows."""
    whole = values.sum(axis=-1, dtype=np.float64)
    part = values[..., group].sum(axis=-1, dtype=np.float64)
    return float((part[whole > 0] / whole[whole > 0]).mean()) if (whole > 0).any() else np.nan


def lengths(weights: Singles, norms: Singles) -> Doubles:
    """Return the length of f(x), [head, key], NaN for keys that nothing looks at.

    From where the weight of a key [head, query, key] is largest.
    """
    place = weights.argmax(axis=1)[:, None]
    most = np.take_along_axis(weights, place, axis=1)[:, 0].astype(np.float64)
    norm = np.take_along_axis(norms, place, axis=1)[:, 0]
    return np.divide(norm, most, out=np.full_like(most, np.nan), where=most > 0)


def _correlation(weights: Singles, norms: Singles, seen: Mask) -> float:
    """Return Spearman's correlation of attention with the length of f(x), mean over heads.

    Over the keys of a head: the weight a key gets on average, from queries that may see it.
    """
    from scipy.stats import spearmanr

    received = weights.sum(axis=1, dtype=np.float64) / np.maximum(seen.sum(axis=0), 1)
    found = []
    for one, other in zip(received, lengths(weights, norms), strict=True):
        known = ~np.isnan(other)
        pair = one[known], other[known]
        if known.sum() >= FEWEST and min(map(np.ptp, pair)) > 0:
            found.append(float(spearmanr(*pair).statistic))
    return float(np.mean(found)) if found else np.nan


def _short(value: float) -> float | None:
    """Return a number with six significant digits, None where it is undefined."""
    return None if np.isnan(value) else float(f"{value:.6g}")


TABLES: Tables = {
    "shares": Columns(
        {
            "kind": Words(get_args(Kind)),
            "layer": Number(0, whole=True),
            "group": Words(),
            **dict.fromkeys(SHARES[3:6], SHARE),
            "rank correlation": Maybe(Number(-1, 1)),
        },
        optional=True,
        unique=("kind", "layer"),
    )
}
ANALYSIS = RecordProbe(
    name="norms",
    tables=TABLES,
    title="Norms: how much of each token a head hands on",
    about=(
        "A head does not hand on tokens but vectors f(x), made from them by its value and output "
        "weights, each times its attention weight α. The length of αf(x) says how much of a token "
        "arrives. A token with much attention and a short vector hands on little."
    ),
    reading=(
        "Where a token has much attention and a small norm, the head rests there rather than "
        "reads. Norms of one layer may be compared with each other, over all its heads. Summed "
        "over heads before the length is taken, vectors that point apart cancel out."
    ),
    limits=(
        "A long vector may still be of no use to what comes after, and the residual stream, which "
        "carries each token on by itself, is not counted. Models in which attention is no "
        "function of its own (BLOOM, MPT, DeBERTa and others) are left out."
    ),
    cite=(
        "Kobayashi et al. 2020, Attention is Not Only a Weight: Analyzing Transformers with "
        "Vector Norms, https://doi.org/10.18653/v1/2020.emnlp-main.574"
    ),
    compute=compute,
    aggregate=aggregate,
    optional=True,
)
