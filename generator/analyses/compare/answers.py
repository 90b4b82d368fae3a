"""Answers of two models to the same texts: fixed, broken, changed; and whether that is luck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...corpus.labels import agrees, gold_words
from ...results.levels import PROBABILITY, Claim, Side
from ...results.shapes import Cell, Finding
from ...statistics.paired import PairedMean, paired_mean
from .together import Both

ANSWERS = (
    "model", "other_model", "corpus", "record", "text", "labelled", "answer", "other_answer",
    "probability", "other_probability", "change",
)  # fmt: skip
ORDER = ("broken", "fixed", "changed", "same")


@dataclass(frozen=True, slots=True)
class Answers:
    """What two classifiers said of one text; `moved` is the second’s accuracy less the first’s."""

    row: tuple[Cell, ...]
    change: str
    moved: int | None
    cluster: tuple[str, str]


def answers_of(both: Both) -> Answers | None:
    """Return both answers, None where the models do not choose among the same labels."""
    said = [read.capture.prediction for read in (both.one, both.other)]
    if not all("label" in one for one in said) or {*said[0]["labels"]} != {*said[1]["labels"]}:
        return None
    record = both.one.capture.record
    right = [agrees(record, one) for one in said]
    change = _change(said, right)
    label = str(said[0]["label"])
    before, after = (float(one["labels"][label]) for one in said)
    gold = "" if right[0] is None else gold_words(record, said[0])
    names = (both.one.model.name, both.other.model.name, both.one.corpus, record.id, record.text)
    words = (gold, label, str(said[1]["label"]))
    row: tuple[Cell, ...] = (*names, *words, before, after, change)
    known = right[0] is not None and right[1] is not None
    moved = int(bool(right[1])) - int(bool(right[0])) if known else None
    return Answers(row, change, moved, both.cluster)


def _change(said: Sequence[dict[str, Any]], right: Sequence[bool | None]) -> str:
    if said[0]["label"] == said[1]["label"]:
        return "same"
    if right[0] is None or right[1] is None or right[0] == right[1]:
        return "changed"
    return "fixed" if right[1] else "broken"


def order(answers: Answers) -> tuple[int, float]:
    """Sort by change, then by how far the probability of the first answer moved."""
    before, after = (float(value or 0) for value in answers.row[8:10])
    return ORDER.index(answers.change), -abs(after - before)


def finding(names: tuple[str, str], answers: Sequence[Answers]) -> Finding | None:
    """Return how many answers the second model fixes and breaks, None without any to compare."""
    if not answers:
        return None
    counts = Counter(one.change for one in answers)
    known = [one for one in answers if one.moved is not None]
    of = f"compare-answers-{names[0]}-{names[1]}"
    if not known:
        changed = f"{len(answers) - counts['same']} of {len(answers)}"
        return Finding(
            of, f"{names[1]} answers {changed} texts otherwise than {names[0]}.", n=len(answers)
        )
    fixed, broken = counts["fixed"], counts["broken"]
    more = "more often" if fixed > broken else "less often" if fixed < broken else "as often"
    mean = paired_mean(
        [float(one.moved or 0) for one in known], [one.cluster for one in known], most=1.0
    )
    return Finding(
        id=of,
        statement=(
            f"{names[1]} is right {more} {'as' if fixed == broken else 'than'} {names[0]}: of "
            f"{len(known)} labelled texts it fixes {fixed} and breaks {broken}."
        ),
        value=mean.value,
        n=mean.n,
        clusters=mean.clusters,
        interval=mean.interval,
        null=(0.0, 0.0),
        null_says="no difference in accuracy",
        claim=_claim(mean),
    )


def _claim(mean: PairedMean) -> Claim | None:
    if mean.interval is None or not mean.value:
        return None
    side: Side = "more" if mean.value >= 0 else "less"
    return Claim(mean.value, mean.interval, (0.0, 0.0), PROBABILITY, side)
