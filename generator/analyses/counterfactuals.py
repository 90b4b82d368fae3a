"""Counterfactuals: what becomes of answer, attention and rollout when a text is changed a little.

Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..array_types import Doubles
from ..capture import Capture
from ..capture.words import owners, to_words, words_of
from ..results.shapes import Cell, Finding, Result, Table
from .analysis import Comparison, Everything, Read
from .context.pairs import divergence, partition, shared
from .rollout import normalised, rollout

PAIRS = (
    "model", "corpus", "group", "first_variant", "second_variant", "first_record",
    "second_record", "first_text", "second_text", "first_answer", "second_answer", "first_share",
    "second_share", "moved", "flips", "attention", "rollout",
)  # fmt: skip
MODELS = ("model", "pairs", "answered", "flips", "moved", "attention", "rollout")
Answer = tuple[str, Mapping[str, float]]
"""What a model said, and how likely each thing was that it could have said."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of the first text of a group until its partners come by.

    `rows` is attention between words [layer, head, word, word] and `rolled` the rollout over all
    layers, [word, word]; rows sum to 1.
    """

    read: Read
    answer: Answer | None
    words: tuple[str, ...]
    rows: Doubles
    rolled: Doubles


def compute(everything: Everything) -> Result:
    """Return every pair of texts that differ in one thing, and what moved; `pairs` and `models`.

    Pairs are the first text of a group and each other variant. Those whose answer flips come
    first, then those whose answer moves most. Empty where no two texts form a pair.
    """
    rows = {model.name: [*_pairs(everything.reads(model))] for model in everything.models}
    rows = {name: sorted(found, key=_order) for name, found in rows.items() if found}
    if not rows:
        return Result(ANALYSIS.name)
    return Result(
        ANALYSIS.name,
        tables={
            "pairs": Table(PAIRS, tuple(row for found in rows.values() for row in found)),
            "models": Table(MODELS, tuple(_summary(name, found) for name, found in rows.items())),
        },
        findings=tuple(
            said for name, found in rows.items() if (said := _finding(name, found)) is not None
        ),
    )


def _pairs(reads: Iterator[Read]) -> Iterator[tuple[Cell, ...]]:
    waiting: dict[tuple[str, str], Seen] = {}
    for read in reads:
        record = read.capture.record
        if not record.group or not record.variant:
            continue
        place = (read.corpus, record.group)
        first = waiting.get(place)
        if first is None:
            waiting[place] = _seen(read)
        elif first.read.capture.record.variant != record.variant:
            yield _row(first, _seen(read))


def _seen(read: Read) -> Seen:
    capture = read.capture
    part = next(one for one in capture.maps if one.kind in ("self", "encoder"))
    words = words_of(capture.record)
    at = owners(part.queries, words), owners(part.keys, words)
    rolled = to_words(rollout(part.weights)[-1], *at, len(words))
    rows = to_words(part.weights, *at, len(words))
    names = tuple(word.text.casefold() for word in words)
    both = (normalised(np.nan_to_num(one)) for one in (rows, rolled))
    own = Read(read.model, read.corpus, _small(capture), {})
    return Seen(own, _answer(capture.prediction), names, *both)


def _small(capture: Capture) -> Capture:
    """Return the capture without its maps, which are large."""
    return replace(capture, maps=())


def _answer(said: Mapping[str, Any]) -> Answer | None:
    """Return what a model said of a text; None where it says nothing that could flip."""
    if "label" in said:
        return str(said["label"]), {name: float(p) for name, p in said["labels"].items()}
    if "holds" in said:
        return ", ".join(map(str, said["holds"])) or "no label", {}
    for top in (said["masked"][0]["top"] if said.get("masked") else (), said.get("next", ())):
        if top:
            shares = {str(one["text"]).strip(): float(one["score"]) for one in top}
            return str(top[0]["text"]).strip(), shares
    return (str(said["text"]), {}) if "text" in said else None


def _row(first: Seen, second: Seen) -> tuple[Cell, ...]:
    one, other = first.read.capture.record, second.read.capture.record
    start = (first.read.model.name, first.read.corpus, one.group, one.variant, other.variant)
    where = (one.id, other.id, one.text, other.text)
    maps = (_moved(first, second, "rows"), _moved(first, second, "rolled"))
    return (*start, *where, *_answers(first.answer, second.answer), *maps)


def _answers(one: Answer | None, other: Answer | None) -> tuple[Cell, ...]:
    if one is None or other is None:
        return "", "", None, None, None, ""
    before, after = (said[1].get(one[0]) for said in (one, other))
    moved = None if before is None or after is None else abs(after - before)
    return one[0], other[0], before, after, moved, "yes" if one[0] != other[0] else "no"


def _moved(first: Seen, second: Seen, what: str) -> float | None:
    """Return how far the rows of words that both texts have differ, from 0 to 1, on average.

    Compared on what both have; all else is put together. The Jensen-Shannon divergence in bits.
    """
    common, columns = shared((first.words, second.words)), (len(first.words), len(second.words))
    one, other = getattr(first, what), getattr(second, what)
    found = [
        divergence(one[..., i, :], other[..., j, :], partition(columns, common, (i, j))).mean()
        for i, j in common
    ]
    return float(np.mean(found) / np.log(2)) if found else None


def _order(row: tuple[Cell, ...]) -> tuple[bool, float]:
    moved = row[PAIRS.index("moved")]
    return row[PAIRS.index("flips")] != "yes", -(moved if isinstance(moved, float) else 0.0)


def _summary(name: str, rows: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    flips = [row[PAIRS.index("flips")] for row in rows]
    means = (_mean(rows, column) for column in ("moved", "attention", "rollout"))
    answered = sum(flip != "" for flip in flips)
    return (name, len(rows), answered, sum(flip == "yes" for flip in flips), *means)


def _mean(rows: list[tuple[Cell, ...]], column: str) -> float | None:
    values = [row[PAIRS.index(column)] for row in rows]
    known = [value for value in values if isinstance(value, float)]
    return float(np.mean(known)) if known else None


def _finding(name: str, rows: list[tuple[Cell, ...]]) -> Finding | None:
    _, _, answered, flips, *_ = _summary(name, rows)
    if not isinstance(answered, int) or not isinstance(flips, int) or not answered:
        return None
    return Finding(
        id=f"counterfactuals-{name}",
        statement=f"{name} changes its answer in {flips} of {answered} pairs of like texts.",
        value=flips / answered,
        n=answered,
    )


ANALYSIS = Comparison(
    name="counterfactuals",
    title="What a small change does",
    about=(
        "Two texts that differ in one thing, such as a pronoun, a word or a comma: whether the "
        "answer flips, how far it moves, and how far attention and rollout move with it."
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
