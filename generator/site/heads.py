"""The pages of the heads of one model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from ..pages.head import ModelHeads, strips, strips_at
from ..pages.model.metrics import KIND_WORDS
from ..pages.packing import pack, pack_script
from ..pages.plan import ModelPage
from ..pages.reading_summary import RecordSummary
from ..pages.verdicts import verdict_list
from ..results.shapes import Result
from .writer import Site


def render_heads(
    site: Site, page: ModelPage, results: Mapping[str, Result], summaries: Sequence[RecordSummary]
) -> None:
    """Write the page of each head that gets one."""
    atlas = ModelHeads(page, results, summaries)
    for kind in {head.kind: None for head in atlas.pages}:
        said = json.dumps(strips(atlas.grids[kind]), separators=(",", ":")).encode()
        packed = pack(np.frombuffer(said, np.uint8))
        site.bytes(strips_at(page, kind), pack_script({"strips": packed}))
    for head in atlas.pages:
        found = atlas.context(head)
        site.page(
            head.url,
            "head.html",
            **{**found, "best": verdict_list(found["best"])},
            all=len(atlas.roles),
            pages=len(atlas.pages),
            kind_words=KIND_WORDS,
        )
