"""The page of one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..analyses import by_name
from ..charts.roles import ROLE_MARKS
from ..pages.model.answers import ModelAnswers, model_answers
from ..pages.model.measurements import measurements
from ..pages.model.metrics import KIND_WORDS, PROFILE, PROFILE_TITLES
from ..pages.model.page_data import model_island, notable_heads, roles_script
from ..pages.model.repeated_tokens import WORDS, copy_rows
from ..pages.model.similarity import distance_scripts
from ..pages.model.syntax import relations, word_pairs
from ..pages.model_summary import ModelSummary, model_summary
from ..pages.plan import ModelPage, Plan
from ..pages.reading_summary import RecordSummary as RecordSummary
from ..pages.record.page_data import roles_at
from ..pages.sections import MODEL, Section, result_sections, shape_islands
from ..results.shapes import Finding, Result
from .indexes import model_tables
from .writer import Site


def render_model(
    site: Site,
    plan: Plan,
    page: ModelPage,
    results: Mapping[str, Result],
    summaries: Sequence[RecordSummary],
    failures: Mapping[str, str] | None = None,
) -> ModelSummary:
    """Write the page of one model; return what the home page and the method page say of it.

    `failures` says, by analysis, in one sentence what could not be found of the model itself.
    """
    site.bytes(roles_at(page), roles_script(results))
    for address, script in distance_scripts(page, results):
        site.bytes(address, script)
    found = model_summary(page, results, summaries)
    findings_of = {name: _said_of(page, result) for name, result in results.items()}
    others = result_sections(MODEL, results)
    asked = model_answers(summaries)
    records = plan.of_model(page)
    known = {plan.identified(record_page): record_page for record_page in records}
    shown = {"relations": relations(results), "pairs": word_pairs(results, known)}
    island = model_island(found, results)
    site.page(
        page.url,
        "model.html",
        page=page,
        summary=found,
        short=[said.facts for said in findings_of.get("profile", ())[:2]],
        asked=asked,
        errors_at=_report(plan, "errors"),
        translations_at=_report(plan, "translation"),
        measured=measurements(findings_of),
        claims=_claims(findings_of),
        records=records,
        analyses=by_name(),
        failures=failures or {},
        sections=_sections(asked, findings_of, shown, island),
        others=others,
        section_data=shown,
        tables=model_tables(results),
        tokens=sum(entry.tokens for entry in summaries),
        head_rows=notable_heads(results),
        results=results,
        copies=copy_rows(results),
        words=WORDS,
        role_marks=ROLE_MARKS,
        counts={mark.name: count for mark, count in found.roles},
        profiles=PROFILE,
        metric_titles=PROFILE_TITLES,
        kind_words=KIND_WORDS,
        island=island | {"shapes": shape_islands(others)},
    )
    return found


def _report(plan: Plan, of: str) -> str:
    """Return the address of a report, empty where there is none."""
    return next((one.url for one in plan.reports if one.of == of), "")


def _said_of(page: ModelPage, result: Result) -> list[Finding]:
    """Return the findings of a result, with the page and the model that they are about."""
    page_of, model = page.url, page.model.name
    return [replace(finding, page=page_of, model=model) for finding in result.findings]


def _claims(findings_of: Mapping[str, Sequence[Finding]]) -> tuple[int, int]:
    """Return how many claims hold, and how many were made, told or not."""
    said = [one for part in findings_of.values() for one in part if one.claim]
    return sum(one.level == "holds" for one in said), max(
        (one.claims or 0 for one in said), default=0
    )


def _sections(
    asked: ModelAnswers,
    findings_of: Mapping[str, Sequence[Finding]],
    shown: Mapping[str, Any],
    island: Mapping[str, Any],
) -> list[Section]:
    """Return the sections that there is something for; those of single heads need their numbers."""
    there = {
        "answers": bool(asked.square or asked.given),
        "measured": any(findings_of.values()),
        "answer": bool(island["dots"]),
        "syntax": bool(island["relations"]),
        "context": bool(shown["pairs"]),
        "copies": "repeated_tokens" in findings_of,
        "similarity": bool(island["similarity"]),
    }
    return [section for section in MODEL if there.get(section.id, bool(island["kinds"]))]
