"""Which pages an atlas has, where they lie and how they lead on to each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .capture import ModelInfo
from .corpus import Corpus, Record
from .names import slug

HOME, ABOUT, NOT_FOUND = "index.html", "about.html", "404.html"


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The page of one model: what its heads do over the whole corpus."""

    model: ModelInfo
    slug: str

    @property
    def url(self) -> str:
        """Return the address, relative to the site."""
        return f"models/{self.slug}.html"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The page of one record as one model read it. `plate` counts records from 1."""

    model: ModelPage
    corpus: Corpus
    record: Record
    slug: str
    plate: int

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
    """records[m][r]: record r as read by model m."""


def root(url: str) -> str:
    """Return what leads from a page back to the site's root: "", "../" or "../../"."""
    return "../" * url.count("/")


def plan(corpora: Sequence[Corpus], models: Sequence[ModelInfo], title: str | None) -> Plan:
    """Lay out one page for each model and for each record that a model read."""
    model_pages = tuple(
        ModelPage(info, name) for info, name in zip(models, _slugs([m.name for m in models]), strict=True)
    )
    entries = [(corpus, record) for corpus in corpora for record in corpus.records]
    names = _slugs([record.id for _, record in entries], [corpus.name for corpus, _ in entries])
    records = tuple(
        tuple(
            RecordPage(model, corpus, record, name, number)
            for number, ((corpus, record), name) in enumerate(zip(entries, names, strict=True), 1)
        )
        for model in model_pages
    )
    titles = [corpus.title for corpus in corpora]
    about = corpora[0].about if len(corpora) == 1 else ""
    return Plan(title or " · ".join(titles), about, model_pages, records)


def _slugs(names: Sequence[str], scopes: Sequence[str] | None = None) -> list[str]:
    """Return one slug a name; a name already taken is told apart by its scope, then by a number."""
    taken: set[str] = set()
    result = []
    for index, name in enumerate(names):
        candidate, attempt = slug(name), 1
        while candidate in taken:
            scope = scopes[index] if scopes else "again"
            candidate = slug(f"{scope}/{name}" if attempt == 1 else f"{scope}/{name}/{attempt}")
            attempt += 1
        taken.add(candidate)
        result.append(candidate)
    return result
