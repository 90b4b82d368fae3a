"""predictions.csv: what a model answered to each text, if that is right, and words for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..capture.answers import answer_score, answer_words
from ..corpus.labels import agrees, gold_words
from ..pages.plan import ModelPage
from ..pages.reading_summary import RecordSummary
from ..results.shapes import Cell
from .tables import csv_text
from .writer import Site

COLUMNS = ("corpus", "record", "text", "label", "predicted", "score", "right", "for", "against")
RIGHT = {True: "yes", False: "no", None: None}
BETWEEN, INSTEAD = "|", "¦"
"""What stands between two words, and in its place within a word."""


def write_predictions(site: Site, page: ModelPage, summaries: Sequence[RecordSummary]) -> None:
    """Write data/<model>/predictions.csv, a row for each text in the order of the site."""
    rows = (_row(one) for one in summaries)
    site.text(f"data/{page.slug}/predictions.csv", csv_text(COLUMNS, rows))


def _row(one: RecordSummary) -> tuple[Cell, ...]:
    record, said = one.page.record, one.prediction
    return (
        one.page.corpus.name, record.id, record.text, gold_words(record, said),
        answer_words(said), answer_score(said), RIGHT[agrees(record, said)],
        _joined(one.speaks_for), _joined(one.against),
    )  # fmt: skip


def answered(one: RecordSummary) -> dict[str, Any]:
    """Return what atlas.json says of an answer: the prediction without its lists, and if right."""
    short = {name: value for name, value in one.prediction.items() if not isinstance(value, list)}
    return {"prediction": short, "right": agrees(one.page.record, one.prediction)}


def _joined(words: Sequence[str]) -> str:
    return BETWEEN.join(word.replace(BETWEEN, INSTEAD) for word in words)
