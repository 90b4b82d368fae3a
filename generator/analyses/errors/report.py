"""Errors first: what models label otherwise than people did, and how well they do over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...results.shapes import Cell, Finding, Result, Table
from ...results.wording import say
from ..analysis import Comparison, Everything
from .answers import RECORDS, Answer, answers_of
from .measures import (
    ACCURACY,
    CALIBRATION,
    LABELS,
    MEASURES,
    Measure,
    accuracy,
    by_label,
    calibration,
    measures,
    most_frequent,
)
from .slices import SLICES, slices

CONFUSION = ("model", "label", "predicted", "texts")
WHY = ("model", "why")


def compute(everything: Everything) -> Result:
    """Return every text as models answered it, wrong answers first, and how well each model does.

    `records` has the wrong answers by falling probability, then the right ones by rising, then
    those that nobody can judge; values by falling distance from what people gave. `measures` has a
    row for each number and model, `confusion` how often a label got an answer, `slices` the
    accuracy by tag, aspect and length, `calibration` by probability, `labels` of those that hold
    each by itself, and `why` says why the answers of a model cannot be judged. Empty where no model
    is a classifier.
    """
    answers = [*answers_of(everything)]
    own: dict[str, list[Answer]] = {}
    for one in answers:
        own.setdefault(one.model, []).append(one)
    rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in TABLES}
    said: list[Finding] = []
    for name, found in own.items():
        _of_model(name, found, rows, said)
    rows["records"] = [one.row for one in sorted(answers, key=_order)]
    tables = {name: Table(TABLES[name], tuple(rows[name])) for name in TABLES if rows[name]}
    return Result(ANALYSIS.name, tables=tables, findings=tuple(said))


TABLES = {
    "records": RECORDS, "accuracy": ACCURACY, "measures": MEASURES, "confusion": CONFUSION,
    "slices": SLICES, "calibration": CALIBRATION, "labels": LABELS, "why": WHY,
}  # fmt: skip


def _of_model(
    name: str,
    answers: Sequence[Answer],
    rows: dict[str, list[tuple[Cell, ...]]],
    said: list[Finding],
) -> None:
    """Add the rows and sentences of one model."""
    told = [one for one in answers if one.right is not None]
    found = {one.key: one for one in measures(answers)}
    rows["measures"] += [one.row(name) for one in found.values()]
    if told:
        rows["accuracy"].append(_accuracy(name, told))
        single = [one for one in told if one.held is None]
        confused = Counter((one.label, one.predicted) for one in single)
        rows["confusion"] += [(name, *pair, n) for pair, n in sorted(confused.items())]
        rows["slices"] += slices(name, told)
        rows["calibration"] += [(name, *row) for row in calibration(single)]
        rows["labels"] += [(name, *row) for row in by_label(told)]
        said += _findings(name, answers, found)
    elif "mean_absolute_error" in found:
        said.append(_off(name, found["mean_absolute_error"]))
    else:
        rows["why"].append((name, _why(name, answers)))


def _why(name: str, answers: Sequence[Answer]) -> str:
    """Say why nobody can tell whether answers are right."""
    labelled = sum(bool(one.label) for one in answers)
    if not labelled:
        return "No text has a label, so nothing says which answers are right."
    return f"No label of these texts is one of the answers of {name}, so none can be judged."


def _order(answer: Answer) -> tuple[int, float]:
    sure = answer.score if answer.score is not None and answer.shares else 0.0
    if answer.off is not None:
        return 0, -answer.off
    rank = {False: 0, True: 1, None: 2}[answer.right]
    return rank, sure if answer.right else -sure


def _accuracy(name: str, told: Sequence[Answer]) -> tuple[Cell, ...]:
    found = accuracy(told)
    low, high = found.ends or (None, None)
    right = sum(bool(one.right) for one in told)
    frequent = most_frequent(told)
    return name, found.n, found.clusters, right, found.value, low, high, frequent


def _findings(name: str, answers: Sequence[Answer], found: dict[str, Measure]) -> list[Finding]:
    told = [one for one in answers if one.right is not None]
    right = sum(bool(one.right) for one in told)
    frequent = most_frequent(told)
    share = found["accuracy"]
    known = share.ends is not None
    texts = f"{len(answers)} text{'' if len(answers) == 1 else 's'}"
    many = f"{len(told)} of {texts}" if len(told) < len(answers) else f"all {texts}"
    agrees = "all" if right == len(told) else right or "none"
    said = [
        Finding(
            f"errors-{name}",
            f"People labelled {many}; {name} agrees on {agrees}.",
            value=share.value,
            n=share.n,
            clusters=share.clusters,
            interval=share.ends,
            null=(frequent, frequent) if known else None,
            null_says="always the most frequent label" if known else "",
            model=name,
            key="accuracy",
        )
    ]
    sure = [one.score for one in told if one.shares and one.score is not None]
    if len(sure) == len(told) and "ece" in found:
        mean = sum(sure) / len(sure)
        said.append(
            Finding(
                f"calibration-{name}",
                f"{name} is {100 * mean:.0f}% sure on average, and right {100 * share.value:.0f}% "
                "of the time.",
                value=mean - share.value,
                n=share.n,
                clusters=share.clusters,
                model=name,
                key="sure-minus-right",
            )
        )
    return said


def _off(name: str, off: Measure) -> Finding:
    return Finding(
        f"values-{name}",
        f"{name} gives values that lie {say(off.value)} from those of people, on average.",
        value=off.value,
        n=off.n,
        clusters=off.clusters,
        interval=off.ends,
        model=name,
        key="mean-absolute-error",
    )


ANALYSIS = Comparison(
    name="errors",
    title="Which answers are wrong",
    about=(
        "Every text as each classifier answered it: wrong answers first, the surest on top. Beside "
        "each answer stand the words that speak most for it and against it."
    ),
    reading=(
        "Begin with the wrong answers that the model is sure of. Compare an accuracy with the "
        "share that always saying the most frequent label would reach. Macro F1 counts every label "
        "alike. The Brier score is 0 where every probability is right; the expected calibration "
        "error compares probability with accuracy in ten bins of equal width."
    ),
    limits=(
        "A label is what somebody wrote down, and may be wrong itself. Few texts leave a wide "
        "interval; below five clusters there is none. Texts of one group or one frame, and windows "
        "of one text, are one cluster. Of many slices some look bad by chance. The words are those "
        "a method of attribution ranks first, which is no proof that they decide."
    ),
    cite=(
        "Wilson 1927, Probable Inference, https://doi.org/10.2307/2276774; "
        "Guo et al. 2017, On Calibration of Modern Neural Networks, "
        "https://arxiv.org/abs/1706.04599"
    ),
    version="2",
    fields=("label", "labels", "label_index", "label_count", "words", "tags", "aspects"),
    compute=compute,
)
