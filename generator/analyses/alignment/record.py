"""What cross-attention links, held against the gold links of one text, and over all texts."""

from __future__ import annotations

import numpy as np

from ...capture import Capture
from ...results.shapes import Grid, Partial, Result, Table
from ..analysis import RecordAnalysis, RecordResults
from . import aligned
from .aligned import Tallies, counted
from .pairs import pair_of_capture
from .sentences import sentences

CHOSEN = ("of", "way", "name")
TALLIES, PLAIN, SHAPE = "tallies", "plain", "shape"


def compute(capture: Capture) -> Result:
    """Return the counts of links against gold, handed on: [reading, links, way, 4] and plain ones.

    Empty where a text has no gold links, or was not given its translation.
    """
    pair = pair_of_capture(capture)
    if pair is None or pair.gold is None:
        return Result(ANALYSIS.name)
    found = counted(pair)
    cross = next(part for part in capture.maps if part.kind == "cross")
    partials = (
        Partial(TALLIES, found.ways),
        Partial(PLAIN, found.plain),
        Partial(SHAPE, np.array([cross.layers, cross.heads])),
    )
    return Result(ANALYSIS.name, partials=partials)


def aggregate(record_results: RecordResults) -> Result:
    """Return the error rate of every head, the table `ways` with all ways, and the sentences.

    `chosen` names the head and the mean of heads that err least on the half that chooses.
    """
    tallies = Tallies()
    for record, results in record_results:
        result = results.get(ANALYSIS.name, Result(ANALYSIS.name))
        parts = [result.partial(name) for name in (TALLIES, PLAIN, SHAPE)]
        if all(parts):
            ways, plain, shape = (part.values for part in parts if part)
            tallies.add(record, ways, plain, (int(shape[0]), int(shape[1])))
    if not tallies.clusters:
        return Result(ANALYSIS.name)
    best = (("head", tallies.best_head()), ("mean", tallies.best_mean()))
    chosen = tuple((of, way, tallies.names[way]) for of, way in best if way is not None)
    tables = {
        "ways": Table(aligned.COLUMNS, tuple(tallies.rows())),
        "chosen": Table(CHOSEN, chosen),
    }
    return Result(
        ANALYSIS.name, grids=(_grid(tallies),), tables=tables, findings=tuple(sentences(tallies))
    )


def _grid(tallies: Tallies) -> Grid:
    """Return the error rate of each head by the word that it writes, beside the diagonal's."""
    heads = tallies.layers * tallies.heads
    rates = [tallies.rate(way) for way in range(heads)]
    shape = (1, tallies.layers, tallies.heads)
    bounds = [rate.interval or (np.nan, np.nan) for rate in rates]
    values, low, high = (
        np.array(part, float).reshape(shape)
        for part in ([rate.value for rate in rates], *zip(*bounds, strict=True))
    )
    null = np.full(shape[:2], tallies.baseline("diagonal").value)
    n = np.full(shape, len(tallies.clusters))
    return Grid("cross", ("alignment",), values, null, low, high, n)


ANALYSIS = RecordAnalysis(
    name="alignment",
    title="Word alignment by cross-attention",
    about=(
        "Links between the words of a text and of its translation, from each target word to the "
        "source word with most cross-attention, held against those that people drew."
    ),
    reading=(
        "An error rate of 0 finds every gold link and no other. The diagonal, which needs no "
        "model, says what word order alone gives. Rows go by the word that is written."
    ),
    limits=(
        "Intervals resample texts, near copies together. The best head is chosen on one half "
        "of the texts and measured on the other. The model was given the translation to write."
    ),
    cite="Och & Ney 2003, https://doi.org/10.1162/089120103321337421",
    fields=("words", "target_words", "alignment", "group"),
    compute=compute,
    aggregate=aggregate,
)
