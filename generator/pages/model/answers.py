"""What a model was asked and what it answered, in the few numbers that open its page. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.labels import agrees, gold_words, label_names
from ...results.wording import listed
from ..errors import Confusion, of_unlabelled
from ..home import prediction_words
from ..reading_summary import RecordSummary

MISTAKES = 5
"""Texts answered otherwise than people did that the page names, the surest first."""
MOST = 8
"""Labels from which on no square of labels and answers is drawn, nor all of them named."""
CLASSIFIES = "classification"
TASKS = {
    CLASSIFIES: "It labels whole texts",
    "token-classification": "It labels every word",
    "question-answering": "It finds the answer to a question within a text",
    "masked-lm": "It guesses words that are hidden",
    "causal-lm": "It says which word comes next",
    "translation": "It translates",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that a model answered otherwise than people did."""

    url: str
    text: str
    label: str
    predicted: str
    score: float | None


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """What a model answered: counts of texts that people labelled, and of all by answer."""

    task: str
    labels: tuple[str, ...]
    right: int
    wrong: int
    given: tuple[tuple[str, int], ...]
    mistakes: tuple[Mistake, ...]
    square: Confusion | None
    unlabelled: str = ""
    """What it says of texts that nobody labelled."""

    @property
    def says(self) -> str:
        """Return what the model does, and how often as people did."""
        task = TASKS.get(self.task, "")
        named = listed([f"“{name}”" for name in self.labels], "or")
        if named and len(self.labels) <= MOST:
            task += f" as {named}"
        elif named:
            task += f", with {len(self.labels)} labels"
        judged = self.right + self.wrong
        if not judged:
            return f"{task}." if task else ""
        texts = "one text" if judged == 1 else f"{judged:,} texts"
        return f"{task}. Of {texts} that people labelled, it labels {self.right:,} as they did."


def model_answers(read: Sequence[RecordSummary]) -> ModelAnswers:
    """Return what is said of the answers to all texts that a model read."""
    tasks = [str(one.prediction.get("task", "none")) for one in read]
    judged = [(one, agrees(one.page.record, one.prediction)) for one in read]
    wrong = [one for one, right in judged if right is False]
    names = dict.fromkeys(name for one in read for name in label_names(one.prediction))
    said = Counter(words for one in read if (words := prediction_words(one.prediction)))
    few = 1 < len(said) <= MOST
    return ModelAnswers(
        task=next((task for task in tasks if task != "none"), "none"),
        labels=tuple(names),
        right=sum(right is True for _, right in judged),
        wrong=len(wrong),
        given=tuple(said.most_common()) if few else (),
        mistakes=tuple(map(_mistake, sorted(wrong, key=_sure)[:MISTAKES])),
        square=_square([one for one, right in judged if right is not None]),
        unlabelled=_unlabelled(read) if few else "",
    )


def _unlabelled(read: Sequence[RecordSummary]) -> str:
    """Say what it calls texts that have no label, if it classifies whole texts."""
    return of_unlabelled(
        "it",
        [
            prediction_words(one.prediction)
            for one in read
            if one.prediction.get("task") == CLASSIFIES
            and not gold_words(one.page.record, one.prediction)
        ],
    )


def _sure(one: RecordSummary) -> float:
    score = one.prediction.get("score")
    return -score if isinstance(score, int | float) else 0.0


def _mistake(one: RecordSummary) -> Mistake:
    score = one.prediction.get("score")
    return Mistake(
        one.page.url,
        one.page.record.text,
        gold_words(one.page.record, one.prediction),
        prediction_words(one.prediction),
        float(score) if isinstance(score, int | float) and "label" in one.prediction else None,
    )


def _square(judged: Sequence[RecordSummary]) -> Confusion | None:
    """Return how often texts with a label got an answer, None of many labels or of no text."""
    pairs = [
        (gold_words(o.page.record, o.prediction), prediction_words(o.prediction)) for o in judged
    ]
    labels = sorted({label for label, _ in pairs})
    said = list(dict.fromkeys([*labels, *sorted({answer for _, answer in pairs})]))
    if not pairs or len(said) > MOST:
        return None
    counts = Counter(pairs)
    rows = tuple((one, tuple(counts[one, answer] for answer in said)) for one in labels)
    return Confusion("", tuple(said), rows)
