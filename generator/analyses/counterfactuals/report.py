"""Counterfactuals: what becomes of answer, attention and rollout when a text is changed a little.

Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList".
"""

from __future__ import annotations

import numpy as np

from ...results.shapes import Cell, Finding, Result, Table
from ...statistics.clusters import share_interval
from ..analysis import Comparison, Everything
from .checks import CHECKS, checks
from .pairs import GUESS, LABEL, NEXT, PAIRS, WRITTEN, Pair, pairs_of

DOES = {
    LABEL: "changes its answer",
    GUESS: "guesses another word",
    NEXT: "expects another token next",
    WRITTEN: "writes another translation",
}
MODELS = ("model", "pairs", "answered", "flips", "moved", "attention", "rollout")


def compute(everything: Everything) -> Result:
    """Return every pair of texts of one group, and what moved.

    `pairs` has them, `models` sums them up, and `checks` has what can be expected of them.

    Pairs are the first text of a group and each other variant. Those whose answer flips come
    first, then those whose answer moves most, then those whose attention does. Empty where no two
    texts form a pair.
    """
    rows = {model.name: [*pairs_of(everything.reads(model))] for model in everything.models}
    rows = {name: sorted(found, key=_order) for name, found in rows.items() if found}
    if not rows:
        return Result(ANALYSIS.name)
    checked = tuple(row for name, found in rows.items() for row in checks(name, found))
    return Result(
        ANALYSIS.name,
        tables={
            "pairs": Table(PAIRS, tuple(one.row for found in rows.values() for one in found)),
            "models": Table(MODELS, tuple(_summary(name, found) for name, found in rows.items())),
            "checks": Table(CHECKS, checked),
        },
        findings=tuple(
            said for name, found in rows.items() if (said := _finding(name, found)) is not None
        ),
    )


def _order(pair: Pair) -> tuple[bool, float, float]:
    moved, looked = (
        -(value if isinstance(value, float) else 0.0)
        for value in (pair["moved"], pair["attention"])
    )
    return pair["flips"] != "yes", moved, looked


def _summary(name: str, pairs: list[Pair]) -> tuple[Cell, ...]:
    flips = [pair["flips"] for pair in pairs]
    means = (_mean(pairs, column) for column in ("moved", "attention", "rollout"))
    answered = sum(flip != "" for flip in flips)
    return (name, len(pairs), answered, sum(flip == "yes" for flip in flips), *means)


def _mean(pairs: list[Pair], column: str) -> float | None:
    values = [pair[column] for pair in pairs]
    known = [value for value in values if isinstance(value, float)]
    return float(np.mean(known)) if known else None


def _finding(name: str, pairs: list[Pair]) -> Finding | None:
    _, _, answered, flips, *_ = _summary(name, pairs)
    if not isinstance(answered, int) or not isinstance(flips, int) or not answered:
        return None
    told = [pair for pair in pairs if pair["flips"]]
    clusters = len({pair.cluster for pair in told})
    does = DOES[str(told[0]["kind"])]
    return Finding(
        id=f"counterfactuals-{name}",
        key="counterfactuals",
        model=name,
        statement=f"{name} {does} in {flips} of {answered} pairs of texts of one group.",
        value=flips / answered,
        n=answered,
        interval=share_interval(flips / answered, clusters),
        clusters=clusters,
    )


ANALYSIS = Comparison(
    name="counterfactuals",
    title="What a small change does",
    about=(
        "Does the answer flip, and how far do it, attention and rollout move? Asked of two texts "
        "of one group, which mostly differ in one thing: a pronoun, a word or a comma."
    ),
    reading=(
        "Pairs whose answer flips come first. Attention and rollout have moved by 0% where every "
        "word that both texts have looks as before, by 100% where nothing is left in common. An "
        "answer may move without attention, and attention without the answer."
    ),
    limits=(
        "Whether an answer should flip is for you to say: a changed word may change what is true. "
        "Pairs made by a rule may read oddly. Attention that moved with an answer is no proof that "
        "it moved the answer."
    ),
    cite=(
        "Ribeiro et al. 2020, Beyond Accuracy: Behavioral Testing of NLP Models with CheckList, "
        "https://doi.org/10.18653/v1/2020.acl-main.442"
    ),
    fields=("variant",),
    compute=compute,
)
