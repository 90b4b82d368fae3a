"""The whole program: texts and models in, a site out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Settings
from .corpus import Corpus, Skipped, corpus_from_records, read_options
from .errors import InputError
from .report import Progress, Silence, listed
from .site.ownership import changed
from .site.receipt import Receipt, read_receipt, receipt_key, write_receipt
from .site.swap import recover, replacing, require_apart, require_ours
from .sources import Reading, Source, gather

if TYPE_CHECKING:
    from .analyses.analysis import Analysis
    from .pages.model_summary import Digest
    from .pages.plan import ModelPage, Plan, RecordPage
    from .results.shapes import Finding, Result
    from .site.render import Summary
    from .site.writer import Site


GROUPED = ("profile",)
"""Analyses of all records that take the windows of one text together."""
ONE_BY_ONE = "(Windows of a long text overlap, and count one by one.)"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `weights` holds (group, files, bytes) for each part of the site.

    `notes` are sentences on how corpora were read, where that was a choice.
    """

    output: Path
    unchanged: bool
    pages: int
    records: int
    skipped: tuple[Skipped, ...]
    weights: tuple[tuple[str, int, int], ...]
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelPart:
    """What the pages of one model leave for those of the whole site."""

    summaries: list[Summary]
    findings: list[Finding]
    digest: Digest
    heads: tuple[str, ...]


def build_site(
    settings: Settings,
    *,
    progress: Progress | None = None,
    records: Iterable[Any] | Corpus | None = None,
    model: Any = None,
    tokenizer: Any = None,
) -> BuildReport:
    """Build the site that the settings describe; do nothing when it is there already.

    `records` (a Corpus, or texts, mappings or Records) and a loaded `model` with its `tokenizer`
    stand for what the settings name. Raises AtlasError with one sentence; an earlier site is then
    whole.
    """
    started = time.monotonic()
    say = (progress or Silence()).note
    recover(settings.output, say)
    require_ours(settings.output)
    require_apart(settings.output, settings.store)
    if settings.also:
        from .analyses import check_optional

        check_optional(settings.also)
    source = gather(settings, _corpora(records, settings), _loaded(model, tokenizer))
    key = receipt_key(settings, source.fingerprint())
    receipt = None if settings.force else read_receipt(settings.output, key)
    unchanged = receipt is not None
    if receipt is None:
        if edited := changed(settings.output):
            say(f"Changed since the last build, and now made anew: {listed(edited)}.")
        with replacing(settings.output, say) as folder:
            receipt = write_site(folder, settings, source, progress or Silence())
            write_receipt(folder, key, receipt)
    return BuildReport(
        output=settings.output,
        unchanged=unchanged,
        pages=receipt.pages,
        records=receipt.records,
        skipped=receipt.skipped,
        weights=receipt.weights,
        seconds=time.monotonic() - started,
        notes=receipt.notes,
    )


def _corpora(records: Iterable[Any] | Corpus | None, settings: Settings) -> list[Corpus] | None:
    if records is None:
        return None
    if isinstance(records, Corpus):
        return [records]
    options = read_options(settings)
    return [corpus_from_records(records, strict=settings.strict, options=options)]


def _loaded(model: Any, tokenizer: Any) -> Any:
    if model is None:
        return None
    if tokenizer is None:
        raise InputError("A loaded model needs its tokenizer beside it; pass tokenizer=.")
    from .models import loaded_from_objects

    return loaded_from_objects(model, tokenizer)


def write_site(folder: Path, settings: Settings, source: Source, progress: Progress) -> Receipt:
    """Write every page and file of a site into an empty folder."""
    from .pages.gold import gold_notes
    from .pages.plan import plan as lay_out
    from .site import render
    from .site.indexes import write_indexes
    from .site.provenance import collect
    from .site.writer import Site

    unread = source.prepare(progress)
    plan = lay_out(source.corpora, source.models, settings.title, unread)
    facts = collect(plan.title, settings, source.corpora, source.models, [*unread.values()])
    if not any(plan.records):
        first = facts.skipped[0]
        raise InputError(f"No record could be read; the first: {first.where}: {first.reason}.")
    site = Site(folder, render.shared(plan, facts, settings))
    site.assets(settings.store / "assets")
    with progress.stage("writing pages", sum(map(len, plan.records))) as advance:
        read = [_write_model(site, plan, page, source, settings, advance) for page in plan.models]
    summaries = [entry for part in read for entry in part.summaries]
    findings = [finding for part in read for finding in part.findings]
    digests = [part.digest for part in read]
    truncated = sum(entry.truncated > 0 for entry in summaries)
    facts = replace(facts, truncated=truncated, notes=(*facts.notes, *gold_notes(summaries)))
    render.render_home(site, plan, summaries, findings, facts, digests)
    render.render_about(site, facts, digests)
    write_indexes(site, plan, facts, findings, settings, [part.heads for part in read])
    return Receipt(
        pages=sum(map(len, [*plan.records, *(part.heads for part in read)])) + len(plan.models) + 3,
        records=plan.plates,
        skipped=facts.skipped,
        weights=tuple(site.finish()),
        notes=facts.notes,
    )


def _write_model(
    site: Site,
    plan: Plan,
    page: ModelPage,
    source: Source,
    settings: Settings,
    advance: Callable[[int], None],
) -> ModelPart:
    """Write the pages of one model, one record in memory at a time."""
    from .analyses import over_records, watchers
    from .asking import answers
    from .site.heads import render_heads
    from .site.indexes import write_heads, write_results
    from .site.render import render_model, summary
    from .store import Spool

    pages = {(p.corpus.name, p.record.id): p for p in plan.of_model(page)}
    summaries, seen = [], watchers()
    with Spool() as spool:
        for reading in source.readings(page.model):
            record_page = pages[reading.corpus.name, reading.capture.record.id]
            said = _write_record(site, plan, record_page, reading, settings)
            capture = replace(reading.capture, record=plan.identified(record_page))
            spool.add(capture.record, said)
            for watcher in seen.values():
                watcher.add(capture, said)
            summaries.append(summary(record_page, capture))
            advance(1)
        found = {name: compute(spool) for name, compute in over_records(seen).items()}
    known = source.of_model(page.model)
    found |= known.results
    results = {name: result for name, result in found.items() if not result.empty}
    if any(one.page.record.window for one in summaries):
        results = {name: _one_by_one(result) for name, result in results.items()}
    findings = [
        replace(finding, id=f"{page.slug}-{finding.id}", page=page.url, analysis=name)
        for name, result in results.items()
        for finding in result.findings
    ]
    write_heads(site, page, results)
    write_results(site, page, answers(known.results))
    head_pages = render_heads(site, page, results, summaries)
    shown = render_model(site, plan, page, results, summaries, known.failures)
    return ModelPart(summaries, findings, shown, head_pages)


def _one_by_one(result: Result) -> Result:
    """Say, where it is so, that each window of a long text was counted as a record."""
    if result.analysis in GROUPED:
        return result
    said = (replace(f, statement=f"{f.statement} {ONE_BY_ONE}") for f in result.findings)
    return replace(result, findings=tuple(said))


def _write_record(
    site: Site, plan: Plan, page: RecordPage, reading: Reading, settings: Settings
) -> dict[str, Result]:
    """Analyse one capture, write its numbers and its page; return the results."""
    from .asking import answers, matrices, scores
    from .data.record_files import write_record
    from .site.indexes import corpus_header
    from .site.render import render_record

    results, failures = analyse(reading, settings)
    whole = "flow_all_rows" if "flow_all_rows" in results else "flow"
    rollout, flow = (
        {m.kind: m.values for m in results[name].matrices} if name in results else {}
        for name in ("rollout", whole)
    )
    paths = write_record(
        site.path(page.data),
        reading.capture,
        numbers=settings.numbers,
        rollout=rollout,
        flow=flow,
        saliency=scores(results),
        results=answers(results),
        matrices=matrices(results),
        corpus=corpus_header(plan, page),
    )
    for path in paths:
        site.adopt(path)
    files = [(path.relative_to(site.folder).as_posix(), path.stat().st_size) for path in paths]
    render_record(site, plan, page, reading.capture, results, files, failures)
    return results


def analyse(reading: Reading, settings: Settings) -> tuple[dict[str, Result], dict[str, str]]:
    """Return the results of every analysis of a record, and what failed, by name.

    An analysis that fails takes nothing else with it; `strict` makes it an error.
    """
    from .analyses import record_analyses
    from .asking import stumbled

    results: dict[str, Result] = {}
    failures: dict[str, str] = dict(reading.failures)
    for analysis in record_analyses(also={*settings.also, *reading.results}):
        try:
            result = _computed(analysis, reading, results)
        except Exception as error:
            where = f"record {reading.capture.record.id!r}"
            failures[analysis.name] = stumbled(analysis, where, error, settings)
        else:
            if result is not None and not result.empty:
                results[analysis.name] = result
    return results, failures


def _computed(analysis: Analysis, reading: Reading, results: Mapping[str, Result]) -> Result | None:
    """Return what an analysis says of a capture; what was known already is kept as it is.

    None where it needs the model and there is none.
    """
    given = reading.results.get(analysis.name)
    if analysis.needs == "model":
        return given
    known = (results,) if analysis.needs == "results" else ()
    result: Result = analysis.compute(reading.capture, *known)
    if given is None:
        return result
    kept = {matrix.kind: matrix for matrix in given.matrices}
    return replace(result, matrices=tuple(kept.get(m.kind, m) for m in result.matrices))
