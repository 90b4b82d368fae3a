"""Which pages an atlas has, where they lie and how they lead on to each other. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ..analyses import chosen
from ..analyses.analysis import Comparison
from ..capture import ModelInfo
from ..corpus import Corpus, Record, scoped
from ..names import head_label, report_name, slug
from ..results.shapes import Result
from .head_rows import Key, paged, role_rows

if TYPE_CHECKING:
    from ..engine import Kept

HOME, ABOUT, NOT_FOUND = "index.html", "about.html", "404.html"


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The page of one model: what its heads do over the whole corpus; and those of its heads."""

    model: ModelInfo
    slug: str
    head_keys: tuple[Key, ...] = ()

    @property
    def url(self) -> str:
        """Return the address, relative to the site."""
        return f"models/{self.slug}.html"

    @property
    def heads_at(self) -> str:
        """Return the folder of the pages of its heads."""
        return f"heads/{self.slug}/"

    @property
    def heads(self) -> tuple[HeadPage, ...]:
        """Return the pages of its heads, in the order of the model."""
        return tuple(HeadPage(self, *key) for key in self.head_keys)

    def head_url(self, kind: str, layer: int, head: int) -> str:
        """Return the address of the page of one head."""
        return f"{self.heads_at}{kind}-{head_label(layer, head)}.html"


@dataclass(frozen=True, slots=True)
class HeadPage:
    """Which head a page is about, and where it lies."""

    model: ModelPage
    kind: str
    layer: int
    head: int

    @property
    def key(self) -> Key:
        """Return kind, layer and head."""
        return self.kind, self.layer, self.head

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)

    @property
    def url(self) -> str:
        """Return the address, relative to the site."""
        return self.model.head_url(*self.key)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page of one analysis of all models and records."""

    name: str
    of: str = ""
    """The analysis, where it has a report for each two models."""
    models: tuple[str, ...] = ()
    """The two models, where it is about two."""

    @property
    def label(self) -> str:
        """Return the words that lead to it from every page."""
        from .sections import report_section  # brings numpy, which an unchanged build goes without

        section = report_section(self.of)
        return section.words if section and section.words else self.term

    @property
    def term(self) -> str:
        """Return what the field calls it."""
        return self.of.replace("_", " ").capitalize()

    @property
    def between(self) -> str:
        """Return the two models in words, nothing where a report is about all."""
        return " and ".join(self.models)

    @property
    def url(self) -> str:
        """Return the address, relative to the site."""
        return f"reports/{slug(self.name)}.html"

    @property
    def data(self) -> str:
        """Return what the addresses of its numbers begin with."""
        return f"data/reports/{slug(self.name)}"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The page of one record as one model read it. `number` counts texts from 1."""

    model: ModelPage
    corpus: Corpus
    record: Record
    slug: str
    number: int

    @property
    def url(self) -> str:
        """Return the address, relative to the site."""
        return f"records/{self.model.slug}/{self.slug}.html"

    @property
    def data(self) -> str:
        """Return the address of the numbers."""
        return f"data/{self.model.slug}/{self.slug}.safetensors"

    @property
    def maps(self) -> str:
        """Return the address that every packed matrix of this page starts with."""
        return f"maps/{self.model.slug}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of a site, in reading order."""

    title: str
    about: str
    models: tuple[ModelPage, ...]
    records: tuple[tuple[RecordPage, ...], ...]
    """For each model, the records it read, by number."""
    several: bool = False
    """Whether the records are of more than one corpus."""
    reports: tuple[ReportPage, ...] = ()

    @property
    def main_reports(self) -> tuple[ReportPage, ...]:
        """Return the reports that every page leads to: of those for each two models, the first."""
        return tuple({page.of: page for page in reversed(self.reports)}.values())[::-1]

    @property
    def model_pages(self) -> dict[str, str]:
        """Return the addresses of the models' pages by name."""
        return {page.model.name: page.url for page in self.models}

    def difference(self, report: ReportPage) -> str:
        """Return the address of what changed between two models on the first text of both."""
        before, after = report.models
        rows = {page.model.name: row for page, row in zip(self.models, self.records, strict=True)}
        both = {page.number for page in rows[before]}
        first = next((page for page in rows[after] if page.number in both), None)
        return f"{first.url}#{urlencode({'vs': before})}" if first else ""

    @property
    def texts(self) -> int:
        """Return how many records were read by any model."""
        return len({page.number for row in self.records for page in row})

    @property
    def pages(self) -> int:
        """Return how many pages there are: home, about and the one for a wrong address, too."""
        rows = (*self.records, self.models, self.reports, *(page.head_keys for page in self.models))
        return sum(map(len, rows)) + 3

    def identified(self, page: RecordPage) -> str:
        """Return the id of a record in what was found of many: of several corpora, with its own."""
        return scoped(page.record, page.corpus.name).id if self.several else page.record.id

    def neighbours(self, page: RecordPage) -> tuple[RecordPage | None, RecordPage | None]:
        """Return the pages before and after this one, as read by the same model."""
        row = self.of_model(page.model)
        at = bisect_left(row, page.number, key=_number)
        return (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)

    def windows(self, page: RecordPage) -> tuple[RecordPage | None, RecordPage | None]:
        """Return the windows of the same text before and after this one, where there are such."""

        def of_text(other: RecordPage | None) -> RecordPage | None:
            window, own = (p.record.window if p else None for p in (other, page))
            same = window and own and window.record == own.record
            return other if other and same and other.corpus == page.corpus else None

        before, after = self.neighbours(page)
        return of_text(before), of_text(after)

    def siblings(self, page: RecordPage) -> tuple[RecordPage, ...]:
        """Return the pages of the same record, one for each model that read it."""
        found = ((row, bisect_left(row, page.number, key=_number)) for row in self.records)
        return tuple(
            row[at] for row, at in found if at < len(row) and row[at].number == page.number
        )

    def of_model(self, page: ModelPage) -> tuple[RecordPage, ...]:
        """Return the pages of the records that a model read."""
        return self.records[self.models.index(page)]


def _number(page: RecordPage) -> int:
    return page.number


def root(url: str) -> str:
    """Return what leads from a page back to the site's root: "", "../" or "../../"."""
    return "../" * url.count("/")


def lay_out(kept: Kept, title: str | None = None) -> Plan:
    """Return every page of a site, from everything that was found."""
    heads, found = {}, kept.everything()
    for model in kept.models:
        profile = kept.model(model).results.get("profile", Result("profile"))
        heads[model.name] = paged(role_rows(profile))
    reports = [*found.results, *found.failures]
    return plan(kept.corpora, kept.models, title, kept.unread, heads, reports)


def plan(
    corpora: Sequence[Corpus],
    models: Sequence[ModelInfo],
    title: str | None = None,
    unread: Container[tuple[str, str, str]] = (),
    heads: Mapping[str, Sequence[Key]] | None = None,
    reports: Sequence[str] = (),
) -> Plan:
    """Lay out a page for each model, for each record that a model read, for heads and reports.

    `unread` holds (model, corpus, record) names for which there is no capture, `heads` by model
    those that get a page, `reports` the names of analyses.
    """
    model_slugs = _slugs([model.name for model in models])
    model_pages = tuple(
        ModelPage(model, name, tuple((heads or {}).get(model.name, ())))
        for model, name in zip(models, model_slugs, strict=True)
    )
    entries = [(corpus, record) for corpus in corpora for record in corpus.records]
    slugs = _slugs([record.id for _, record in entries], [corpus.name for corpus, _ in entries])
    records = tuple(
        tuple(
            RecordPage(model, corpus, record, name, number)
            for number, ((corpus, record), name) in enumerate(zip(entries, slugs, strict=True), 1)
            if (model.model.name, corpus.name, record.id) not in unread
        )
        for model in model_pages
    )
    about = corpora[0].about if len(corpora) == 1 else ""
    titles = dict.fromkeys(corpus.title for corpus in corpora)
    several = len(corpora) > 1
    named = title or " · ".join(titles)
    pages = tuple(_report(name, [model.name for model in models]) for name in reports)
    return Plan(named, about, model_pages, records, several, pages)


def _report(name: str, models: Sequence[str]) -> ReportPage:
    """Return the page of a report, which is named after its analysis, or after that and two models.

    That of two models is told by putting every two of them together as the name does.
    """
    for analysis in chosen(Comparison):
        for two in combinations(models, 2) if analysis.pairwise else ():
            if name == report_name(analysis.name, two):
                return ReportPage(name, analysis.name, two)
    return ReportPage(name, name)


def _slugs(names: Sequence[str], scopes: Sequence[str] | None = None) -> list[str]:
    """Return one slug a name; a name already taken is told apart by its scope, then by a number."""
    taken: dict[str, None] = {}
    for index, name in enumerate(names):
        candidate, attempt = slug(name), 1
        while candidate in taken:
            scope = scopes[index] if scopes else "again"
            candidate = slug(f"{scope}/{name}" if attempt == 1 else f"{scope}/{name}/{attempt}")
            attempt += 1
        taken[candidate] = None
    return list(taken)
