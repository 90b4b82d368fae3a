"""What could not be computed, for the pages and files that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..analyses import analysis_of
from ..engine import Kept
from ..pages.plan import HOME, Plan
from ..results.shapes import Failure, Finding


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

    @property
    def statement(self) -> str:
        """Return the sentence that stands where the result would be."""
        of = {"record": f" for text {self.record!r} as {self.model} reads it"}
        of["model"] = f" for {self.model}"
        return (
            f"{title(self.analysis)} could not be computed{of.get(self.scope, '')}: {self.reason}."
        )


def title(name: str) -> str:
    """Return what pages call an analysis."""
    return analysis_of(name).title


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
    return [*found, *_failed(kept.failures(kept.of_all), "corpus", HOME)]


def _failed(
    failures: Mapping[str, Failure], scope: str, page: str, *names: str
) -> Iterator[Failed]:
    for name, failure in failures.items():
        yield Failed(name, scope, page, failure.reason, failure.passing, *names)


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
