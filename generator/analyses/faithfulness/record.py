"""Faithfulness: does the answer change when the tokens that a method ranks first are erased?

DeYoung et al. 2020, "ERASER", section 4; Adebayo et al. 2018 for the randomised weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...array_types import Doubles, Floats, Indices
from ...capture import Capture
from ...results.shapes import Cell, Result, Table
from ...statistics.bootstrap import EDGES
from ...statistics.ranks import LEAST
from ..analysis import ASKED_FIELDS, RecordProbe
from ..attention_views import views
from ..relevance import of_answer
from ..saliency import left_out, unconverged
from .all_records import SAID, aggregate
from .orders import (
    OTHER_ORDERS,
    OTHER_SHARE,
    OTHER_TOKENS,
    RANDOM_ORDERS,
    eraser_mean,
    method_sizes,
    random_orders,
    random_sizes,
    size,
)
from .tables import (
    AOPC,
    ASKED,
    CHANCE,
    CURVES,
    ORDERED,
    OTHERWISE,
    PROBABLE,
    TABLES,
    TWIN,
    misread,
)

if TYPE_CHECKING:
    from ...models import LoadedModel
    from ...probes import ExplainedInput


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return `curves`, `aopc`, what was `asked`, and how far attributions depend on the `weights`.

    Comprehensiveness is how far the answer falls without the first k tokens of an order,
    sufficiency how far it falls with them alone; `aopc` has their means over k, and over the five
    bins of ERASER where all of them were asked. Orders are those of the methods of saliency,
    signed, and of the views of attention; integrals that did not converge are `left_out`. `random`
    has the same of RANDOM_ORDERS orders at random, a row an order, and `chance` what 95% of them
    give at each k. `otherwise` has a share of the text deleted where `asked` says masked, and back.
    """
    from ...probes import ExplainedInput, gradient_pass

    explained = ExplainedInput.of(loaded, capture)
    found = results.get("saliency")
    if explained is None or found is None or len(explained.content) < LEAST:
        return Result(ANALYSIS.name)
    places = list(explained.content)
    failed = unconverged(results)
    ranked: dict[str, Floats] = {
        scores.name: scores.values[places] for scores in found.scores if scores.name not in failed
    }
    ranked |= {name: shares[places] for name, shares in views(capture, results).items()}
    names = [name for name in ORDERED if name in ranked]
    n, tokens = len(places), len(explained.tokens)
    orders = np.array([np.argsort(-ranked[name], kind="stable") for name in names])
    chance = random_orders(explained.ids, n)
    ks = (method_sizes(n, tokens, len(names)), random_sizes(n, tokens))
    full = gradient_pass(explained).confidence
    (tried, drawn), texts = _falls(explained, (orders, chance), ks, full)
    target = explained.target
    rows = tuple(_otherwise(explained, names, (orders, chance), full))
    texts += len(rows)
    asked = (target.words, full, target.measure, explained.erased_by, len(drawn), texts)
    shared = [ks[0].index(k) for k in ks[1]]
    tables = {
        "asked": Table(ASKED, (asked,)),
        "curves": Table(CURVES, tuple(_curves(names, tried, ks[0], n))),
        "chance": Table(CHANCE, tuple(_chance(drawn, ks[1], n))),
        "aopc": Table(AOPC, tuple(aopc(names, tried[..., shared], eraser_mean(tried, ks[0], n)))),
        "random": Table(AOPC, tuple(aopc(range(len(drawn)), drawn, eraser_mean(drawn, ks[1], n)))),
        "weights": Table(TWIN, tuple(_twin(loaded, capture, explained, results))),
        **left_out(failed),
    }
    if rows:
        tables["otherwise"] = Table(OTHERWISE, rows)
    return Result(ANALYSIS.name, tables=tables)


def _falls(
    explained: ExplainedInput, orders: Sequence[Indices], ks: Sequence[Sequence[int]], full: float
) -> tuple[list[Doubles], int]:
    """Erase the first k of each of several `orders` [order, place], and all but these.

    Returns how far the answer falls, [order, side, k] for each of them, and how many different
    texts were asked about for it: each of them once.
    """
    from ...probes import answers

    content = np.array(explained.content)
    every = frozenset(map(int, content))

    def sides(order: Indices, ks: Sequence[int]) -> list[list[frozenset[int]]]:
        tops = [frozenset(map(int, content[order[:k]])) for k in ks]
        return [tops, [every - top for top in tops]]

    asked = [
        [sides(order, some) for order in those] for those, some in zip(orders, ks, strict=True)
    ]
    sets = dict.fromkeys(one for those in asked for both in those for side in both for one in side)
    given = answers(explained, list(sets), explained.erased_target.confidence)
    known = dict(zip(sets, given, strict=True))
    falls = [
        full - np.array([[[known[one] for one in side] for side in both] for both in those])
        for those in asked
    ]
    return falls, len(sets)


def _otherwise(
    explained: ExplainedInput, names: Sequence[str], orders: Sequence[Indices], full: float
) -> Iterator[tuple[Cell, ...]]:
    """Yield how far the answer falls when a share of the text is erased in the other manner.

    For each order that sentences are about, and for a few at random; nothing of a long text.
    """
    from ...probes import answers, otherwise

    said = [at for at, name in enumerate(names) if name in SAID]
    tried = [*orders[0][said], *orders[1][:OTHER_ORDERS]]
    other = otherwise(explained)
    if other is None or len(tried) * len(explained.tokens) > OTHER_TOKENS:
        return
    content = np.array(explained.content)
    k = size(OTHER_SHARE, len(content))
    sets = [frozenset(map(int, content[order[:k]])) for order in tried]
    given = answers(other, sets, other.erased_target.confidence)
    called: list[Cell] = [*(names[at] for at in said), *range(OTHER_ORDERS)]
    for name, value in zip(called, given, strict=True):
        yield name, other.erased_by, _short(full - float(value))


def aopc(names: Sequence[Cell], falls: Doubles, bins: Doubles | None) -> list[tuple[Cell, ...]]:
    """Return a row of AOPC for each order: means of `falls` [order, side, k] over k, and `bins`."""
    means = falls.mean(axis=-1)
    return [
        (name, *map(_short, means[at]), *((None, None) if bins is None else map(_short, bins[at])))
        for at, name in enumerate(names)
    ]


def _curves(
    names: Sequence[str], falls: Doubles, ks: Sequence[int], n: int
) -> list[tuple[Cell, ...]]:
    return [
        (name, k, *map(_short, (k / n, *falls[at, :, i])))
        for at, name in enumerate(names)
        for i, k in enumerate(ks)
    ]


def _chance(drawn: Doubles, ks: Sequence[int], n: int) -> list[tuple[Cell, ...]]:
    """Return a row of CHANCE for each k: mean and the middle 95% over the orders."""
    ends = np.concatenate([drawn.mean(axis=0)[None], np.quantile(drawn, EDGES, axis=0)])
    return [(k, *map(_short, (k / n, *ends[:, 0, i], *ends[:, 1, i]))) for i, k in enumerate(ks)]


def _short(value: float) -> float:
    """Return a number with six significant digits, all that float32 holds."""
    return float(f"{value:.6g}")


def _twin(
    loaded: LoadedModel, capture: Capture, explained: ExplainedInput, results: Mapping[str, Result]
) -> list[tuple[Cell, ...]]:
    """Return how far attributions agree with those of the same model with its weights shuffled."""
    from ...probes import ExplainedInput, gradients
    from ...probes.randomized_model import randomized_model

    places, rows = list(explained.content), list[tuple[Cell, ...]]()
    shuffled = ExplainedInput(randomized_model(loaded), capture, explained.target)
    other, found = gradients(shuffled), list(results["saliency"].scores)
    if "relevance" in results:
        other["relevance"] = of_answer(shuffled, capture)
        found += results["relevance"].scores
    for scores in found:
        if scores.name in other:
            pair = (np.abs(v[places]) for v in (scores.values, other[scores.name]))
            rows.append((scores.name, len(places), correlation(*pair)))
    return rows


def correlation(one: Floats, other: Floats) -> float | None:
    """Return Spearman's rank correlation, None where one side is flat."""
    from scipy.stats import spearmanr

    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(spearmanr(one, other).statistic)


ANALYSIS = RecordProbe(
    name="faithfulness",
    tables=TABLES,
    probable=PROBABLE,
    title="Faithfulness: erasing what a method ranks first",
    about=(
        "Tokens are erased in the order a method ranks them, and the model is asked again: "
        "replaced by the mask token where the model knows one, else deleted, or replaced by an "
        "unknown token where the answer is that of one place in the text. Comprehensiveness is "
        "how far the answer falls without the first 1, 5, 10, 20 and 50% of the tokens; "
        "sufficiency how far it falls with these alone. Both are means over these shares, once "
        "with equal numbers of tokens merged, once over all five as in ERASER. The longer a text, "
        "the fewer of them are erased at random: first without 1%, in the end 10% alone. The first "
        "mean is over these, for chance and for methods; the second stands where all are there."
    ),
    reading=(
        f"Grey is chance: the middle 95% of {RANDOM_ORDERS} random orders, each text with a seed "
        "of its own. A faithful order falls below the grey when its tokens are erased, and stays "
        "above it when they are kept. An order is better than chance where it costs the answer "
        "more than 48 random ones, the best of two methods than 49, of three than all. Beside "
        "this, the weights of the model are shuffled: an attribution that stays the same does not "
        "depend on the weights."
    ),
    limits=(
        "A text with holes is unlike any the model has read, so part of every fall is surprise, "
        "not evidence. In short texts several shares are the same number of tokens, and one token "
        "is much of the text. Deleting moves all later tokens."
    ),
    cite=(
        "DeYoung et al. 2020, ERASER, https://doi.org/10.18653/v1/2020.acl-main.408; "
        "Adebayo et al. 2018, Sanity Checks for Saliency Maps, https://arxiv.org/abs/1810.03292"
    ),
    compute=compute,
    misread=misread,
    aggregate=aggregate,
    version="6",
    fields=ASKED_FIELDS,
    after=("saliency", "relevance", "contrast", "smoothgrad", "complete_gradients"),
)
