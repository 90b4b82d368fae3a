"""What a header says that a model said: checked, task by task, against what pages show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .maps import AttentionMap
from .rows import ArrayError
from .values import (
    count,
    flag,
    items,
    log_probability,
    number,
    one_of,
    probability,
    table,
    text,
)

PROBLEMS = ("single_label_classification", "multi_label_classification", "regression")
Said = Mapping[str, Any]


def checked_prediction(given: Any, maps: Sequence[AttentionMap]) -> dict[str, Any]:
    """Return the prediction of a header, or that there is none; ArrayError says what is odd."""
    if given is None:
        return {"task": "none"}
    said = dict(table("prediction", given))
    task = one_of("prediction.task", said.setdefault("task", "none"), CHECKS)
    try:
        CHECKS[task](said, maps)
    except KeyError as error:
        raise ArrayError(
            f"'prediction' of the task {task} needs {error}; give it, or leave 'prediction' out"
        ) from error
    return said


def _nothing(said: Said, maps: Sequence[AttentionMap]) -> None:
    return None


def _classes(said: Said, maps: Sequence[AttentionMap]) -> None:
    """Check the labels of a classifier, each a text with its number."""
    kind = one_of("prediction.problem_type", said.get("problem_type", PROBLEMS[0]), PROBLEMS)
    labels = table("prediction.labels", said.get("labels", {}))
    scored = number if kind == "regression" else probability
    for name, value in labels.items():
        scored(f"prediction.labels.{text('prediction.labels', name)}", value)
    if kind == PROBLEMS[0]:
        text("prediction.label", said["label"])
        if "score" in said or said["label"] not in labels:
            probability("prediction.score", said["score"])
        return
    if not labels:
        raise ArrayError("'prediction.labels' must be an object with a number for each label")
    if kind == "regression" and len(labels) == 1:
        number("prediction.score", said["score"])
    if kind == "multi_label_classification":
        for place, name in enumerate(items("prediction.holds", said["holds"])):
            one_of(f"prediction.holds[{place}]", name, labels)


def _tagged(said: Said, maps: Sequence[AttentionMap]) -> None:
    for place, tag in enumerate(items("prediction.tokens", said["tokens"])):
        name = f"prediction.tokens[{place}]"
        row = table(name, tag)
        count(f"{name}.position", row.get("position"), len(maps[0].queries))
        text(f"{name}.label", row.get("label"))
        probability(f"{name}.score", row.get("score"))


def _answer(said: Said, maps: Sequence[AttentionMap]) -> None:
    text("prediction.text", said["text"])
    probability("prediction.score", said["score"])
    if "first" in said or "last" in said:
        tokens = len(maps[0].queries)
        last = count("prediction.last", said["last"], tokens)
        count("prediction.first", said["first"], last + 1)


def _filled(said: Said, maps: Sequence[AttentionMap]) -> None:
    for place, hole in enumerate(items("prediction.masked", said["masked"])):
        name = f"prediction.masked[{place}]"
        row = table(name, hole)
        count(f"{name}.position", row.get("position"), len(maps[0].queries))
        _options(f"{name}.top", row.get("top"), least=1)


def _next(said: Said, maps: Sequence[AttentionMap]) -> None:
    _options("prediction.next", said["next"])
    if "continuation" in said:
        name = "prediction.continuation"
        row = table(name, said["continuation"])
        text(f"{name}.text", row.get("text"))
        if not count(f"{name}.start", row.get("start"), len(maps[0].queries)):
            raise ArrayError(f"'{name}.start' must be a whole number from 1")
        log_probability(f"{name}.score", row.get("score"))


def _options(name: str, given: Any, least: int = 0) -> None:
    for place, option in enumerate(items(name, given, least)):
        row = table(f"{name}[{place}]", option)
        text(f"{name}[{place}].text", row.get("text"))
        probability(f"{name}[{place}].score", row.get("score"))
        if row.get("id") is not None:
            count(f"{name}[{place}].id", row["id"])


def _written(said: Said, maps: Sequence[AttentionMap]) -> None:
    text("prediction.text", said["text"])
    for name in ("teacher_forced", "finished"):
        if name in said:
            flag(f"prediction.{name}", said[name])
    if "score" in said:
        log_probability("prediction.score", said["score"])
    if "beams" in said and count("prediction.beams", said["beams"]) < 1:
        raise ArrayError("'prediction.beams' must be a whole number from 1")
    name = "prediction.log_probabilities"
    found = items(name, said.get("log_probabilities", []))
    for place, value in enumerate(found):
        log_probability(f"{name}[{place}]", value)
    written = len(maps[-1].queries)
    if found and len(found) != written:
        raise ArrayError(f"'{name}' has {len(found)} numbers, for {written} written tokens")


CHECKS: Mapping[str, Callable[[Said, Sequence[AttentionMap]], None]] = {
    "classification": _classes,
    "token-classification": _tagged,
    "question-answering": _answer,
    "masked-lm": _filled,
    "causal-lm": _next,
    "translation": _written,
    "none": _nothing,
}
