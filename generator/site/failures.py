"""What could not be computed, for the pages and files that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..analyses import by_name
from ..engine import Kept
from ..pages.plan import Plan
from ..results.shapes import Failure, Finding
from ..results.wording import listed


@dataclass(frozen=True, slots=True)
class Failed:
    """An analysis without a result: of a text, of a model, or of everything.

    `tried_again` says that the next build tries once more, since nothing in the input explains it.
    """

    analysis: str
    scope: str
    page: str
    reason: str
    tried_again: bool
    model: str | None = None
    corpus: str | None = None
    record: str | None = None
    models: tuple[str, ...] = ()
    """The two models, where a report is of two."""

    @property
    def statement(self) -> str:
        """Return the sentence that stands where the result would be."""
        of = {"record": f" for text {self.record!r} as {self.model} reads it"}
        of["model"] = f" for {self.model}"
        of["corpus"] = f" for {listed(self.models)}" if self.models else ""
        title = by_name()[self.analysis].title
        return f"{title} could not be computed{of[self.scope]}: {self.reason}."


def all_failures(kept: Kept, plan: Plan) -> list[Failed]:
    """Return every failure, those of texts first."""
    found = []
    pages = {
        (p.model.model.name, p.corpus.name, p.record.id): p for row in plan.records for p in row
    }
    for place, page in pages.items():
        failures = kept.failures(kept.of_record.get(place, {}))
        found += [*_failed(failures, "record", page.url, *place)]
    for model in plan.models:
        failures = kept.failures(kept.of_models.get(model.model.name, {}))
        found += [*_failed(failures, "model", model.url, model.model.name)]
    failures = kept.failures(kept.of_all)
    for report in plan.reports:
        if failure := failures.get(report.name):
            [one] = _failed({report.of: failure}, "corpus", report.url)
            found.append(replace(one, models=report.models))
    return found


def _failed(
    failures: Mapping[str, Failure],
    scope: str,
    page: str,
    model: str | None = None,
    corpus: str | None = None,
    record: str | None = None,
) -> Iterator[Failed]:
    for name, failure in failures.items():
        yield Failed(name, scope, page, failure.reason, failure.passing, model, corpus, record)


def as_findings(failed: Sequence[Failed]) -> list[Finding]:
    """Return a finding for each failure, so that a reader of findings.json meets it."""
    return [
        Finding(
            id=f"{one.page.removesuffix('.html').replace('/', '-')}-{one.analysis}-failed",
            statement=one.statement,
            page=one.page,
            failed=True,
            analysis=one.analysis,
            model=one.model or "",
            key=f"{one.analysis}-failed",
        )
        for one in failed
    ]


def counted(failed: Sequence[Failed]) -> tuple[tuple[str, int], ...]:
    """Return how many texts, or models, each analysis failed on."""
    return tuple(Counter(one.analysis for one in failed).items())
