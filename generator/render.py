"""Pages from results: each function renders one kind of page and the files it loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import charts
from .analyses.result import Finding, Result
from .capture import Capture
from .config import Settings
from .islands import record_island, record_scripts
from .packing import Bytes, pack, pack_script, pool, quantise
from .pages import ABOUT, HOME, NOT_FOUND, ModelPage, Plan, RecordPage
from .provenance import Provenance
from .site import Site

THUMBS = 100
"""Thumbnails in one script of the home page."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the home page says of one plate."""

    page: RecordPage
    tokens: int
    prediction: Mapping[str, Any]
    truncated: int
    thumb: Bytes


def shared(plan: Plan, provenance: Provenance, settings: Settings) -> dict[str, Any]:
    """Return what every page of a site may name."""
    ours = provenance.versions.get("attnatlas", "")
    return {
        "plan": plan,
        "version": ours,
        "base_url": settings.base_url,
        "built": {
            "says": f"Built {provenance.day} with attnatlas {ours}",
            "corpus": ", ".join(corpus.sha256[:12] for corpus in provenance.corpora),
        },
    }


def summary(page: RecordPage, capture: Capture) -> Summary:
    """Return the index entry of a capture."""
    first = capture.maps[0]
    return Summary(
        page, len(first.queries), capture.prediction, capture.truncated, thumbnail(capture)
    )


def thumbnail(capture: Capture) -> Bytes:
    """Return the mean of all heads, special tokens left out, scaled to its own largest weight.

    Of an encoder-decoder, the last map: how the output looks at the input.
    """
    attention = capture.maps[-1]
    rows = [i for i, token in enumerate(attention.queries) if not token.special]
    columns = [i for i, token in enumerate(attention.keys) if not token.special]
    mean = attention.weights.mean(axis=(0, 1))
    inner = mean[np.ix_(rows, columns)] if rows and columns else mean
    return pool(quantise(inner / max(float(inner.max()), 1e-9)))


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
            site.text(f"{page.maps}.{suffix}", content)
    previous, following = plan.neighbours(page)
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
        siblings=plan.siblings(page),
        island=record_island(page, capture, results, packed),
        charts=charts.record_charts(),
    )


def render_model(
    site: Site,
    plan: Plan,
    page: ModelPage,
    results: Mapping[str, Result],
    summaries: Sequence[Summary],
) -> None:
    """Write the page of one model."""
    site.page(
        page.url,
        "model.html",
        page=page,
        results=results,
        records=plan.of_model(page),
        summaries=summaries,
        island={},
        charts=charts.model_charts(),
    )


def render_home(
    site: Site,
    plan: Plan,
    summaries: Sequence[Summary],
    findings: Sequence[Finding],
    provenance: Provenance,
) -> None:
    """Write the index of plates and its thumbnails."""
    for start in range(0, len(summaries), THUMBS):
        part = summaries[start : start + THUMBS]
        packs = {f"thumb.{start + i}": pack(entry.thumb) for i, entry in enumerate(part)}
        site.text(f"maps/thumbs-{start // THUMBS:03}.js", pack_script(packs))
    shapes = [list(entry.thumb.shape) for entry in summaries]
    site.page(
        HOME,
        "index.html",
        summaries=summaries,
        findings=findings,
        island={"thumbs": shapes, "per_script": THUMBS},
        charts={},
    )


def render_about(site: Site, provenance: Provenance) -> None:
    """Write the page on method, provenance and caveats, and the page for a lost reader."""
    site.page(ABOUT, "about.html", provenance=provenance)
    base = site.shared["base_url"]
    site.page(NOT_FOUND, "404.html", home=f"{base.rstrip('/')}/{HOME}" if base else HOME)
