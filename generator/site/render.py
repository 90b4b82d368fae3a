"""Pages from results: each function renders one kind of page and the files it loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ..analyses import analyses, chosen
from ..analyses.analysis import Analysis, RecordProbe
from ..analyses.saliency import ANALYSIS as EXPLAINED
from ..array_types import Bytes
from ..capture import Capture, ModelInfo
from ..capture.token_positions import why_no_target
from ..charts.roles import ROLE_MARKS, RoleMark
from ..config import Settings
from ..corpus.labels import agrees, gold_words
from ..pages import home
from ..pages.model.metrics import KIND_WORDS, PROFILE, PROFILE_TITLES
from ..pages.model.page_data import model_island, notable_heads, roles_script
from ..pages.model.repeated_tokens import WORDS, copy_rows
from ..pages.model.similarity import distance_scripts
from ..pages.model.syntax import relations, word_pairs
from ..pages.model_summary import Digest, digest
from ..pages.packing import pack, pack_script, pool
from ..pages.plan import ABOUT, HOME, NOT_FOUND, ModelPage, Plan, RecordPage
from ..pages.reading_summary import MapShape
from ..pages.reading_summary import RecordSummary as RecordSummary
from ..pages.record.page_data import record_island, record_scripts, roles_at
from ..pages.record.read_as import read_as
from ..pages.record.static_picture import still
from ..pages.sections import (
    MODEL,
    RECORD,
    record_sections,
    result_sections,
    shape_islands,
    shown_by,
)
from ..pages.verdicts import verdict_line
from ..results.shapes import Finding, Result
from .about import method, reading_examples
from .failures import Failed
from .indexes import model_tables
from .provenance import Provenance
from .writer import Site


def shared(
    plan: Plan, provenance: Provenance, settings: Settings, failed: Sequence[Failed] = ()
) -> dict[str, Any]:
    """Return what every page of a site may name."""
    ours = provenance.versions.get("attnatlas", "")
    return {
        "plan": plan,
        "version": ours,
        "base_url": settings.base_url,
        "searchable": plan.texts > 1,
        "failed": failed,
        "built": {
            "says": f"Built {provenance.day} with attnatlas {ours}",
            "corpus": ", ".join(corpus.sha256[:12] for corpus in provenance.corpora),
        },
    }


def summary(page: RecordPage, capture: Capture) -> RecordSummary:
    """Return the index entry of a capture."""
    return RecordSummary(
        page=page,
        tokens=len(capture.maps[0].queries),
        prediction=capture.prediction,
        truncated=capture.truncated,
        thumb=thumbnail(capture),
        shapes=tuple(MapShape(m.kind, *m.weights.shape) for m in capture.maps),
    )


def thumbnail(capture: Capture) -> Bytes:
    """Return the mean of all heads as ink in even steps, full at its largest weight.

    Special tokens are left out. Of an encoder-decoder, the last map: how output looks at input.
    """
    attention = capture.maps[-1]
    rows = [i for i, token in enumerate(attention.queries) if not token.special]
    columns = [i for i, token in enumerate(attention.keys) if not token.special]
    mean = attention.weights.mean(axis=(0, 1))
    inner = mean[np.ix_(rows, columns)] if rows and columns else mean
    share = inner / max(float(inner.max()), 1e-9)
    return pool(np.rint(255 * share).astype(np.uint8))


def render_record(
    site: Site,
    plan: Plan,
    page: RecordPage,
    capture: Capture,
    results: Mapping[str, Result],
    files: Sequence[tuple[str, int]] = (),
    failures: Mapping[str, str] | None = None,
) -> None:
    """Write the page of one record and its matrices.

    `files` are the addresses and bytes of its numbers; `failures` says, by analysis, in one
    sentence what could not be computed.
    """
    packed = record_scripts(capture, results)
    for part in packed.values():
        for suffix, content in part.scripts:
            site.bytes(f"{page.maps}.{suffix}", content)
    previous, following = plan.neighbours(page)
    others = result_sections(RECORD, results, capture)
    absent = _absent(page, results, failures or {})
    explained = bool(absent) or EXPLAINED.name in (*results, *(failures or ()))
    site.page(
        page.url,
        "record.html",
        page=page,
        capture=capture,
        results=results,
        files=files,
        failures=failures or {},
        previous=previous,
        next=following,
        windows=plan.windows(page),
        siblings=plan.siblings(page),
        analyses=_analyses(),
        sections=record_sections(results),
        others=others,
        still=still(capture),
        island=record_island(page, capture, results, packed) | {"shapes": shape_islands(others)},
        absent=absent,
        unasked="" if explained else why_no_target(capture),
        read_as=read_as(capture),
        labelled=gold_words(capture.record, capture.prediction),
        right=agrees(capture.record, capture.prediction),
    )


def _absent(
    page: RecordPage, results: Mapping[str, Result], failures: Mapping[str, str]
) -> list[str]:
    """Return the titles of what was left out because no model was loaded."""
    if page.model.model.source != "arrays":
        return []
    known = results.keys() | failures.keys()
    return [a.title for a in chosen(RecordProbe, also=()) if a.name not in known]


@cache
def _analyses() -> dict[str, Analysis]:
    return {analysis.name: analysis for analysis in analyses()}


def render_model(
    site: Site,
    plan: Plan,
    page: ModelPage,
    results: Mapping[str, Result],
    summaries: Sequence[RecordSummary],
    failures: Mapping[str, str] | None = None,
) -> Digest:
    """Write the page of one model; return what the home page and the method page say of it.

    `failures` says, by analysis, in one sentence what could not be found of the model itself.
    """
    site.bytes(roles_at(page), roles_script(results))
    for address, script in distance_scripts(page, results):
        site.bytes(address, script)
    found = digest(page, results, summaries)
    told = {
        name: [replace(finding, page=page.url) for finding in result.findings]
        for name, result in results.items()
    }
    measured = shown_by(MODEL, "measured")
    findings = [said for name in measured for said in told.get(name, ())]
    others = result_sections(MODEL, results)
    answers = [name for name in shown_by(MODEL, "answer") if told.get(name)]
    records = plan.of_model(page)
    known = {plan.identified(record_page): record_page for record_page in records}
    shown = {"relations": relations(results), "pairs": word_pairs(results, known)}
    island = model_island(found, results)
    kinds = bool(island["kinds"])
    there = {
        "maps": kinds,
        "layers": kinds,
        "measured": bool(findings),
        "answer": bool(answers or island["pairs"]),
        "syntax": bool(shown["relations"]),
        "context": bool(shown["pairs"]),
        "copies": "repeated_tokens" in results,
        "habits": bool(told.get("habits")),
        "similarity": bool(island["similarity"]),
        "all-heads": kinds,
    }
    site.page(
        page.url,
        "model.html",
        page=page,
        digest=found,
        short=[finding.statement for finding in findings[:2]],
        lines=[verdict_line(finding) for finding in findings],
        lines_of={name: [verdict_line(said) for said in part] for name, part in told.items()},
        answers=answers,
        records=records,
        analyses=_analyses(),
        failures=failures or {},
        sections=[section for section in MODEL if there[section.id]],
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


def render_home(
    site: Site,
    plan: Plan,
    summaries: Sequence[RecordSummary],
    findings: Sequence[Finding],
    provenance: Provenance,
    digests: Sequence[Digest] = (),
    reported: Sequence[Finding] = (),
) -> None:
    """Write the list of texts, its thumbnails and what its search reads.

    `digests` is what `render_model` returned for each model of the plan, `reported` the sentences
    of reports.
    """
    index = home.entries(summaries)
    thumbs = home.thumb_packs([entry.thumb for entry in index])
    for url, packs in [*thumbs, ("maps/index.js", {"index": pack(home.index_bytes(index))})]:
        site.bytes(url, pack_script(packs))
    known = digests or [digest(page, {}, _of(page, summaries)) for page in plan.models]
    shown = known[0].map
    site.page(
        HOME,
        "index.html",
        facts=home.facts(plan, summaries),
        short=home.in_short(findings),
        hero=shown,
        reported=[verdict_line(finding) for finding in reported],
        lines=home.verdict_lines(plan, findings),
        findings=findings,
        index=index,
        first=home.FIRST,
        tags=home.tag_counts(index),
        digests=known,
        roles_seen=_roles_seen(known),
        provenance=provenance,
        island=home.island(index, shown.island() if shown else None),
    )


def _of(page: ModelPage, summaries: Sequence[RecordSummary]) -> list[RecordSummary]:
    return [entry for entry in summaries if entry.page.model == page]


def _roles_seen(digests: Sequence[Digest]) -> list[RoleMark]:
    """Return the roles that some head of some model has, in the order of the legends."""
    seen = {mark.name for found in digests for mark, _ in found.roles}
    return [mark for mark in ROLE_MARKS.values() if mark.name in seen]


def _precision(model: ModelInfo) -> str:
    return f"{model.dtype} on {'the CPU' if model.device == 'cpu' else model.device}"


def render_about(site: Site, provenance: Provenance, digests: Sequence[Digest] = ()) -> None:
    """Write the page on method, provenance and caveats, and the page for a lost reader."""
    shown = digests[0].map if digests else None
    site.page(
        ABOUT,
        "about.html",
        provenance=provenance,
        analyses=[method(analysis) for analysis in analyses()],
        examples=reading_examples(shown),
        example_url=shown.page.url if shown else "",
        precisions=list(dict.fromkeys(_precision(model) for model in provenance.models)),
        epoch=provenance.epoch,
        island={"map": shown.island() if shown else None},
    )
    base = site.shared["base_url"]
    site.page(NOT_FOUND, "404.html", home=f"{base.rstrip('/')}/{HOME}" if base else "")
