"""The sentences of the home page: answers of reports first, then at most five that hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from urllib.parse import urlencode

from ..results.levels import Level
from ..results.shapes import Finding
from ..statistics.bootstrap import LEAST
from .coreference import of_few_pairs
from .plan import Plan
from .sentence_links import Part, sentence_parts
from .verdicts import VerdictLine, verdict_list

LINES = 5
"""Findings that the home page shows; the others are on the pages of the models."""
ANSWERS, FEW = 3, 2
"""Sentences of one report that the home page opens with, one where there are more reports than so
many."""
ORDER: dict[Level, int] = {"holds": 0, "does not hold": 1, "undecided": 2, "described": 3}
ALONE: tuple[Level, Level] = ("holds", "described")
"""What a sentence that stands without its word has to be, the first of them first."""
HEADLINES = ("profile", "anchors", "faithfulness")
"""Analyses whose findings come first: what heads do, and whether it tells what decided."""
TREES = "syntax"
"""The analysis that answers where texts have dependency trees, and no report was asked for."""
ROWS = {
    "words": "words",
    "erasure-agrees": "aspects-of-texts",
    "wrong-aspect-wins": "aspects-of-texts",
    "translation-scattered": "translations",
    "translation-agreement-before": "agreement",
    "translation-agreement-after": "agreement",
    "translation-adjectives-agree": "agreement",
    "translation-head": "ways-1",
    "translation-mean": "ways-1",
    "who": "texts",
    "counterfactuals": "changes-1",
    "compare-heads": "moved",
}
"""The part of a report that shows the texts behind a sentence, by its key."""
EACH = "-1"
"""How the first of those parts ends that a report has for each model."""
COUNTED = "accuracy"
"""The key of the sentence that says how many answers are wrong."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A sentence of a report, and the way to what is behind it."""

    parts: tuple[Part, ...]
    link: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as the home page quotes it."""

    title: str
    link: str
    answers: tuple[Answered, ...]
    more: int


def asked(
    titles: Sequence[tuple[str, str]],
    findings: Sequence[Finding],
    models: Mapping[str, str] | None = None,
) -> list[Asked]:
    """Return what the reports, given as (title, address), say first.

    `models` has the addresses of models by name. Where answers were counted these sentences come
    alone: the wrong ones are what to look at. What is known of a text or two gives way to what is
    known of more, and a gap of a pair or two is left to its page.
    """
    found = []
    each = ANSWERS if len(titles) <= FEW else 1
    for title, link in titles:
        own = [finding for finding in findings if finding.page == link]
        counted = [finding for finding in own if finding.key == COUNTED]
        several = [finding for finding in own if not of_few_pairs(finding)]
        ordered = counted or sorted(several, key=lambda one: (_few(one), ORDER[one.level]))
        several_models = len({finding.model for finding in own}) > 1
        shown = ordered[: len(counted) or each]
        answers = tuple(_answered(one, models, several_models) for one in shown)
        if answers:
            more = 0 if counted else len(own) - len(answers)
            found.append(Asked(title, link, answers, more))
    return found


def asked_of_trees(findings: Sequence[Finding], models: Mapping[str, str]) -> list[Asked]:
    """Return what is found of dependency trees, a model at a time, as if it were a report."""
    own = [one for one in findings if one.analysis == TREES and one.told]
    found = []
    for page in dict.fromkeys(one.page for one in own):
        ordered = sorted((one for one in own if one.page == page), key=lambda one: ORDER[one.level])
        link = f"{page}#{TREES}-relations"
        answers = tuple(replace(_answered(one, models), link=link) for one in ordered[:FEW])
        found.append(Asked("Syntax", link, answers, 0))
    return found


def _few(finding: Finding) -> bool:
    """Return whether a sentence is about fewer texts than an interval needs."""
    return finding.n is not None and finding.n < LEAST


def _answered(
    finding: Finding, models: Mapping[str, str] | None, several: bool = False
) -> Answered:
    """Return a sentence with its link: to the wrong answers, where it counts them.

    Of `several` models, a part for each is left for a reader to choose.
    """
    parts = tuple(sentence_parts(finding, models, finding.alone))
    wrong = 0
    if finding.key == COUNTED and finding.n and finding.value is not None:
        wrong = finding.n - round(finding.value * finding.n)
    if not wrong:
        part = ROWS.get(finding.key)
        led = part and not (several and part.endswith(EACH))
        return Answered(parts, f"{finding.page}#{part}" if led else finding.page, "See them")
    query = urlencode({"model": finding.model, "right": "no"})
    words = "See it" if wrong == 1 else f"See the {wrong:,}"
    return Answered(parts, f"{finding.page}#{query}", words)


def in_short(findings: Sequence[Finding]) -> str:
    """Return the first sentence that is true without a word beside it: the atlas in brief."""
    held, told = ([one for one in findings if one.level == word] for word in ALONE)
    return next((finding.sentence for finding in [*held, *told]), "")


def verdict_lines(plan: Plan, findings: Sequence[Finding]) -> list[VerdictLine]:
    """Return the lines of the home page: of every model in turn, one analysis after another.

    What holds comes first, and of that what holds in most ways of computing it, then those of
    HEADLINES. Of what does not hold, one analysis has one sentence at most, and so of what is
    undecided or described.
    """
    names = {page.url: page.model.name for page in plan.models}
    pages = dict.fromkeys(finding.page for finding in findings)
    own = [_in_turn([one for one in findings if one.page == page]) for page in pages]
    turns = [one for turn in zip_longest(*own) for one in turn if one is not None]
    ordered = sorted(turns, key=lambda one: (ORDER[one.level], _hinges(one)))
    first = {_kind(one): one for one in reversed(ordered)}
    kept = [one for one in ordered if one.level == "holds" or one is first[_kind(one)]][:LINES]
    return verdict_list(kept, [names.get(one.page, "") if len(names) > 1 else "" for one in kept])


def _hinges(finding: Finding) -> bool:
    """Return whether a sentence holds in fewer than half of the ways of computing it."""
    if finding.survival is None or finding.level != "holds":
        return False
    flips = finding.survival.flips(finding.twin or ())
    return 2 * len(flips) > len(finding.survival.ways)


def _kind(finding: Finding) -> tuple[str, Level]:
    return finding.analysis, finding.level


def _in_turn(findings: Sequence[Finding]) -> list[Finding]:
    """Return the first finding of every analysis, then the second of each, and so on."""
    asked: dict[str, list[Finding]] = {name: [] for name in HEADLINES}
    for finding in sorted(findings, key=lambda one: ORDER[one.level]):
        asked.setdefault(finding.analysis, []).append(finding)
    return [one for turn in zip_longest(*asked.values()) for one in turn if one is not None]
