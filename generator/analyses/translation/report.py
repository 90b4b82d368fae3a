"""The report on translations: alignment by cross-attention, scattered and unpaired words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...capture import ModelInfo
from ...results.shapes import Cell, Finding, Result, Table
from ..analysis import Comparison, Everything
from . import aligned, records
from .aligned import Tallies
from .pairs import pairs
from .records import Translated
from .sentences import sentences

Rows = list[tuple[Cell, ...]]


def compute(everything: Everything) -> Result:
    """Return every translation, worst first, and how well attention finds the gold links.

    `records` has a row a text, `ways` the error rate, precision and recall of every head and mean
    by both readings, those of the diagonal and of the best fixed offset, and last those of the
    best head on the texts that did not choose it. Empty where no model translates.
    """
    rows: Rows = []
    ways: Rows = []
    said: list[Finding] = []
    for model in everything.models:
        tallies = _tallies(everything, model)
        shown = list(_translated(everything, model, tallies))
        if not shown:
            continue
        rows += [one.row for one in shown]
        ways += tallies.rows(model.name) if tallies.clusters else ()
        said += sentences(model.name, tallies, _spreads(shown))
    if not rows:
        return Result(ANALYSIS.name)
    tables = {"records": Table(records.COLUMNS, tuple(sorted(rows, key=records.worst_first)))}
    if ways:
        tables["ways"] = Table(aligned.COLUMNS, tuple(ways))
    return Result(ANALYSIS.name, tables=tables, findings=tuple(said))


def _tallies(everything: Everything, model: ModelInfo) -> Tallies:
    tallies = Tallies()
    for pair in pairs(everything, model):
        tallies.add(pair)
    return tallies


def _translated(everything: Everything, model: ModelInfo, tallies: Tallies) -> Iterator[Translated]:
    """Yield the translations by the mean of heads that errs least, else by that of all heads."""
    way = tallies.best_mean()
    for pair in pairs(everything, model):
        yield Translated(pair, pair.attention["written"][-1 if way is None else way])


def _spreads(shown: Sequence[Translated]) -> list[tuple[int, int]]:
    """Return of each text how many target words there are, and how many are scattered."""
    return [(len(one.pair.target), len(one.scattered)) for one in shown]


ANALYSIS = Comparison(
    name="translation",
    title="How it was translated",
    about=(
        "Which source words stand behind each word of a translation, by cross-attention between "
        "words. Where people drew links, every head and every mean of heads is held against them."
    ),
    reading=(
        "An error rate of 0 finds every gold link and no other; the diagonal, which needs no "
        "model, says what word order alone gives. A decoder looks at the source to find its next "
        "word, so a row goes by the word that it writes; by the word that it was fed, the same row "
        "is one word off. Scattered words look as if at half of the source or more. Words without "
        "a pair choose no word that chooses them."
    ),
    limits=(
        "Attention is associated with what is written, and no proof of it. The best head is chosen "
        "on one half of the texts and measured on the other. Intervals resample texts, those of a "
        "group together. A word that only one language needs has no pair and is no mistake. Where "
        "the text was given, the model was made to write it."
    ),
    cite=(
        "Och & Ney 2003, https://doi.org/10.1162/089120103321337421; "
        "Chen et al. 2020, Accurate Word Alignment Induction from Neural Machine Translation, "
        "https://doi.org/10.18653/v1/2020.emnlp-main.42"
    ),
    fields=("words", "target_words", "alignment", "group"),
    compute=compute,
)
