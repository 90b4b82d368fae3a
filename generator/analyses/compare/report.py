"""The report of two models on the same texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...results.shapes import Finding, Result, Table
from ..analysis import Comparison, Everything
from ..coreference.texts import MentionText, texts_of
from . import answers, gaps, heads
from .together import Both, together


@dataclass(slots=True)
class _Seen:
    """What is kept of the texts while they pass by."""

    texts: int = 0
    answers: list[answers.Answers] = field(default_factory=list)
    moved: list[heads.Moved] = field(default_factory=list)
    mentions: tuple[list[MentionText], list[MentionText]] = field(default_factory=lambda: ([], []))

    def add(self, both: Both) -> None:
        """Take in one text."""
        self.texts += 1
        said, moved = answers.answers_of(both), heads.moved_of(both)
        self.answers += [said] if said else []
        self.moved += [moved] if moved else []
        for kept, read in zip(self.mentions, (both.one, both.other), strict=True):
            kept += texts_of([read])


def compute(everything: Everything) -> Result:
    """Return what changed from the first of two models to the second.

    `answers` has a row a text, what broke first; `heads` a row a head, what moved most first;
    `gaps` a row a gap that both have. Empty where there is nothing that both could differ in.
    """
    one, other = everything.models
    names, seen = (one.name, other.name), _Seen()
    for both in together(everything):
        seen.add(both)
    seen.answers.sort(key=answers.order)
    found = [gaps.gap_row(*family) for family in gaps.paired_gaps(*seen.mentions)]
    rows = {
        "answers": Table(answers.ANSWERS, tuple(said.row for said in seen.answers)),
        "heads": Table(heads.HEADS, tuple(heads.head_rows(seen.moved))),
        "gaps": Table(gaps.GAPS, tuple(row for row, _ in found)),
    }
    said: list[Finding | None] = [answers.finding(names, seen.answers)]
    said += [gaps.finding(names, row, mean) for row, mean in found]
    said.append(heads.finding(names, seen.moved))
    return Result(
        ANALYSIS.name,
        tables={name: table for name, table in rows.items() if table.rows},
        series=heads.layer_series(seen.moved),
        findings=tuple(one for one in said if one),
    )


ANALYSIS = Comparison(
    name="compare",
    title="Where two models differ",
    about=(
        "Two models on the same texts, such as one before and after it was tuned: which answers "
        "changed, where both give some; which gaps closed or opened, where both are asked about "
        "pairs; and how far each head moved, where both have the same heads."
    ),
    reading=(
        "Where there are answers, begin with those that broke. Of a gap the sign says which kind "
        "of text gets more, its size how much. A head has moved by 0% where it looks as before, by "
        "100% where no token gets attention in both. Hold that against how far other heads of its "
        "layer are: a head that moved as far does another job."
    ),
    limits=(
        "Heads are compared by place, which says something only where one model was made from the "
        "other. Models that cut texts into other tokens are compared by words. A changed answer "
        "need not be due to the heads that moved most."
    ),
    cite=(
        "Lin 1991, Divergence Measures Based on the Shannon Entropy, "
        "https://doi.org/10.1109/18.61115"
    ),
    fields=(
        "label",
        "labels",
        "label_index",
        "label_count",
        "mention",
        "candidates",
        "answer",
        "variant",
        "tags",
    ),
    pairwise=True,
    compute=compute,
)
