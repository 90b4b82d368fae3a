"""Errors first: what models label otherwise than people did, and how often they agree.

The interval of an accuracy is Wilson's, "Probable Inference", 1927, JASA 22.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import punctuation
from typing import Any, cast

import numpy as np

from ..capture import Capture
from ..capture.words import owners, words_of
from ..corpus.labels import agrees, gold_words
from ..results.shapes import Cell, Finding, Result, Table
from .analysis import Comparison, Everything, Read, Results
from .saliency import METHODS

LEAST = 5
"""Texts from which on an accuracy gets an interval."""
STRONGEST = 3
"""Words that are named of a text."""
MARKS = punctuation + "“”‘’«»„…–—"
ACCURACY = ("model", "n", "right", "accuracy", "low", "high", "most_frequent")
CONFUSION = ("model", "labelled", "predicted", "texts")
RECORDS = (
    "model", "corpus", "record", "text", "labelled", "predicted", "probability", "right",
    "strongest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a text that people have labelled."""

    read: Read
    labelled: str
    predicted: str
    probability: float | None
    right: bool
    strongest: str

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return the answer as a row of RECORDS."""
        record = self.read.capture.record
        where = (self.read.model.name, self.read.corpus, record.id, record.text)
        right = "yes" if self.right else "no"
        return (
            *where, self.labelled, self.predicted, self.probability, right, self.strongest,
        )  # fmt: skip


def compute(everything: Everything) -> Result:
    """Return every labelled text as models answered it, wrong answers first, and how many agree.

    `records` has the wrong answers by falling probability, then the right ones by rising;
    `accuracy` a row a model, with the share that the most frequent label would reach; `confusion`
    how often a label got an answer. Empty where no label can be held against an answer.
    """
    answers = [
        answer for model in everything.models for answer in _answers(everything.reads(model))
    ]
    if not answers:
        return Result(ANALYSIS.name)
    names = dict.fromkeys(answer.read.model.name for answer in answers)
    own = {name: [one for one in answers if one.read.model.name == name] for name in names}
    rows = tuple(_accuracy(name, found) for name, found in own.items())
    confused = Counter((one.read.model.name, one.labelled, one.predicted) for one in answers)
    return Result(
        ANALYSIS.name,
        tables={
            "records": Table(RECORDS, tuple(one.row for one in sorted(answers, key=_order))),
            "accuracy": Table(ACCURACY, rows),
            "confusion": Table(CONFUSION, tuple((*k, n) for k, n in sorted(confused.items()))),
        },
        findings=tuple(map(_finding, rows)),
    )


def _answers(reads: Iterator[Read]) -> Iterator[Answer]:
    for read in reads:
        prediction, record = read.capture.prediction, read.capture.record
        right = agrees(record, prediction)
        if right is None:
            continue
        yield Answer(
            read,
            gold_words(record, prediction),
            _predicted(prediction),
            _probability(prediction),
            right,
            strongest_words(read.capture, read.results),
        )


def _predicted(prediction: dict[str, Any]) -> str:
    """Return the answer in words: a label, the labels that hold, or a value."""
    if "label" in prediction:
        return str(prediction["label"])
    if "holds" in prediction:
        return ", ".join(map(str, prediction["holds"])) or "no label"
    return ", ".join(f"{value:.2f}" for value in prediction.get("labels", {}).values())


def _probability(prediction: dict[str, Any]) -> float | None:
    score = prediction.get("score")
    return float(score) if "label" in prediction and isinstance(score, int | float) else None


def strongest_words(capture: Capture, results: Results) -> str:
    """Return the words that speak most for the answer by saliency, none where it is not known."""
    scores = results["saliency"].scores if "saliency" in results else ()
    named = {one.name: one.values for one in scores}
    method = next((name for name in METHODS if name in named), None)
    words = words_of(capture.record)
    if method is None or not words:
        return ""
    own = owners(capture.maps[0].queries, words)
    sums = np.zeros(len(words))
    np.add.at(sums, own[own >= 0], named[method][: len(own)][own >= 0])
    first = [at for at in np.argsort(-sums, kind="stable")[:STRONGEST] if sums[at] > 0]
    texts = (words[at].text for at in first)
    return ", ".join(text.strip(MARKS) or text for text in texts)


def _order(answer: Answer) -> tuple[bool, float]:
    sure = answer.probability if answer.probability is not None else 0.0
    return (answer.right, sure if answer.right else -sure)


def _accuracy(name: str, answers: Sequence[Answer]) -> tuple[Cell, ...]:
    n, right = len(answers), sum(one.right for one in answers)
    frequent = max(Counter(one.labelled for one in answers).values())
    low, high = interval(right, n) if n >= LEAST else (None, None)
    return name, n, right, right / n, low, high, frequent / n


def interval(right: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share."""
    from scipy.stats import binomtest

    found = binomtest(right, n).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _finding(row: tuple[Cell, ...]) -> Finding:
    name, n, right, accuracy, low, high, frequent = row
    n, right = cast(int, n), cast(int, right)
    accuracy, frequent = cast(float, accuracy), cast(float, frequent)
    wrong = "1 not" if n - right == 1 else f"{n - right} not"
    known = isinstance(low, float) and isinstance(high, float)
    return Finding(
        f"errors-{name}",
        f"{name} labels {right} of {n} texts as people did, {wrong}.",
        value=accuracy,
        n=n,
        interval=(low, high) if isinstance(low, float) and isinstance(high, float) else None,
        null=(frequent, frequent) if known else None,
        null_says="always the most frequent label" if known else "",
    )


ANALYSIS = Comparison(
    name="errors",
    title="Which texts are wrong",
    about=(
        "Every text with a label that a model can give, as each model answered it: wrong answers "
        "first, the surest on top. Beside each answer stand the words that speak most for it by "
        "integrated gradients."
    ),
    reading=(
        "Begin with the wrong answers that the model is sure of. Compare an accuracy with the "
        "share that always saying the most frequent label would reach."
    ),
    limits=(
        "A label is what somebody wrote down, and may be wrong itself. Few texts leave a wide "
        "interval, and texts of one group, and windows of one text, count one by one in it. The "
        "strongest words are those a method of attribution ranks first, which is no proof that "
        "they decide."
    ),
    cite="Wilson 1927, Probable Inference, https://doi.org/10.2307/2276774",
    fields=("label", "labels", "label_index", "words"),
    compute=compute,
)
