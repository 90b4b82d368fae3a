"""Faithfulness: does the answer change when the tokens that a method ranks first are erased?

DeYoung et al. 2020, "ERASER", section 4; Adebayo et al. 2018 for the randomised weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...array_types import Floats, Indices
from ...capture import Capture
from ...results.shapes import Cell, Result, Table
from ...statistics.ranks import LEAST
from ..analysis import ASKED_FIELDS, RecordProbe
from ..attention_views import views
from ..relevance import of_answer
from ..saliency import steps_of
from .all_records import aggregate

if TYPE_CHECKING:
    from ...models import LoadedModel
    from ...probes import ExplainedInput

SHARES = (0.1, 0.5, 0.05, 0.2, 0.01)
"""How much of the text is erased or kept, in the order in which a long text gives them up from the
end; of a short text, some of these are the same."""
SEED = 0
FIRST = (
    "integrated_gradients", "relevance", "rollout", "random 0", "random 1", "attention",
    "gradient_x_input", "random 2", "random 3", "occlusion", "gradient",
)  # fmt: skip
"""Orders in the order in which they are tried; those at random stand for chance."""
ORDERS = 4
"""So many orders are always tried, and more where the questions allow it."""
QUESTIONS, TOKENS, LONG_QUESTIONS, LEAST_QUESTIONS = 36, 1024, 16, 8
"""At most so many questions, of so many tokens together, though about a long text no fewer than
the third: what it is asked costs a whole forward pass, what a short one is asked goes through in
batches. Steps of integrated gradients beyond the first ones are paid for from these, as far as the
last."""
STEP_QUESTIONS, LEAST_TOKENS = 3, 320
"""What a step costs, forward and back and alone, where questions go through together; and the
tokens of questions that a short text is asked in any case."""
CURVES = ("order", "k", "share", "comprehensiveness", "sufficiency")
ASKED = ("answer", "full", "measure")
AOPC = ("order", "comprehensiveness", "sufficiency")
TWIN = ("method", "n", "spearman")


def sizes(n: int, most: int = len(SHARES)) -> list[int]:
    """Return how many of n tokens are erased: ceil(share * n), equal ones merged, up to `most`."""
    every = dict.fromkeys(math.ceil(round(share * n, 9)) for share in SHARES)
    return sorted(list(every)[:most])


def questions(tokens: int, steps: int) -> int:
    """Return how many questions are asked about a text of so many tokens.

    `steps` are those that integrated gradients took.
    """
    from ...probes.gradients import STEPS

    asked = max(LONG_QUESTIONS, min(QUESTIONS, TOKENS // tokens))
    least = max(LEAST_QUESTIONS, min(LONG_QUESTIONS, LEAST_TOKENS // tokens))
    return max(least, asked - STEP_QUESTIONS * max(0, steps - STEPS))


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return `curves`, `aopc`, what was `asked`, and how far attributions depend on the `weights`.

    Comprehensiveness is how much less likely the answer is without the first k tokens of an
    order, sufficiency how much less likely with them alone; `aopc` has their means over k. Orders
    are those of the methods of saliency, signed, of the views of attention, and at random: as
    many of FIRST as the number of questions allows. A long text is asked about fewer shares.
    """
    from ...probes import ExplainedInput, gradient_pass

    explained = ExplainedInput.of(loaded, capture)
    found = results.get("saliency")
    if explained is None or found is None or len(explained.content) < LEAST:
        return Result(ANALYSIS.name)
    places = list(explained.content)
    ranked: dict[str, Floats] = {scores.name: scores.values[places] for scores in found.scores}
    ranked |= {name: shares[places] for name, shares in views(capture, results).items()}
    orders = {name: np.argsort(-v, kind="stable") for name, v in ranked.items()}
    random = np.random.default_rng(SEED)
    orders |= {n: random.permutation(len(places)) for n in FIRST if n.startswith("random")}
    known = {name: orders[name] for name in FIRST if name in orders}
    steps = sum(steps_of(results.get(name)) for name in ("saliency", "contrast"))
    asked = questions(len(explained.tokens), steps)
    ks = sizes(len(places), asked // (2 * ORDERS))
    tried = list(known.items())[: max(ORDERS, asked // (2 * len(ks)))]
    full = gradient_pass(explained).confidence
    curves = _curves(explained, dict(tried), ks, full)
    tables = {
        "asked": Table(ASKED, ((explained.target.words, full, explained.target.measure),)),
        "curves": Table(CURVES, tuple(curves)),
        "aopc": Table(AOPC, tuple(aopc(curves))),
        "weights": Table(TWIN, tuple(_twin(loaded, capture, explained, results))),
    }
    return Result(ANALYSIS.name, tables=tables)


def aopc(curves: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Return the mean comprehensiveness and sufficiency of each order over its k."""
    rows: list[tuple[Cell, ...]] = []
    for order in dict.fromkeys(row[0] for row in curves):
        numbers = np.array([row[3:] for row in curves if row[0] == order], dtype=np.float64)
        rows.append((order, *map(_short, numbers.mean(axis=0))))
    return rows


def _curves(
    explained: ExplainedInput, orders: Mapping[str, Indices], ks: Sequence[int], full: float
) -> list[tuple[Cell, ...]]:
    """Return a row of CURVES for each order and k; `full` is how likely the answer is."""
    from ...probes import answers

    content = np.array(explained.content)
    every, n = frozenset(map(int, content)), len(content)
    tops = {
        (name, k): frozenset(map(int, content[order[:k]]))
        for name, order in orders.items()
        for k in ks
    }
    sets = dict.fromkeys([*tops.values(), *(every - top for top in tops.values())])
    known = dict(
        zip(sets, answers(explained, list(sets), explained.target.confidence), strict=True)
    )
    return [
        (name, k, *map(_short, (k / n, full - known[top], full - known[every - top])))
        for (name, k), top in tops.items()
    ]


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
    title="Faithfulness: erasing what a method ranks first",
    about=(
        "Tokens are erased in the order a method ranks them, and the model is asked again: "
        "replaced by the mask token where the model knows one, else deleted, or replaced by an "
        "unknown token where the answer is that of one place in the text. Comprehensiveness is "
        "how much less likely the answer becomes without the first 1, 5, 10, 20 and 50% of the "
        "tokens; sufficiency how much less likely it is with these alone. Both are means over "
        "these shares; texts of more than 20 tokens, and those that took many steps of integrated "
        "gradients, are asked about fewer of them: first without 1%, then about 10 and 50% only, "
        "in the end about 10%."
    ),
    reading=(
        f"Grey is chance: random orders (seed {SEED}). A faithful order falls below the "
        "grey when its tokens are erased, and stays above it when they are kept. Beside this, the "
        "weights of the model are shuffled: an attribution that stays the same does not depend on "
        "what was learnt."
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
    aggregate=aggregate,
    version="4",
    fields=ASKED_FIELDS,
    after=("saliency", "relevance", "contrast", "smoothgrad", "complete_gradients"),
)
