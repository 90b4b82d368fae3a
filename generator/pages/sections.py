"""Which analysis is shown where and how: the one list.

An analysis that no section shows is drawn by the shapes of its results (`shape_figures`), on every
kind of page, so that another package needs no template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ..analyses import by_name
from ..analyses.analysis import Analysis
from ..capture import Capture
from ..names import slug
from ..results.shapes import Result
from .shape_figures import ShapeFigure, shape_figures, used

WHY_NOT = "why_not"
"""The column of a table that says why something was not asked."""
LETTERS = "defghijklmnopqrstuvwxyz"
"""What figures of record pages are numbered with after the three that all have."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a kind of page with a template of its own.

    `shows` are the analyses that need no other place on such a page; the section is there when one
    of `needs` has a result. `words` stand in the contents of the page. A section without a
    template lies within another. One that `obeys` follows the bar of controls and the chosen head
    of a record page, and stands beside them; `figures` of it are numbered.
    """

    id: str
    shows: tuple[str, ...]
    template: str = ""
    needs: tuple[str, ...] = ()
    words: str = ""
    look: str = ""
    obeys: bool = False
    figures: int = 1


RECORD = (
    Section("picker", ("heads",)),
    Section("rollout", ("rollout",), "record/rollout.html", ("rollout",), obeys=True),
    Section("flow", ("flow",), "record/flow.html", ("flow",), look="grid", obeys=True),
    Section(
        "gradients",
        ("gradients",),
        "record/gradients.html",
        ("gradients",),
        obeys=True,
        figures=0,
    ),
    Section(
        "value_zeroing",
        ("value_zeroing",),
        "record/value_zeroing.html",
        ("value_zeroing",),
        obeys=True,
    ),
    Section("inside", ("scores", "norms"), "record/inside.html", ("scores", "norms"), obeys=True),
    Section("tree", ("syntax",), "record/tree.html", ("syntax",)),
    Section(
        "explained",
        (
            "saliency", "relevance", "smoothgrad", "complete_gradients", "contrast", "anchors",
            "faithfulness", "word_erasure",
        ),
        "record/explained.html",
        needs=("saliency",),
        look="grid scripted",
        figures=2,
    ),
    Section("importance", ("importance",), "record/importance.html", ("importance",)),
)  # fmt: skip

MODEL = (
    Section("answers", (), "model/answers.html", words="Its answers"),
    Section("maps", ("profile",), "model/maps.html", words="Heads"),
    Section("layers", ("profile",), "model/layers.html", words="Layers"),
    Section(
        "answer",
        (
            "anchors", "agreement", "faithfulness", "relevance", "semantic", "norms", "importance",
            "alignment", "weighted_alignment", "own_translation", "habits",
        ),
        "model/methods.html",
        words="Methods",
    ),
    Section("syntax", ("syntax",), "model/syntax.html", words="Syntax"),
    Section(
        "measured", ("profile", "links"), "model/measurements.html", words="Measurements",
        look="closed",
    ),
    Section(
        "context", ("context",), "model/context.html", words="Words in two texts", look="closed"
    ),
    Section(
        "copies", ("repeated_tokens",), "model/repeated_tokens.html", words="Earlier copies",
        look="closed",
    ),
    Section(
        "similarity", ("similarity",), "model/similarity.html", words="Heads alike", look="closed"
    ),
    Section(
        "all-heads", ("profile",), "model/head_table.html", words="Head by head", look="closed"
    ),
)  # fmt: skip


REPORT = (
    Section("errors", ("errors",), "report/errors.html"),
    Section("sentiment", ("sentiment",), "report/sentiment.html"),
    Section("coreference", ("coreference",), "report/coreference.html", words="Who is meant"),
    Section(
        "counterfactuals", ("counterfactuals",), "report/counterfactuals.html",
        words="Small changes",
    ),
    Section("compare", ("compare",), "report/compare.html"),
    Section("translation", ("translation",), "report/translation.html"),
)  # fmt: skip
"""Each is a page; `words` lead to it where the term of the field says little to others."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A section of one page: the first of its results, and the letters of its figures."""

    section: Section
    result: Result | None = None
    analysis: Analysis | None = None
    letters: str = ""

    def numbers(self, page: int) -> list[str]:
        """Return what the figures of this section are called on that page: "3d"."""
        return [f"{page}{letter}" for letter in self.letters]


@dataclass(frozen=True, slots=True)
class ResultSection:
    """An analysis that is drawn by shape: its figures, each with its place among all of a page."""

    analysis: Analysis
    result: Result
    figures: tuple[tuple[int, ShapeFigure], ...]

    @property
    def slug(self) -> str:
        """Return what its files and its place on the page are called."""
        return slug(self.analysis.name)


def record_sections(results: Mapping[str, Result]) -> list[Shown]:
    """Return the sections of a record page that there is something for, in order."""
    known, found = by_name(), []
    letters = iter(LETTERS)
    for section in RECORD:
        first = next((name for name in section.needs if name in results), None)
        if first is not None:
            own = "".join(islice(letters, section.figures))
            found.append(Shown(section, results[first], known[first], own))
    return found


def report_section(analysis: str) -> Section | None:
    """Return how the report of an analysis is shown, None where it is drawn by shape."""
    return next((section for section in REPORT if analysis in section.shows), None)


def result_sections(
    sections: Sequence[Section], results: Mapping[str, Result], capture: Capture | None = None
) -> list[ResultSection]:
    """Return what no section shows and has something to be drawn, by shape."""
    known = by_name()
    placed = {name for section in sections for name in section.shows}
    found, count = [], 0
    for name, result in results.items():
        if name in placed or name not in known or not result.drawable:
            continue
        figures = shape_figures(result, capture)
        if not figures and _not_asked(result):
            continue
        found.append(ResultSection(known[name], result, tuple(enumerate(figures, count))))
        count += len(figures)
    return found


def _not_asked(result: Result) -> bool:
    """Return whether a result only says why something was not asked: its file says so, too."""
    names = {name for table in result.tables.values() for name in used(table).columns}
    return not result.findings and names == {WHY_NOT}


def shape_islands(found: Sequence[ResultSection]) -> list[dict[str, object]]:
    """Return what the scripts get of all figures that are drawn by shape, in their order."""
    return [figure.island() for section in found for _, figure in section.figures]
