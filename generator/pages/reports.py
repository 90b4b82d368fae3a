"""What the page of an analysis of all models and records shows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analyses.analysis import Analysis
from ..results.shapes import Finding, Result
from .compare import compare_view
from .coreference import coreference_view, of_few_pairs
from .counterfactuals import counterfactual_view
from .errors import errors_view
from .plan import Plan, ReportPage
from .sections import ResultSection, Section, result_sections
from .sentiment import sentiment_view
from .translation import of_few_texts, translation_view

REPORT = (
    Section("errors", ("errors",), "report/errors.html", ("errors",)),
    Section("sentiment", ("sentiment",), "report/sentiment.html", ("sentiment",)),
    Section("coreference", ("coreference",), "report/coreference.html", ("coreference",)),
    Section(
        "counterfactuals",
        ("counterfactuals",),
        "report/counterfactuals.html",
        ("counterfactuals",),
    ),
    Section("compare", ("compare",), "report/compare.html", ("compare",)),
    Section("translation", ("translation",), "report/translation.html", ("translation",)),
)
"""Reports that have a template of their own."""
VIEWS: Mapping[str, Callable[[Result], Any]] = {
    "compare": compare_view,
    "coreference": coreference_view,
    "counterfactuals": counterfactual_view,
    "errors": errors_view,
    "sentiment": sentiment_view,
    "translation": translation_view,
}
"""What the templates of some are given as `view`."""
QUIET: Mapping[str, Callable[[Finding], bool]] = {
    "coreference": of_few_pairs,
    "translation": of_few_texts,
}
"""Which sentences of some stand in a folded table, and have no line of their own."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as its page gets it: drawn by a template of its own, or by shape."""

    page: ReportPage
    analysis: Analysis
    result: Result
    template: str
    others: tuple[ResultSection, ...]

    @property
    def view(self) -> Any:
        """Return what its template shows, where that is more than its tables."""
        return VIEWS[self.page.of](self.result) if self.page.of in VIEWS else None


def report(page: ReportPage, analysis: Analysis, result: Result) -> Report:
    """Return what the page of a report shows."""
    own = next((one.template for one in REPORT if page.of in one.shows), "")
    found = () if own else tuple(result_sections(REPORT, {page.of: result}))
    return Report(page, analysis, result, own, found)


def lines_and_folded(
    page: ReportPage, findings: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Return the sentences that have a line of their own, and those that one table holds."""
    quiet = QUIET.get(page.of)
    folded = [one for one in findings if quiet and quiet(one)]
    return [one for one in findings if one not in folded], folded


def record_links(plan: Plan) -> dict[tuple[str, str, str], str]:
    """Return the address of each text's page by (model, corpus, record)."""
    pages = (page for row in plan.records for page in row)
    return {(p.model.model.name, p.corpus.name, p.record.id): p.url for p in pages}
