"""The sentences on the pages against data/findings.json, both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...pages.verdicts import MARKS
from ..archives import DamagedError
from ..built_site import FINDINGS, BuiltSite
from .page import Page, squeezed
from .problem import Problem


def sentences(site: BuiltSite, found: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield sentences that their page lacks, and lines of verdict that no finding stands behind."""
    try:
        findings = site.findings
        said = {(str(one["statement"]), str(one["page"])): one.get("level") for one in findings}
    except (DamagedError, KeyError) as error:
        reason = error.reason if isinstance(error, DamagedError) else f"an entry has no {error}"
        yield Problem(FINDINGS, reason, "sentence")
        return
    marks: dict[str, set[str]] = {}
    for (statement, page), level in said.items():
        marks.setdefault(squeezed(statement), set()).add(MARKS.get(level, "") if level else "")
        if page not in found:
            yield Problem(FINDINGS, f"names a page that is not there: {page[:80]}", "sentence")
        elif squeezed(statement) not in found[page].text:
            yield Problem(page, f"lacks the sentence: {statement[:120]}", "sentence")
    for url, page_ in found.items():
        for line in page_.verdicts:
            if line.said not in marks:
                what = "prints a sentence that is no finding"
                yield Problem(url, f"{what}: {line.said[:120]}", "sentence")
            elif line.mark not in marks[line.said]:
                what = "prints another verdict than the finding has"
                yield Problem(url, f"{what}: {line.said[:120]}", "sentence")
