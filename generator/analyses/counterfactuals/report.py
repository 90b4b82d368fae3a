"""Counterfactuals: what becomes of answer, attention and rollout when a text is changed a little.

Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList".
"""

from __future__ import annotations

import numpy as np

from ...results.shapes import Cell, Finding, Result, Table
from ...results.wording import counted
from ...statistics.clusters import share_interval
from ..analysis import Comparison, Everything
from .checks import CHECKS, checks
from .pairs import GUESS, LABEL, NEXT, PAIRS, ChangedPair, pairs_of

MOVED = {
    LABEL: "the answer of {model}",
    GUESS: "the word that {model} guesses",
    NEXT: "the token that {model} expects next",
}
"""What a change to a text may change, by the kind of answer. A text of its own has to change."""
MODELS = ("model", "pairs", "answered", "flips", "moved", "attention", "rollout")


def compute(everything: Everything) -> Result:
    """Return every pair of texts of one group, and what moved.

    `pairs` has them, `models` sums them up, and `checks` has what can be expected of them.

    Pairs are the first text of a group and each other variant. Small changes come before others,
    of these the ones whose answer flips, then those whose answer moves most, then those whose
    attention does. Empty where no two texts form a pair.
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


def _order(pair: ChangedPair) -> tuple[bool, bool, float, float]:
    moved, looked = (
        -(value if isinstance(value, float) else 0.0)
        for value in (pair["moved"], pair["attention"])
    )
    return not pair.small, pair["flips"] != "yes", moved, looked


def _summary(name: str, pairs: list[ChangedPair]) -> tuple[Cell, ...]:
    flips = [pair["flips"] for pair in pairs]
    means = (_mean(pairs, column) for column in ("moved", "attention", "rollout"))
    answered = sum(flip != "" for flip in flips)
    return (name, len(pairs), answered, sum(flip == "yes" for flip in flips), *means)


def _mean(pairs: list[ChangedPair], column: str) -> float | None:
    values = [pair[column] for pair in pairs]
    known = [value for value in values if isinstance(value, float)]
    return float(np.mean(known)) if known else None


def _finding(name: str, pairs: list[ChangedPair]) -> Finding | None:
    """Say how many small changes change the answer; of larger ones where there are no small."""
    answered = [pair for pair in pairs if pair["kind"] in MOVED]
    told = [pair for pair in answered if pair.small] or answered
    if not told:
        return None
    flips = sum(pair["flips"] == "yes" for pair in told)
    clusters = len({pair.cluster for pair in told})
    size = f"{'small' if told[0].small else 'larger'} change"
    does = f"change{'' if flips > 1 else 's'} {MOVED[str(told[0]['kind'])].format(model=name)}"
    return Finding(
        id=f"counterfactuals-{name}",
        key="counterfactuals",
        model=name,
        statement=f"Of {counted(len(told), size)} to a text, {flips or 'none'} {does}.",
        value=flips / len(told),
        n=len(told),
        interval=share_interval(flips / len(told), clusters),
        clusters=clusters,
    )


ANALYSIS = Comparison(
    name="counterfactuals",
    title="What a small change does",
    about=(
        "Two texts stand side by side that differ in a little: a pronoun, a word or two, a comma. "
        "Does the answer change with it, and how far do attention and rollout move?"
    ),
    reading=(
        "Pairs whose answer changes come first. Attention and rollout have moved by 0% where every "
        "word that both texts have looks as before, by 100% where nothing is left in common. An "
        "answer may move without attention, and attention without the answer."
    ),
    limits=(
        "Whether an answer should change is for you to say: a changed word may change what is "
        "true. Texts that have less than half of their words in common are no small change: they "
        "stand apart, and count only where there are no others. "
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
