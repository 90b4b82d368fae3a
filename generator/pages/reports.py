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
from .sections import ResultSection, report_section, result_sections
from .sentiment import sentiment_view
from .translation import of_few_texts, translation_view


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template of a report is given as `view`, and which sentences one table holds.

    Those have no line of their own: it is folded.
    """

    view: Callable[[Result], Any]
    folded: Callable[[Finding], bool] = lambda _: False


DRAWINGS: Mapping[str, Drawing] = {
    "errors": Drawing(errors_view),
    "sentiment": Drawing(sentiment_view),
    "coreference": Drawing(coreference_view, of_few_pairs),
    "counterfactuals": Drawing(counterfactual_view),
    "compare": Drawing(compare_view),
    "translation": Drawing(translation_view, of_few_texts),
}
"""How reports are drawn that have a template of their own, which `sections` lists."""


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
        drawing = DRAWINGS.get(self.page.of)
        return drawing.view(self.result) if drawing else None


def report(page: ReportPage, analysis: Analysis, result: Result) -> Report:
    """Return what the page of a report shows."""
    own = report_section(page.of)
    found = () if own else tuple(result_sections((), {page.of: result}))
    return Report(page, analysis, result, own.template if own else "", found)


def lines_and_folded(
    page: ReportPage, findings: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Return the sentences that have a line of their own, and those that one table holds."""
    drawing = DRAWINGS.get(page.of)
    folded = [one for one in findings if drawing and drawing.folded(one)]
    return [one for one in findings if one not in folded], folded


def record_links(plan: Plan) -> dict[tuple[str, str, str], str]:
    """Return the address of each text's page by (model, corpus, record)."""
    pages = (page for row in plan.records for page in row)
    return {(p.model.model.name, p.corpus.name, p.record.id): p.url for p in pages}
