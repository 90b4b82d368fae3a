"""The model's own choice: whom it takes the mention for, which pronoun it expects, what it answers.

Trinh & Le 2018; Kocijan et al. 2019; computed in `probes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Doubles
from ..capture import Capture
from ..results.columns import SHARE, Columns, Maybe, Tables, Words
from ..results.shapes import Cell, Partial, Result, Table
from .analysis import ASKED_FIELDS, RecordProbe

if TYPE_CHECKING:
    from ..models import LoadedModel

CHOICE = ("asked", "option", "share", "untrained")
WHO, PRONOUN, ANSWER = "who is meant", "pronoun", "answer"
TABLES: Tables = {
    "choice": Columns(
        {
            "asked": Words((WHO, PRONOUN, ANSWER)),
            "option": Words(),
            "share": SHARE,
            "untrained": Maybe(SHARE),
        },
        optional=True,
    )
}
UNTRAINED_HEADS = "heads of untrained copies"
Options = tuple[tuple[str, ...], Doubles]


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return what a model chooses between, and what two untrained copies make of the same.

    A Partial each for `who is meant`, `pronoun` and `answer`, [1 + copies, option], shares that
    sum to 1 over the options but for labels that hold each by itself; the table `choice` names
    them. `heads of untrained copies` is their attention from the mention, [copy, layer, head,
    candidate]. Empty for a record with neither mention nor group.
    """
    if capture.record.mention is None and capture.record.group is None:
        return Result(ANALYSIS.name)
    from ..probes.untrained import untrained_models

    copies = untrained_models(loaded)
    found = []
    for name, ask in ASKED.items():
        own = ask(loaded, capture)
        if own is None:
            continue
        others = [other[1] for copy in copies if (other := ask(copy, capture)) is not None]
        found.append(Partial(name, np.stack([own[1], *others]), own[0]))
    rows = tuple(row for one in found for row in _rows(one))
    found += _looked(copies, capture)
    tables = {"choice": Table(CHOICE, rows)} if rows else {}
    return Result(ANALYSIS.name, tables=tables, partials=tuple(found))


def _looked(copies: Sequence[LoadedModel], capture: Capture) -> list[Partial]:
    """Return where the copies look from the mention, [copy, layer, head, candidate]."""
    from ..probes.candidates import attention_to_candidates

    looks = [attention_to_candidates(copy, capture) for copy in copies]
    known = [one for one in looks if one is not None]
    return [Partial(UNTRAINED_HEADS, np.stack(known).astype(np.float32))] if known else []


def _rows(found: Partial) -> Iterator[tuple[Cell, ...]]:
    for at, option in enumerate(found.labels):
        own, *others = (float(one) for one in found.values[:, at])
        yield found.name, option, own, float(np.mean(others)) if others else None


def _who(loaded: LoadedModel, capture: Capture) -> Options | None:
    from ..probes.candidates import candidate_scores

    scores = candidate_scores(loaded, capture)
    if scores is None or not np.isfinite(scores).all():
        return None
    shares = np.exp(scores - scores.max())
    return tuple(one.text for one in capture.record.candidates), shares / shares.sum()


def _pronoun(loaded: LoadedModel, capture: Capture) -> Options | None:
    from ..probes.candidates import pronoun_shares

    if loaded.task not in ("causal-lm", "masked-lm"):
        return None
    found = pronoun_shares(loaded, capture)
    return None if found is None else (found[0], np.array([found[1], 1 - found[1]]))


def _answer(loaded: LoadedModel, capture: Capture) -> Options | None:
    from ..probes.candidates import label_probabilities

    if "labels" not in capture.prediction or len(capture.prediction["labels"]) < 2:
        return None
    if capture.prediction["problem_type"] == "regression":
        return None
    return tuple(capture.prediction["labels"]), label_probabilities(loaded, capture)


ASKED: dict[str, Callable[[LoadedModel, Capture], Options | None]] = {
    WHO: _who,
    PRONOUN: _pronoun,
    ANSWER: _answer,
}

ANALYSIS = RecordProbe(
    name="choice",
    tables=TABLES,
    title="What the model itself chooses",
    about=(
        "Beside what attention shows: whom the model itself takes a mention for. Each candidate is "
        "put in the mention’s place: a decoder is asked how likely the rest of the sentence then "
        "is, a model that fills masks how likely the candidate is there. Of a gendered pronoun: "
        "how likely it is against its counterpart in that place. A classifier gives its labels. "
        "Two copies of the model with fresh weights are asked the same."
    ),
    reading=(
        "Shares of the options that are compared add up to one. A choice that the untrained copies "
        "make, too, need owe nothing to what was learnt."
    ),
    limits=(
        "Replacing a pronoun by a noun changes the sentence. Long candidates are likelier or less "
        "likely for their length alone, which the mean over tokens only softens. One text proves "
        "nothing."
    ),
    cite=(
        "Trinh & Le 2018, A Simple Method for Commonsense Reasoning, "
        "https://arxiv.org/abs/1806.02847; Kocijan et al. 2019, A Surprisingly Robust Trick for "
        "the Winograd Schema Challenge, https://doi.org/10.18653/v1/P19-1478"
    ),
    fields=(*ASKED_FIELDS, "candidates", "group"),
    compute=compute,
)
