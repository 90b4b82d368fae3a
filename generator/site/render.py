"""Pages from results: each function renders one kind of page and the files it loads."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any

from ..analyses import analyses, analysis_of, by_name, chosen
from ..analyses.analysis import RecordProbe
from ..analyses.saliency import ANALYSIS as EXPLAINED
from ..analyses.word_erasure.named import named_words
from ..capture import AttentionMap, Capture, ModelInfo
from ..capture.token_positions import why_no_target
from ..charts.roles import ROLE_MARKS, RoleMark
from ..config import Settings
from ..corpus.labels import agrees, gold_words
from ..gates import Gate
from ..pages import home
from ..pages.home_search import report_entries
from ..pages.home_sentences import TREES, asked, asked_of_trees, in_short, verdict_lines
from ..pages.model_summary import ModelSummary, model_summary
from ..pages.packing import pack, pack_script
from ..pages.plan import ABOUT, HOME, NOT_FOUND, ModelPage, Plan, RecordPage
from ..pages.reading_summary import MapShape
from ..pages.reading_summary import RecordSummary as RecordSummary
from ..pages.record.chosen import chosen_words
from ..pages.record.erased import erased_words
from ..pages.record.looked_for import looked_for
from ..pages.record.page_data import comparable, record_island, record_scripts, two_stacks
from ..pages.record.painted import runs
from ..pages.record.read_as import read_as
from ..pages.record.reasons import reasons
from ..pages.record.static_picture import static_picture
from ..pages.record.tree import dependency_tree
from ..pages.sections import RECORD, record_sections, result_sections, shape_islands
from ..pages.telling_head import MOST, telling_head
from ..results.shapes import Finding, Result
from .about import method, not_here, reading_examples
from .address import addresses
from .failures import Failed
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
        "noindex": settings.noindex,
        "address": partial(addresses, settings),
        "searchable": plan.texts > 1,
        "failed": failed,
        "built": {
            "says": f"Built {provenance.day} with attnatlas {ours}",
            "corpus": ", ".join(corpus.sha256[:12] for corpus in provenance.corpora),
        },
    }


def summary(page: RecordPage, capture: Capture, results: Mapping[str, Result]) -> RecordSummary:
    """Return the index entry of a capture."""
    speaks_for, against = named_words(capture, results)
    why = reasons(results)
    return RecordSummary(
        page=page,
        tokens=len(capture.maps[0].queries),
        prediction=capture.prediction,
        truncated=capture.truncated,
        telling=telling_head(capture),
        shapes=tuple(MapShape(m.kind, *m.weights.shape) for m in capture.maps),
        first=_printed(capture.maps[0]),
        speaks_for=speaks_for,
        against=against,
        unconfirmed=why.says if why and not why.speaks_for else "",
    )


def _printed(attention: AttentionMap) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tokens of a map as they are printed, none of a long text."""
    sides = attention.queries, attention.keys
    if max(map(len, sides)) > MOST:
        return (), ()
    looks, seen = (tuple(token.shown for token in side) for side in sides)
    return looks, seen


def render_record(
    site: Site,
    plan: Plan,
    page: RecordPage,
    capture: Capture,
    results: Mapping[str, Result],
    files: Sequence[tuple[str, int]] = (),
    failures: Mapping[str, str] | None = None,
    best: Mapping[str, Result] | None = None,
) -> None:
    """Write the page of one record and its matrices.

    `files` are the addresses and bytes of its numbers; `failures` says, by analysis, in one
    sentence what could not be computed; `best` is what was found over all texts of the model,
    where these have dependency trees.
    """
    siblings = plan.siblings(page)
    compared = comparable(page, siblings)
    packed = record_scripts(capture, results, page.maps if compared else "")
    for part in packed.values():
        for suffix, content in part.scripts:
            site.bytes(f"{page.maps}.{suffix}", content)
    previous, following = plan.neighbours(page)
    others = result_sections(RECORD, results, capture)
    absent = _absent(page, results, failures or {})
    why = reasons(results)
    tree = dependency_tree(capture, results, best or {})
    placed = {name: one for name, one in results.items() if tree or name != "syntax"}
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
        siblings=siblings,
        analyses=by_name(),
        sections=record_sections(placed),
        tree=tree,
        others=others,
        still=static_picture(capture),
        island=record_island(page, capture, results, packed, compared)
        | {"shapes": shape_islands(others)}
        | ({"tree": tree.island} if tree else {}),
        absent=absent,
        why_no_target="" if explained else why_no_target(capture),
        read_as=read_as(capture),
        note=looked_for(capture, any(map(two_stacks, siblings))),
        reasons=why,
        chosen=chosen_words(results),
        erased=erased_words(results) if "faithfulness" in results else "",
        painted=runs(capture.maps[0].queries, why) if why else None,
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


def render_home(
    site: Site,
    plan: Plan,
    summaries: Sequence[RecordSummary],
    findings: Sequence[Finding],
    provenance: Provenance,
    model_summaries: Sequence[ModelSummary] = (),
    reported: Sequence[Finding] = (),
    held: Sequence[Gate] = (),
) -> None:
    """Write the list of texts, its thumbnails and what its search reads.

    `model_summaries` is what `render_model` returned for each model of the plan, `reported` the
    sentences of reports, `held` what was expected.
    """
    index = home.entries(summaries)
    models = [page.model.name for page in plan.models]
    thumbs = home.thumb_packs([entry.thumb for entry in index])
    for url, packs in [
        *thumbs,
        ("maps/index.js", {"index": pack(home.index_bytes(index, models))}),
    ]:
        site.bytes(url, pack_script(packs))
    known = model_summaries or [
        model_summary(page, {}, _of(page, summaries)) for page in plan.models
    ]
    shown = known[0].map
    reports = [(page.label, page.url) for page in plan.main_reports]
    answers = asked(reports, reported, plan.model_pages)
    trees = [] if answers else asked_of_trees(findings, plan.model_pages)
    site.page(
        HOME,
        "index.html",
        facts=home.facts(plan, summaries),
        short=in_short(findings),
        home_map=shown,
        asked=answers or trees,
        filters=home.filters(index),
        gates=held,
        lines=verdict_lines(
            plan, [one for one in findings if not (trees and one.analysis == TREES)]
        ),
        findings=findings,
        index=index,
        first=home.FIRST,
        tags=home.tag_counts(index),
        summaries=known,
        roles_seen=_roles_seen(known),
        provenance=provenance,
        island=home.island(
            index,
            shown.island() if shown else None,
            models,
            report_entries((p.label, p.url, analysis_of(p.name)) for p in plan.main_reports),
        ),
    )


def _of(page: ModelPage, summaries: Sequence[RecordSummary]) -> list[RecordSummary]:
    return [entry for entry in summaries if entry.page.model == page]


def _roles_seen(model_summaries: Sequence[ModelSummary]) -> list[RoleMark]:
    """Return the roles that some head of some model has, in the order of the legends."""
    seen = {mark.name for found in model_summaries for mark, _ in found.roles}
    return [mark for mark in ROLE_MARKS.values() if mark.name in seen]


def _precision(model: ModelInfo) -> str:
    return f"{model.dtype} on {'the CPU' if model.device == 'cpu' else model.device}"


def render_about(
    site: Site,
    provenance: Provenance,
    asked: Container[str],
    model_summaries: Sequence[ModelSummary] = (),
) -> None:
    """Write the page on trust, method and provenance, and the page for a lost reader.

    `asked` names the analyses of the site.
    """
    shown = model_summaries[0].map if model_summaries else None
    site.page(
        ABOUT,
        "about.html",
        provenance=provenance,
        analyses=[method(analysis) for analysis in analyses() if analysis.name in asked],
        not_here=not_here(analyses(), asked),
        examples=reading_examples(shown),
        example_url=shown.page.url if shown else "",
        precisions=list(dict.fromkeys(_precision(model) for model in provenance.models)),
        epoch=provenance.epoch,
        island={"map": shown.island() if shown else None},
    )
    base = site.shared["base_url"]
    site.page(NOT_FOUND, "404.html", home=f"{base.rstrip('/')}/{HOME}" if base else "")
