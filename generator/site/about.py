"""What the page on method and provenance says of each analysis, and the maps it teaches with."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from ..analyses.analysis import Analysis
from ..pages.model_summary import HeadMap, Place

WEB = re.compile(r"https://\S+")
NEEDS = {
    "contrast": "texts that name another answer",
    "choice": "texts with a mention and candidates",
    "mentions": "texts with a mention and candidates",
    "causal": "texts that differ in one thing",
    "syntax": "texts with dependency trees",
    "semantic": "an answer to explain",
    "errors": "labels, and a model that classifies",
    "sentiment": "a model that classifies",
    "alignment": "a model that translates, and links that people drew",
    "weighted_alignment": "a model that translates, and links that people drew",
    "own_translation": "translations that people wrote",
    "translation": "a model that translates",
    "coreference": "texts with a mention and candidates",
    "counterfactuals": "texts that differ in one thing",
    "compare": "two models",
}
"""What an analysis needs to say anything, where that is not in every text and model."""
DIAGONAL = ("previous", "next", "self")
COLUMN = ("delimiter", "first", "punctuation")


@dataclass(frozen=True, slots=True)
class Citation:
    """A work that an analysis rests on; `link` is its https address or nothing."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Method:
    """An analysis as the page on method shows it."""

    analysis: Analysis
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A small real map that shows one pattern."""

    place: Place
    says: str


def method(analysis: Analysis) -> Method:
    """Return an analysis with its citations taken apart."""
    works = [part.strip() for part in analysis.cite.split(";") if part.strip()]
    return Method(analysis, tuple(map(citation, works)))


def not_here(known: Iterable[Analysis], asked: Container[str]) -> list[str]:
    """Return what is not on a site, each with what it would take: `Syntax (needs trees)`."""
    missing = [one for one in known if one.name not in asked]
    return [f"{one.title} ({_takes(one)})" for one in missing]


def _takes(analysis: Analysis) -> str:
    if analysis.optional:
        return f"--with {analysis.name}"
    if analysis.name in NEEDS:
        return f"needs {NEEDS[analysis.name]}"
    return "needs the model itself" if analysis.asks else "left out"


def citation(work: str) -> Citation:
    """Return a citation and the address at its end."""
    found = WEB.search(work)
    link = found.group().rstrip(".,)") if found else ""
    return Citation(work.replace(link, "").strip(" ,.") if link else work, link)


def reading_examples(shown: HeadMap | None) -> list[Example]:
    """Return up to three heads of a model: a diagonal, a column, and scattered cells."""
    if shown is None:
        return []
    beside = {"previous": "one back", "next": "one ahead", "self": "at itself"}
    examples = []
    if diagonal := _with_role(shown, DIAGONAL):
        examples.append(Example(diagonal, f"A diagonal: each token looks {beside[diagonal.role]}."))
    if column := _with_role(shown, COLUMN):
        examples.append(Example(column, "A column: all rest on the same token."))
    if shown.scattered:
        examples.append(Example(shown.scattered, "Scattered cells: particular words meet."))
    return examples


def _with_role(shown: HeadMap, roles: tuple[str, ...]) -> Place | None:
    return next((place for place in shown.strongest if place.role in roles), None)
