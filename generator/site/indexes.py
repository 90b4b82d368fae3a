"""The files that let others find and read the numbers: atlas.json, findings, heads by model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..config import Settings
from ..corpus import record_to_json
from ..data.model_file import RESULTS
from ..pages.plan import ModelPage, Plan, RecordPage
from ..pages.reading_summary import RecordSummary
from ..results.shapes import Finding, Result
from ..results.untrained import Untrained, untrained_to_json
from ..results.wording import sentence
from .failures import Failed
from .predictions import answered
from .provenance import Provenance, short_columns, short_corpora, short_name
from .receipt import ELSEWHERE
from .tables import findings_json, heads_alike_csv, heads_csv, heads_intervals_csv, syntax_csv
from .writer import Site

SCHEMA = 1


def corpus_header(plan: Plan, page: RecordPage) -> dict[str, Any]:
    """Return what a data file says of its corpus; `order` is its model and its number."""
    corpus = page.corpus
    return {
        "name": corpus.name,
        "title": corpus.title,
        "about": corpus.about,
        "licence": corpus.licence,
        "source": corpus.source,
        "task": corpus.task,
        "sha256": corpus.sha256,
        "form": corpus.form,
        "part": corpus.part,
        "notes": list(corpus.notes),
        "order": [plan.models.index(page.model), page.number],
    }


def write_indexes(
    site: Site,
    plan: Plan,
    provenance: Provenance,
    findings: Sequence[Finding],
    settings: Settings,
    failed: Sequence[Failed],
    untrained: Mapping[str, Untrained],
    summaries: Sequence[RecordSummary] = (),
) -> None:
    """Write atlas.json, the table of contents, and data/findings.json, the sentences."""
    pages = [page for row in plan.records for page in row]
    records = {page.number: page for page in pages}
    answers = {one.page.url: answered(one) for one in summaries}
    site.json(
        "atlas.json",
        {
            "schema": SCHEMA,
            "title": plan.title,
            "models": [
                {
                    **asdict(page.model),
                    "page": page.url,
                    "head_pages": [head.url for head in page.heads],
                    "untrained": _copies(untrained.get(page.model.name)),
                }
                for page in plan.models
            ],
            "records": [
                {"number": number, "corpus": page.corpus.name, **record_to_json(page.record)}
                for number, page in sorted(records.items())
            ],
            "captures": [
                {
                    "model": page.model.model.name,
                    "corpus": page.corpus.name,
                    "record": page.record.id,
                    "page": page.url,
                    "data": page.data,
                    **answers.get(page.url, {}),
                }
                for page in pages
            ],
            "reports": [{"name": page.name, "page": page.url} for page in plan.reports],
            "failures": [asdict(one) for one in failed],
            "settings": _portable(settings),
            "provenance": asdict(provenance),
        },
    )
    site.text("data/findings.json", findings_json(findings))


def _copies(copies: Untrained | None) -> dict[str, Any] | None:
    """Return by which seeds a model has untrained copies, and how many texts each has read."""
    return {"seeds": copies.seeds, "records": copies.records} if copies else None


def _portable(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON; files and folders by name only, those of the output left out."""
    chosen = asdict(settings)
    for name in ELSEWHERE:
        del chosen[name]
    chosen["corpora"] = short_corpora(settings)
    chosen["column"] = short_columns(settings)
    chosen["models"] = [short_name(name) for name in settings.models]
    chosen["arrays"] = settings.arrays.name if settings.arrays else None
    chosen["from_sites"] = [short_name(name) for name in settings.from_sites]
    return chosen


def write_results(
    site: Site,
    page: ModelPage,
    answers: Mapping[str, Any],
    copies: Untrained | None,
    remarks: Sequence[str],
) -> None:
    """Write what was found of a model itself, so that a build from these numbers has it, too.

    `remarks` are sentences on how its files were read.
    """
    if answers or copies or remarks:
        about: dict[str, Any] = {"schema": SCHEMA, "model": page.model.name}
        about |= {"results": dict(answers)}
        about |= {"untrained": untrained_to_json(copies)} if copies else {}
        about |= {"remarks": list(remarks)} if remarks else {}
        site.text(f"data/{page.slug}/{RESULTS}", json.dumps(about, separators=(",", ":")) + "\n")


def write_heads(site: Site, page: ModelPage, results: Mapping[str, Result]) -> None:
    """Write heads.csv, heads_intervals.csv and, for two heads and more, heads_alike.csv."""
    folder = f"data/{page.slug}"
    if "profile" in results:
        site.text(f"{folder}/heads.csv", heads_csv(results["profile"]))
        site.text(f"{folder}/heads_intervals.csv", heads_intervals_csv(results["profile"]))
    if "similarity" in results:
        site.text(f"{folder}/heads_alike.csv", heads_alike_csv(results["similarity"]))
    for name, _ in model_tables(results):
        site.text(f"{folder}/{name}", syntax_csv(results))


def model_tables(results: Mapping[str, Result]) -> list[tuple[str, str]]:
    """Return the files that only some models have: their names, and what they hold."""
    names = {"syntax": "Syntactic", "semantic": "semantic"}
    scored = [names[name] for name in names if name in results and results[name].grids]
    return [("syntax.csv", f"{sentence(' and '.join(scored))} scores")] if scored else []
