"""Every page and file of a site, from what was kept: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..analyses import analysis_of
from ..analyses.alignment import ANALYSIS as ALIGNMENT
from ..capture import Capture
from ..config import Settings
from ..data.record_files import write_record
from ..data.result_files import matrices_in, results_to_files, scores_in
from ..engine import Kept
from ..errors import AtlasError, InputError
from ..gates import BADGE, GATES, badge, expectations, gate_json, gates, measured
from ..pages.gold import gold_notes
from ..pages.model_summary import ModelSummary
from ..pages.plan import ModelPage, Plan, RecordPage
from ..pages.reading_summary import RecordSummary
from ..pages.translation_words import drawn_by
from ..report import Advance, Progress
from ..results.published import published
from ..results.shapes import Failure, Finding, Result
from ..sources import CapturedRecord
from . import render
from .address import CARD, SITEMAP, sitemap
from .assets import picture_of
from .failures import all_failures, as_findings, counted
from .heads import render_heads
from .indexes import corpus_header, write_heads, write_indexes, write_results
from .predictions import write_predictions
from .provenance import collect
from .receipt import Receipt
from .redacted import hidden_notes
from .render_model import render_model
from .writer import Site

GROUPED = ("profile",)
"""Analyses of all records that take the windows of one text together."""
ONE_BY_ONE = "(Windows of a long text overlap, and count one by one.)"


@dataclass(frozen=True, slots=True)
class ModelPart:
    """What the pages of one model leave for those of the whole site."""

    summaries: list[RecordSummary]
    findings: list[Finding]
    model_summary: ModelSummary
    asked: frozenset[str]
    """The analyses that there is a result of, or a failure."""


def write(plan: Plan, kept: Kept, settings: Settings, folder: Path, progress: Progress) -> Receipt:
    """Write every page and file of a site into an empty folder; return what it holds."""
    facts = collect(plan.title, settings, kept.corpora, kept.models, [*kept.unread.values()])
    if not any(plan.records):
        (model, corpus, _), first = next(iter(kept.unread.items()))
        reason = f"{first.where}: {first.reason}"
        raise InputError(
            f"Model {model!r}: no record of {corpus!r} could be read; the first: {reason}."
        )
    failed = all_failures(kept, plan)
    site = Site(folder, render.shared(plan, facts, settings, failed))
    site.assets(settings.store, progress.note, bool(plan.reports))
    with progress.stage("writing pages", sum(map(len, plan.records))) as advance:
        parts = [_write_model(site, plan, page, kept, settings, advance) for page in plan.models]
    summaries = [entry for part in parts for entry in part.summaries]
    findings = [finding for part in parts for finding in part.findings]
    truncated = sum(entry.truncated > 0 for entry in summaries)
    remarks = [one.rstrip(".") for model in kept.models for one in kept.remarks.get(model.name, ())]
    said = (*facts.notes, *remarks, *gold_notes(summaries), *hidden_notes(kept.redactor))
    facts = replace(facts, truncated=truncated, notes=said)
    reported = _write_reports(site, plan, kept, summaries)
    model_summaries = [part.model_summary for part in parts]
    held = gates(
        expectations(settings.expect),
        measured(kept.everything().results, [published(one) for one in (*reported, *findings)]),
    )
    if held:
        site.json(GATES, [gate_json(gate) for gate in held])
        site.json(BADGE, badge(held))
    render.render_home(site, plan, summaries, findings, facts, model_summaries, reported, held)
    reports = {analysis_of(name).name for name in kept.everything().names}
    asked = reports.union(*(part.asked for part in parts))
    render.render_about(site, facts, asked, model_summaries)
    told = [*findings, *reported, *as_findings(failed)]
    publish_address(site, plan, kept, settings)
    write_indexes(site, plan, facts, told, settings, failed, kept.untrained, summaries)
    return Receipt(
        pages=plan.pages,
        records=plan.texts,
        skipped=facts.skipped,
        failed=counted(failed),
        complete=kept.complete,
        weights=tuple(site.finish()),
        notes=facts.notes,
    )


def _write_reports(
    site: Site, plan: Plan, kept: Kept, summaries: Sequence[RecordSummary]
) -> list[Finding]:
    """Write the reports that there are; return what they find."""
    if not plan.reports:
        return []
    from .reports import render_reports, unconfirmed  # brings what draws each of them

    aligned = {model.name: kept.model(model).results.get(ALIGNMENT.name) for model in kept.models}
    lines = {name: drawn_by(one) for name, one in aligned.items() if one}
    return render_reports(site, plan, kept.everything(), unconfirmed(summaries), lines)


def publish_address(site: Site, plan: Plan, kept: Kept, settings: Settings) -> None:
    """Write the site's picture and the list of its pages, where its address is known."""
    if settings.base_url is None:
        return
    from ..pages.card import site_card  # brings Altair, which takes as long as fifty pages

    model = plan.models[0].model
    first = next(iter(kept.readings(model)))
    site.bytes(CARD, picture_of(site_card(plan, kept.published(first))))
    if not settings.noindex:
        site.text(SITEMAP, sitemap(settings.base_url, site.urls))


def _write_model(
    site: Site, plan: Plan, page: ModelPage, kept: Kept, settings: Settings, advance: Advance
) -> ModelPart:
    """Write the pages of one model and its texts, one record in memory at a time."""
    pages = {(p.corpus.name, p.record.id): p for p in plan.of_model(page)}
    summaries, folders, asked = [], set(), set[str]()
    trees = any(record_page.record.head for record_page in pages.values())
    best = kept.model(page.model).results if trees else {}
    for reading in kept.readings(page.model):
        record_page = pages[reading.corpus.name, reading.record.id]
        with showing(reading.origin):
            summary, names = _write_record(site, plan, record_page, reading, kept, settings, best)
        summaries.append(summary)
        asked |= names
        folders |= {reading.origin.parent} if reading.origin else set()
        advance(1)
    with showing(min(folders, default=None)):
        return _write_whole_model(site, plan, page, kept, summaries, asked)


@contextmanager
def showing(origin: Path | None) -> Iterator[None]:
    """Blame a file, or a folder of them, for what it brought and no page can show."""
    try:
        yield
    except AtlasError:
        raise
    except Exception as error:
        if origin is None:
            raise
        reason = f"{type(error).__name__}: {error}"
        raise InputError(
            f"{origin}: the header holds what no page can show ({reason}); "
            "leave 'results' and 'prediction' out."
        ) from error


def _write_whole_model(
    site: Site,
    plan: Plan,
    page: ModelPage,
    kept: Kept,
    summaries: list[RecordSummary],
    asked: Set[str],
) -> ModelPart:
    """Write the page of a model, those of its heads, and their numbers."""
    found = kept.model(page.model)
    results = found.results
    if any(one.page.record.window for one in summaries):
        results = {name: one_by_one(result) for name, result in results.items()}
    findings = [
        replace(
            finding,
            id=f"{page.slug}-{finding.id}",
            key=f"{name}-{finding.id}",
            page=page.url,
            analysis=name,
            model=page.model.name,
        )
        for name, result in results.items()
        for finding in result.findings
    ]
    write_heads(site, page, results)
    write_predictions(site, page, summaries)
    name, answers = page.model.name, results_to_files(found.results)
    write_results(site, page, answers, kept.untrained.get(name), kept.remarks.get(name, ()))
    render_heads(site, page, results, summaries)
    return ModelPart(
        summaries,
        findings,
        render_model(site, plan, page, results, summaries, reasons(found.failures)),
        found.names.union(asked),
    )


def one_by_one(result: Result) -> Result:
    """Say, where it is so, that each window of a long text was counted as a record."""
    if result.analysis in GROUPED:
        return result
    said = (
        replace(
            one,
            statement=f"{one.statement} {ONE_BY_ONE}",
            plain=f"{one.plain} {ONE_BY_ONE}" if one.plain else "",
        )
        for one in result.findings
    )
    return replace(result, findings=tuple(said))


def _write_record(
    site: Site,
    plan: Plan,
    page: RecordPage,
    reading: CapturedRecord,
    kept: Kept,
    settings: Settings,
    best: Mapping[str, Result],
) -> tuple[RecordSummary, frozenset[str]]:
    """Write the numbers and the page of one text as one model read it; name its analyses."""
    capture, found = kept.published(reading), kept.record(reading)
    header, place = corpus_header(plan, page), site.path(page.data)
    paths = write_numbers(place, capture, found.results, settings, header)
    for path in paths:
        site.adopt(path)
    files = [(path.relative_to(site.folder).as_posix(), path.stat().st_size) for path in paths]
    failures = reasons(found.failures)
    render.render_record(site, plan, page, capture, found.results, files, failures, best)
    return render.summary(page, capture, found.results), found.names


def write_numbers(
    path: Path,
    capture: Capture,
    results: Mapping[str, Result],
    settings: Settings,
    corpus: Mapping[str, Any],
) -> list[Path]:
    """Write the data file of one text, or one a layer; return the files."""
    whole = "flow_all_rows" if "flow_all_rows" in results else "flow"
    rollout, flow = (
        {m.kind: m.values for m in results[name].matrices} if name in results else {}
        for name in ("rollout", whole)
    )
    return write_record(
        path,
        capture,
        numbers=settings.numbers,
        rollout=rollout,
        flow=flow,
        saliency=scores_in(results),
        results=results_to_files(results),
        matrices=matrices_in(results),
        corpus=corpus,
    )


def reasons(failures: Mapping[str, Failure]) -> dict[str, str]:
    """Return what pages say of failures, by analysis."""
    return {name: failure.reason for name, failure in failures.items()}
