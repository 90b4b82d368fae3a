"""The report on translations: alignment by cross-attention, scattered and unpaired words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean
from typing import cast

from ...capture import ModelInfo
from ...results.shapes import Cell, Finding, Result, Table
from ...results.wording import percent
from ...statistics.bootstrap import LEAST
from ..alignment import ANALYSIS as ALIGNMENT
from ..alignment.aligned import COLUMNS as WAYS
from ..alignment.pairs import pair_of_capture
from ..analysis import Comparison, Everything
from ..own_translation import ANALYSIS as OWN
from ..weighted_alignment import ANALYSIS as WEIGHTED
from . import agreement, records
from .records import Translated

Rows = list[tuple[Cell, ...]]
ABOUT = ("model", "corpus", "record", "given")
COLUMNS = (*ABOUT, *agreement.COLUMNS)


def compute(everything: Everything) -> Result:
    """Return every translation, worst first, and how well attention finds the gold links.

    `records` has a row a text, `ways` the error rate, precision and recall of every head and mean
    by both readings, those of the diagonal and of the best fixed offset, and last those of the
    best head on the texts that did not choose it; beside them those of attention times its
    gradient. Empty where no model translates.
    """
    rows: Rows = []
    ways: Rows = []
    agreeing: Rows = []
    said: list[Finding] = []
    for model in everything.models:
        shown = list(_translated(everything, model))
        if not shown:
            continue
        found = everything.of_model(model).get(ALIGNMENT.name, Result(ALIGNMENT.name))
        rows += [one.row for one in shown]
        weighted = everything.of_model(model).get(WEIGHTED.name, Result(WEIGHTED.name))
        for one in (found, weighted):
            ways += [(model.name, *row) for row in one.tables.get("ways", Table((), ())).rows]
        own = [row for one in shown for row in _agreements(one)]
        agreeing += own
        alone = everything.of_model(model).get(OWN.name, Result(OWN.name))
        said += [*_of(model, alone.findings), *_agreed(model.name, own)]
        said += _looked(model.name, own) if own else ()
        said += [*_of(model, (*found.findings, *weighted.findings)), _scattered(model.name, shown)]
    if not rows:
        return Result(ANALYSIS.name)
    tables = {"records": Table(records.COLUMNS, tuple(sorted(rows, key=records.worst_first)))}
    if ways:
        tables["ways"] = Table(("model", *WAYS), tuple(ways))
    if agreeing:
        tables["agreement"] = Table(COLUMNS, tuple(agreeing))
    return Result(ANALYSIS.name, tables=tables, findings=tuple(said))


def _translated(everything: Everything, model: ModelInfo) -> Iterator[Translated]:
    """Yield the translations by the mean of heads that errs least, else by that of all heads."""
    found = everything.of_model(model).get(ALIGNMENT.name, Result(ALIGNMENT.name))
    chosen = {row[0]: row[1] for row in found.tables.get("chosen", Table((), ())).rows}
    way = int(chosen.get("mean", -1))  # type: ignore[arg-type]
    for read in everything.reads(model):
        pair = pair_of_capture(read.capture)
        if pair is not None:
            yield Translated(read, pair, pair.attention["written"][way])


def _of(model: ModelInfo, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what is said of one model, under its name."""
    for finding in findings:
        key = f"translation-{finding.id.rpartition('-')[2]}"
        yield replace(finding, id=_id(model.name, key), key=key, model=model.name)


def _id(model: str, key: str) -> str:
    return key.replace("-", f"-{model}-", 1)


def _agreements(one: Translated) -> Iterator[tuple[Cell, ...]]:
    about = (one.read.model.name, one.read.corpus, one.pair.capture.record.id)
    given = "yes" if one.pair.given else "no"
    return ((*about, given, *row) for row in agreement.agreements(one.pair, one.weights))


def _agreed(name: str, rows: Rows) -> Iterator[Finding]:
    """Say how many of the adjectives that the model wrote itself agree with their noun."""
    given, agrees = (COLUMNS.index(of) for of in ("given", "agrees"))
    fits = [row[agrees] == "yes" for row in rows if row[given] == "no" and row[agrees]]
    if fits:
        text = (
            f"Of the French adjectives that {name} wrote itself beside a noun, {sum(fits)} of "
            f"{len(fits)} agree with it."
        )
        key = "translation-adjectives-agree"
        value = sum(fits) / len(fits)
        yield Finding(_id(name, key), text, value=value, n=len(fits), key=key, model=name)


def _looked(name: str, rows: Rows) -> Iterator[Finding]:
    """Say what an adjective gives the noun that sets its gender, on either side of that noun."""
    order, share, even = (COLUMNS.index(of) for of in ("order", "on_noun", "even"))
    chance = fmean(cast(float, row[even]) for row in rows)
    for side in ("before", "after"):
        shares = [cast(float, row[share]) for row in rows if row[order] == side]
        if len(shares) < LEAST:
            continue
        text = (
            f"Writing a French adjective {side} its noun, {name} gives the noun that sets its "
            f"gender {percent(fmean(shares))}; spread evenly it would be {percent(chance)}."
        )
        key = f"translation-agreement-{side}"
        yield Finding(
            _id(name, key), text, value=fmean(shares), n=len(shares), key=key, model=name,
            null=(chance, chance), null_says="spread evenly over the words of the text",
        )  # fmt: skip


def _scattered(name: str, shown: Sequence[Translated]) -> Finding:
    words, far = (sum(sizes) for sizes in zip(*map(_sizes, shown), strict=True))
    texts = sum(bool(one.scattered) for one in shown)
    text = (
        f"In {name}, {far} of {words} translated words look at half of the source or more, "
        f"in {texts} of {len(shown)} texts."
    )
    value = far / words if words else None
    key = "translation-scattered"
    return Finding(_id(name, key), text, value=value, n=len(shown), key=key, model=name)


def _sizes(one: Translated) -> tuple[int, int]:
    """Return how many target words there are, and how many of them are scattered."""
    return len(one.pair.target), len(one.scattered)


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
        "a pair choose no word that chooses them. Adjectives and nouns are those of a small "
        "lexicon with their genders."
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
