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
        if page in site.left_out:
            continue
        if page not in found:
            yield Problem(FINDINGS, f"names a page that is not there: {page[:80]}", "sentence")
        elif any(part not in found[page].text for part in _shown(statement, level)):
            yield Problem(page, f"lacks the sentence: {statement[:120]}", "sentence")
    yield from _lines(found, marks)


def _shown(statement: str, level: object) -> list[str]:
    """Return what a page shows of a sentence: of a failure, title and reason stand apart."""
    if level:
        return [squeezed(statement)]
    title, _, rest = statement.partition(" could not be computed")
    return [squeezed(title), squeezed(rest.partition(": ")[2].rstrip("."))]


def _lines(found: Mapping[str, Page], marks: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Yield lines of verdict that no finding stands behind."""
    for url, page_ in found.items():
        for line in page_.verdicts:
            if line.said not in marks:
                what = "prints a sentence that is no finding"
                yield Problem(url, f"{what}: {line.said[:120]}", "sentence")
            elif line.mark not in marks[line.said]:
                what = "prints another verdict than the finding has"
                yield Problem(url, f"{what}: {line.said[:120]}", "sentence")
