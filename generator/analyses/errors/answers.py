"""What models answered to texts, labelled or not, as the report of errors counts it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from ...capture.answers import answer_score, answer_words
from ...capture.words import words_of
from ...corpus import Record
from ...corpus.labels import agrees, gives_value, gold, gold_words, label_names
from ...corpus.record import group_of
from ...results.shapes import Cell
from ..analysis import Everything, Read
from ..word_erasure.named import named_words

RECORDS = (
    "model", "corpus", "record", "text", "label", "predicted", "score", "right", "for", "against",
    "tags", "aspects", "words",
)  # fmt: skip
BETWEEN = "|"
RIGHT = {True: "yes", False: "no", None: None}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered to one text.

    `right` is None where nobody can tell. `shares` are the probabilities of a classifier whose
    labels exclude each other, by label; `held` and `wanted` the labels that hold each by itself;
    `off` how far a value lies from the one that people gave.
    """

    model: str
    corpus: str
    record: str
    text: str
    label: str
    predicted: str
    score: float | None
    right: bool | None
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    tags: tuple[str, ...]
    aspects: tuple[str, ...]
    words: int
    cluster: Hashable
    names: tuple[str, ...]
    shares: tuple[float, ...] = ()
    held: frozenset[str] | None = None
    wanted: frozenset[str] = frozenset()
    value: tuple[float, float] | None = None
    """Of a regression: the value that the model gave, and the one that people did."""

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return the answer as a row of RECORDS."""
        return (
            self.model, self.corpus, self.record, self.text, self.label, self.predicted,
            self.score, RIGHT[self.right], BETWEEN.join(self.speaks_for),
            BETWEEN.join(self.against), BETWEEN.join(self.tags), BETWEEN.join(self.aspects),
            self.words,
        )  # fmt: skip

    @property
    def off(self) -> float | None:
        """Return how far a value lies from the one that people gave."""
        return None if self.value is None else abs(self.value[0] - self.value[1])


def answers_of(everything: Everything) -> Iterator[Answer]:
    """Yield what classifiers answered to every text, one in memory at a time."""
    for model in everything.models:
        for read in everything.reads(model):
            if read.capture.prediction.get("task") == "classification":
                yield _answer(read)


def _answer(read: Read) -> Answer:
    prediction, record = read.capture.prediction, read.capture.record
    speaks_for, against = named_words(read.capture, read.results)
    names = label_names(prediction)
    several = "holds" in prediction
    return Answer(
        model=read.model.name,
        corpus=read.corpus,
        record=record.id,
        text=record.text,
        label=gold_words(record, prediction),
        predicted=answer_words(prediction),
        score=answer_score(prediction),
        right=agrees(record, prediction),
        speaks_for=speaks_for,
        against=against,
        tags=record.tags,
        aspects=tuple(dict.fromkeys(one.text for one in record.aspects)),
        words=len(words_of(record)),
        cluster=group_of(record) or (read.corpus, record.id),
        names=tuple(names),
        shares=() if several or not names else tuple(map(float, prediction["labels"].values())),
        held=frozenset(map(str, prediction["holds"])) if several else None,
        wanted=frozenset(names[one.at] for one in gold(record, names) if one)
        if several
        else frozenset(),
        value=_value(record, prediction),
    )


def _value(record: Record, prediction: dict[str, Any]) -> tuple[float, float] | None:
    """Return the value that a model gave and the one that people did, None without both."""
    score = answer_score(prediction)
    if not gives_value(prediction) or score is None or not record.label:
        return None
    try:
        return score, float(record.label)
    except ValueError:
        return None
