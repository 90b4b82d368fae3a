"""The whole program: texts and models in, a site out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .config import Settings
from .corpus import Corpus, Skipped, corpus_from_records, read_options
from .errors import InputError
from .gates import expectations
from .redaction import redactor_for
from .report import Progress, Silence, listed
from .site.address import require_web
from .site.ownership import changed
from .site.receipt import Receipt, read_receipt, receipt_key, write_receipt
from .site.swap import recover, replacing, require_apart, require_ours
from .sources import Source, gather


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `weights` holds (group, files, bytes) for each part of the site.

    `failed` says which analyses failed, and on how many texts or models; `notes` are sentences on
    how corpora were read, where that was a choice.
    """

    output: Path
    unchanged: bool
    pages: int
    records: int
    skipped: tuple[Skipped, ...]
    weights: tuple[tuple[str, int, int], ...]
    seconds: float
    notes: tuple[str, ...] = ()
    failed: tuple[tuple[str, int], ...] = ()


def build_site(
    settings: Settings,
    *,
    progress: Progress | None = None,
    records: Iterable[Any] | Corpus | None = None,
    model: Any = None,
    tokenizer: Any = None,
    name: Any = None,
) -> BuildReport:
    """Build the site that the settings describe; do nothing when it is there already.

    `records` (a Corpus, or texts, mappings or Records) and a loaded `model` with its `tokenizer`
    and `name`, or a list of them, stand for what the settings name. Raises AtlasError with one
    sentence; an earlier site is then whole.
    """
    started = time.monotonic()
    say = (progress or Silence()).note
    recover(settings.output, say)
    require_web(settings.base_url)
    require_ours(settings.output)
    require_apart(settings.output, settings.store)
    if settings.also or settings.without:
        from .analyses import check_chosen

        check_chosen(settings.also, settings.without)
    if settings.gate and not settings.expect:
        raise InputError("--gate needs something to expect: write --expect 'accuracy >= 0.9'.")
    expectations(settings.expect)
    redactor = redactor_for(settings.redact, settings.redact_list)
    source = gather(
        settings, _corpora(records, settings), _loaded(model, tokenizer, name, settings), redactor
    )
    key = receipt_key(settings, source.fingerprint())
    receipt = None if settings.force or redactor else read_receipt(settings.output, key)
    unchanged = receipt is not None
    if receipt is None:
        if edited := changed(settings.output):
            say(f"Changed since the last build, and now made anew: {listed(edited)}.")
        receipt = _build(source, settings, progress or Silence(), key)
    return BuildReport(
        output=settings.output,
        unchanged=unchanged,
        pages=receipt.pages,
        records=receipt.records,
        skipped=receipt.skipped,
        failed=receipt.failed,
        weights=receipt.weights,
        seconds=time.monotonic() - started,
        notes=receipt.notes,
    )


def _build(source: Source, settings: Settings, progress: Progress, key: str) -> Receipt:
    """Compute what is lacking, lay out every page, write them all."""
    from .engine import compute
    from .pages.plan import lay_out
    from .site.redacted import require_hidden, shown_settings, stored
    from .site.write import write

    with replacing(settings.output, progress.note) as folder:
        before = stored(settings.store)
        kept = compute(source, settings, progress)
        shown = shown_settings(settings, source.redactor)
        plan = lay_out(kept, shown.title)
        receipt = write(plan, kept, shown, folder, progress)
        write_receipt(folder, key, receipt)
        if source.redactor is not None:
            progress.note(require_hidden(source.redactor, folder, settings.store, before))
    return receipt


def _corpora(records: Iterable[Any] | Corpus | None, settings: Settings) -> list[Corpus] | None:
    if records is None:
        return None
    if isinstance(records, Corpus):
        return [records]
    options = read_options(settings)
    return [corpus_from_records(records, strict=settings.strict, options=options)]


def _loaded(model: Any, tokenizer: Any, name: Any, settings: Settings) -> Any:
    if model is None:
        return None
    from .models import given_models

    return given_models(model, tokenizer, name, settings)
