"""Measure the classifier beside logistic regression on the same rows."""

from pathlib import Path
from typing import Any

from . import data as texts
from .classifier import probabilities, training_set
from .data import Labelled
from .handwritten import Template, reworded_rows, unseen_rows
from .measure import Figure, clustered, difference, macro_difference, mean
from .phrases import DEVELOPMENT
from .regression import correct, regression

MAIN_SETS = texts.SENTIMENT_SETS[:3]
AUTHORED = 400
HARD = "negation contrast"
HERE = "the regression on the same rows"

Rows = list[tuple[Template, Labelled]]


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
            mean(f"regression.{name}", other, HERE),
            difference(f"gain.{name}", mine, other, "ours less the regression, paired"),
        ]
        if name in MAIN_SETS:
            ours.append(mine)
            theirs.append(other)
    about = "mean gain over the first three sets, paired"
    return [*figures, macro_difference("gain.macro", ours, theirs, about)]


def by_template(name: str, marks: list[int], rows: Rows, kinds: str, about: str) -> Figure:
    """Measure the share of right rows of some kinds; whole templates are resampled."""
    some = [at for at, (template, _) in enumerate(rows) if template.kind in kinds.split()]
    templates = [rows[at][0].text for at in some]
    return clustered(name, [marks[at] for at in some], templates, about, "templates")


def handwritten_figures(model: Any, tokenizer: Any, baseline: Any) -> list[Figure]:
    """Measure negation and contrast on authored rows with unseen templates and words."""
    rows = unseen_rows(AUTHORED, 0)
    mine = marks(model, tokenizer, [row for _, row in rows])
    other = correct(baseline, [row for _, row in rows])
    figures = []
    for suffix, kinds in (("", HARD), (".negation", "negation"), (".contrast", "contrast")):
        about = f"authored {kinds.replace(' ', ' and ')}, unseen templates and words"
        figures.append(by_template(f"accuracy.authored{suffix}", mine, rows, kinds, about))
        figures.append(by_template(f"regression.authored{suffix}", other, rows, kinds, HERE))
    again = reworded_rows(AUTHORED, 0)
    texts, frames = [row for _, row in again], [frame for frame, _ in again]
    about = "authored negation and contrast, training frames with unseen words"
    for name, found, said in (
        ("accuracy.reworded", marks(model, tokenizer, texts), about),
        ("regression.reworded", correct(baseline, texts), HERE),
    ):
        figures.append(clustered(name, found, frames, said))
    about = "authored rows without negation or contrast"
    figures.append(by_template("accuracy.authored.plain", mine, rows, "plain", about))
    known = unseen_rows(AUTHORED, 0, DEVELOPMENT)
    found = marks(model, tokenizer, [row for _, row in known])
    about = "negation and contrast in the templates that the training sentences were chosen by"
    return [*figures, by_template("accuracy.development", found, known, HARD, about)]


def failures(model: Any, tokenizer: Any, most: int = 8) -> list[str]:
    """Quote authored rows that the model gets wrong, one for each template."""
    rows = unseen_rows(AUTHORED, 0)
    chances = probabilities(model, tokenizer, [row.text for _, row in rows])
    wrong: dict[Template, str] = {}
    for (template, row), chance in zip(rows, chances, strict=True):
        if (chance > 0.5) != bool(row.label):
            wrong.setdefault(template, f"“{row.text}” gets {chance:.2f} for positive")
    return list(wrong.values())[:most]


def measure(data: Path, model: Any, tokenizer: Any) -> tuple[list[Figure], list[str]]:
    """Measure everything the card of `sentiment` reports."""
    held_out = {name: texts.labelled(data, name, "dev") for name in MAIN_SETS}
    baseline = regression(training_set(data, 0), held_out)
    figures = review_figures(data, model, tokenizer, baseline)
    figures += handwritten_figures(model, tokenizer, baseline)
    return figures, failures(model, tokenizer)
