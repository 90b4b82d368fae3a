"""The pages of analyses of all models and records, and the files of their numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..analyses import analysis_of, by_name
from ..engine import Outcomes
from ..names import slug
from ..pages.errors import ErrorsView, Place, answers_bytes
from ..pages.model.measurements import measurements
from ..pages.packing import pack, pack_script
from ..pages.plan import Plan, ReportPage
from ..pages.reading_summary import RecordSummary
from ..pages.reports import Report, lines_and_folded, record_links, report
from ..pages.sections import shape_islands
from ..pages.verdicts import verdict_list
from ..results.codec import result_to_json
from ..results.shapes import Finding, Result, Table
from .tables import csv_text
from .writer import Site

SCHEMA = 1


def unconfirmed(summaries: Sequence[RecordSummary]) -> dict[Place, str]:
    """Return what the page of a text says where no word is confirmed, of each such text."""
    pages = ((one.page, one.unconfirmed) for one in summaries if one.unconfirmed)
    return {(p.model.model.name, p.corpus.name, p.record.id): said for p, said in pages}


def render_reports(
    site: Site,
    plan: Plan,
    found: Outcomes,
    unconfirmed: Mapping[Place, str],
    drawn_by: Mapping[str, str],
) -> list[Finding]:
    """Write the page and the numbers of every report; return their sentences.

    `unconfirmed` is said of answers for which no word is; `drawn_by` names, by model, the mean of
    heads that draws the lines of translations.
    """
    known = by_name()
    said: list[Finding] = []
    for page in plan.reports:
        result = found.results.get(page.name, Result(page.name))
        own = report(page, analysis_of(page.name), result)
        findings = [
            replace(finding, key=finding.key or finding.id, page=page.url, analysis=page.name)
            for finding in result.findings
        ]
        said += findings
        lines, folded = lines_and_folded(page, findings)
        failure = found.failures.get(page.name)
        site.page(
            page.url,
            "report.html",
            page=page,
            report=own,
            view=own.view,
            analysis=own.analysis,
            lines=verdict_list(lines, models=plan.model_pages),
            measured=measurements({page.name: folded}),
            claims=(0, 0),
            others=own.others,
            links=record_links(plan),
            unconfirmed=unconfirmed,
            drawn_by=drawn_by,
            rows={name: table.named for name, table in result.tables.items()},
            analyses=known,
            failures={page.of: failure.reason} if failure else {},
            island=_island(site, page, own, record_links(plan), unconfirmed),
        )
        if not result.empty:
            about = {"schema": SCHEMA, "name": page.name, "title": own.analysis.title}
            text = json.dumps(about | result_to_json(result), ensure_ascii=False, allow_nan=False)
            site.text(f"{page.data}.json", f"{text}\n")
            main = next(iter(result.tables.values()), Table((), ()))
            site.text(f"{page.data}.csv", csv_text(main.columns, main.rows))
    return said


def _island(
    site: Site,
    page: ReportPage,
    own: Report,
    links: Mapping[Place, str],
    unconfirmed: Mapping[Place, str],
) -> dict[str, Any]:
    """Return what the scripts of a report get, and write the answers that they filter."""
    island: dict[str, Any] = {"shapes": shape_islands(own.others)}
    view = own.view
    if isinstance(view, ErrorsView) and view.answers:
        at = f"maps/report-{slug(page.name)}.js"
        site.bytes(at, pack_script({"answers": pack(answers_bytes(view, links, unconfirmed))}))
        several = len(view.models) > 1
        about = {"at": at, "count": len(view.answers), "several": several, "values": view.values}
        island |= {"answers": about}
    return island
