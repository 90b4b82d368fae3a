"""Measure the classifier beside logistic regression on the same rows."""

from pathlib import Path
from typing import Any

from . import data as texts
from .authored import unseen_rows
from .classifier import probabilities, training_set
from .data import Labelled
from .measure import Figure, difference, macro_difference, mean
from .regression import correct, regression

MAIN_SETS = texts.SENTIMENT_SETS[:3]
AUTHORED = 400


def marks(model: Any, tokenizer: Any, rows: list[Labelled]) -> list[int]:
    """Return 1 for each row that the model labels rightly, else 0."""
    found = probabilities(model, tokenizer, [row.text for row in rows])
    return [int((chance > 0.5) == bool(row.label)) for chance, row in zip(found, rows, strict=True)]


def review_figures(data: Path, model: Any, tokenizer: Any, baseline: Any) -> list[Figure]:
    """Measure accuracy on the review sets, and the paired difference from the regression."""
    figures, ours, theirs = [], [], []
    for name in texts.SENTIMENT_SETS:
        rows = texts.labelled(data, name, "test")
        mine, other = marks(model, tokenizer, rows), correct(baseline, rows)
        figures += [
            mean(f"accuracy.{name}", mine, "share of test rows labelled rightly"),
            mean(f"regression.{name}", other, "the regression on the same rows"),
            difference(f"gain.{name}", mine, other, "ours less the regression, paired"),
        ]
        if name in MAIN_SETS:
            ours.append(mine)
            theirs.append(other)
    about = "mean gain over the first three sets, paired"
    return [*figures, macro_difference("gain.macro", ours, theirs, about)]


def authored_figures(model: Any, tokenizer: Any, baseline: Any) -> list[Figure]:
    """Measure negation and contrast on authored rows with unseen templates and words."""
    rows = unseen_rows(AUTHORED, 0)
    mine = marks(model, tokenizer, [row for _, row in rows])
    other = correct(baseline, [row for _, row in rows])
    hard = [at for at, (kind, _) in enumerate(rows) if kind != "plain"]
    about = "authored negation and contrast, unseen templates and words"
    figures = [
        mean("accuracy.authored", [mine[at] for at in hard], about),
        mean("regression.authored", [other[at] for at in hard], "the regression on the same rows"),
    ]
    for kind in ("plain", "negation", "contrast"):
        chosen = [at for at, (found, _) in enumerate(rows) if found == kind]
        figures.append(mean(f"accuracy.authored.{kind}", [mine[at] for at in chosen]))
        figures.append(mean(f"regression.authored.{kind}", [other[at] for at in chosen]))
    return figures


def failures(model: Any, tokenizer: Any, most: int = 8) -> list[str]:
    """Quote authored rows that the model gets wrong, one for each template."""
    rows = [row for _, row in unseen_rows(AUTHORED, 0)]
    chances = probabilities(model, tokenizer, [row.text for row in rows])
    wrong = {}
    for row, chance in zip(rows, chances, strict=True):
        if (chance > 0.5) != bool(row.label):
            wrong[row.text.split()[0]] = f"“{row.text}” gets {chance:.2f} for positive"
    return list(wrong.values())[:most]


def measure(data: Path, model: Any, tokenizer: Any) -> tuple[list[Figure], list[str]]:
    """Measure everything the card of `sentiment` reports."""
    held_out = {name: texts.labelled(data, name, "dev") for name in MAIN_SETS}
    baseline = regression(training_set(data, 0), held_out)
    figures = review_figures(data, model, tokenizer, baseline)
    figures += authored_figures(model, tokenizer, baseline)
    return figures, failures(model, tokenizer)
