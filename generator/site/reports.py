"""The pages of analyses of all models and records, and the files of their numbers."""

from __future__ import annotations

import json
from dataclasses import replace

from ..analyses import by_name
from ..engine import Outcomes
from ..pages.plan import Plan
from ..pages.reports import confusions, record_links, report, rows_of, wrong_of
from ..pages.sections import shape_islands
from ..pages.verdicts import verdict_line
from ..results.codec import result_to_json
from ..results.shapes import Finding, Result, Table
from .tables import csv_text
from .writer import Site

SCHEMA = 1


def render_reports(site: Site, plan: Plan, found: Outcomes) -> list[Finding]:
    """Write the page and the numbers of every report; return their sentences."""
    known = by_name()
    said: list[Finding] = []
    for page in plan.reports:
        result = found.results.get(page.name, Result(page.name))
        own = report(page, known[page.name], result)
        findings = [
            replace(finding, key=finding.id, page=page.url, analysis=page.name)
            for finding in result.findings
        ]
        said += findings
        failure = found.failures.get(page.name)
        site.page(
            page.url,
            "report.html",
            page=page,
            report=own,
            view=own.view,
            analysis=own.analysis,
            lines=[verdict_line(finding) for finding in findings],
            others=own.others,
            links=record_links(plan),
            rows={name: rows_of(table) for name, table in result.tables.items()},
            wrong=wrong_of(result) if "records" in result.tables else {},
            confusions=confusions(result) if "confusion" in result.tables else [],
            analyses=known,
            failures={page.name: failure.reason} if failure else {},
            island={"shapes": shape_islands(own.others)},
        )
        if not result.empty:
            about = {"schema": SCHEMA, "name": page.name, "title": own.analysis.title}
            text = json.dumps(about | result_to_json(result), ensure_ascii=False, allow_nan=False)
            site.text(f"{page.data}.json", f"{text}\n")
            main = next(iter(result.tables.values()), Table((), ()))
            site.text(f"{page.data}.csv", csv_text(main.columns, main.rows))
    return said
