"""The report of mentions and minimal pairs, of all models.

Zhao et al. 2018 and Rudinger et al. 2018 (pairs that differ in a pronoun).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...results.shapes import Cell, Finding, Result, Table
from ..analysis import Comparison, Everything
from .accuracy import ACCURACY, finding, guesses
from .gaps import (
    ATTENTION,
    GAPS,
    OCCUPATIONS,
    PAIRS,
    Gap,
    PairGap,
    by_occupation,
    gaps_of,
    left_out,
    summed,
)
from .heads import EFFECTS, HEADS, effect_rows, head_finding, head_rows, why_not
from .statistics import BESIDE, CORRELATIONS, beside_statistics
from .texts import MentionText, pairs_of, texts_of

TEXTS = ("model", "corpus", "record", "text", "mention", "means", "chosen", "looks_at")


@dataclass(slots=True)
class _Found:
    """The rows of each table, and the sentences, as models pass by."""

    gaps: list[PairGap] = field(default_factory=list)
    means: list[Gap] = field(default_factory=list)
    rows: dict[str, list[tuple[Cell, ...]]] = field(default_factory=dict)
    said: list[Finding] = field(default_factory=list)

    def add(self, table: str, rows: Iterator[tuple[Cell, ...]] | list[tuple[Cell, ...]]) -> None:
        """Put rows into a table."""
        self.rows.setdefault(table, []).extend(rows)


def compute(everything: Everything) -> Result:
    """Return every pair with its gap, the largest first, and how often whom is meant is found.

    `pairs` has a row a pair and measure, `gaps` their means, `occupations` those by occupation,
    `statistics` the same beside what records say of occupations, `correlations` how both go
    together,
    `accuracy` a row a way to look, `heads` a row a head, `effects` a row a pair whose odds were
    asked for, `texts` a row a text with a mention, `left_out` what was left out and why.
    Empty where no text has candidates and no two form a minimal pair.
    """
    found = _Found()
    for model in everything.models:
        _of_model(texts_of(everything.reads(model)), found)
    if not (found.gaps or found.rows.get("texts")):
        return Result(ANALYSIS.name)
    found.gaps.sort(key=lambda one: -abs(float(one.gap[0])))
    found.add("pairs", [one.row for one in found.gaps])
    tables = {
        name: Table(columns, tuple(found.rows[name]))
        for name, columns in COLUMNS.items()
        if found.rows.get(name)
    }
    return Result(ANALYSIS.name, tables=tables, findings=tuple(found.said))


def _of_model(texts: Sequence[MentionText], found: _Found) -> None:
    pairs = [*pairs_of(texts)]
    gaps = [gap for pair in pairs for gap in gaps_of(pair)]
    families: dict[tuple[str, ...], list[PairGap]] = {}
    for gap in gaps:
        families.setdefault(gap.family, []).append(gap)
    for own in families.values():
        mean = summed(own)
        found.add("gaps", [mean.row])
        found.add("occupations", by_occupation(own))
        if mean.family[3] != ATTENTION:
            found.said.append(mean.finding)
        if (beside := beside_statistics(own)) is not None:
            found.add("statistics", beside.rows)
            found.add("correlations", [beside.row])
            found.said.append(beside.finding)
    found.gaps += gaps
    guessed = guesses(texts)
    found.add("accuracy", [one.row for one in guessed])
    found.add("heads", head_rows(texts))
    found.add("effects", effect_rows(texts))
    found.add("texts", map(_row, (text for text in texts if text.record.candidates)))
    found.said += filter(None, (finding(texts, guessed), head_finding(texts)))
    alone = [*filter(None, (left_out(texts, pairs),)), *why_not(texts)]
    found.add("left_out", [(texts[0].model, why) for why in alone])


def _row(text: MentionText) -> tuple[Cell, ...]:
    """Return a row of TEXTS."""
    record = text.record
    picked = {
        way: record.candidates[int(np.argmax(values))].text for way, values in text.ways.items()
    }
    mention = record.mention.text if record.mention else ""
    means = record.answer.text if record.answer else ""
    where = (text.model, text.corpus, record.id, record.text)
    return (*where, mention, means, picked.get("choice", ""), picked.get("attention", ""))


COLUMNS = {
    "pairs": PAIRS,
    "gaps": GAPS,
    "occupations": OCCUPATIONS,
    "statistics": BESIDE,
    "correlations": CORRELATIONS,
    "accuracy": ACCURACY,
    "heads": HEADS,
    "effects": EFFECTS,
    "texts": TEXTS,
    "left_out": ("model", "why"),
}

ANALYSIS = Comparison(
    name="coreference",
    title="Who is meant, and does gender change the answer",
    about=(
        "Texts with a mention and candidates, and minimal pairs, which differ in one thing. Of "
        "each pair: how far the answer moves between its two texts. Of each mention: whom the "
        "model takes it for, whom it looks at, and how often that is the one meant."
    ),
    reading=(
        "A gap holds only where its whole 95% interval, over pairs, lies beyond five points and "
        "beyond what untrained copies give. Answers must differ from text to text, too. Read "
        "the pairs with the largest gaps before you believe a mean. Compare "
        "every way to look with the rules that read nothing: the nearest and the first candidate."
    ),
    limits=(
        "A gap in these texts is no gap in all texts, and none here does not acquit a model. "
        "Sentences written by one author share habits. Attention is associated with an answer and "
        "does not prove what made it. The first candidate is the subject in most sentences."
    ),
    cite=(
        "Rudinger et al. 2018, Gender Bias in Coreference Resolution, "
        "https://doi.org/10.18653/v1/N18-2002; Zhao et al. 2018, Gender Bias in Coreference "
        "Resolution: Evaluation and Debiasing Methods, https://doi.org/10.18653/v1/N18-2003"
    ),
    version="2",
    fields=("mention", "candidates", "answer", "variant", "tags", "statistic"),
    compute=compute,
)
