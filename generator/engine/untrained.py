"""Untrained copies of each model, run once: what of its findings needs no training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..analyses import TWINS, by_name
from ..capture import ModelInfo
from ..config import Settings
from ..report import Progress
from ..results.untrained import Untrained, untrained_from
from ..sources import ModelsSource
from ..sources.untrained import LARGEST, RECORDS, SEEDS, untrained_source
from .aggregate import analyse_each
from .analyse import analyse_records
from .kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator


def announced(source: ModelsSource, settings: Settings) -> str:
    """Return what the start of a build says of the copies, nothing where there are none."""
    some = [model for model in source.models if not _too_large(model)]
    if TWINS in settings.without or not some:
        return ""
    texts = min(RECORDS, sum(len(corpus.records) for corpus in source.corpora))
    of = "the model" if len(source.models) == 1 else "each model"
    return (
        f"{len(SEEDS)} untrained copies of {of} read {texts} {'text' if texts == 1 else 'texts'} "
        f"each, beside what {of} reads; --without {TWINS} leaves them out."
    )


def run_untrained(kept: Kept, settings: Settings, progress: Progress) -> None:
    """Note for each model what its copies give in the place of its findings."""
    for model in kept.models:
        found = kept.source.untrained_of_model(model)
        if found is None and isinstance(kept.source, ModelsSource):
            found = _copies(kept, kept.source, model, settings, progress)
        if found is not None and TWINS not in settings.without:
            kept.untrained[model.name] = found


def _copies(
    kept: Kept, source: ModelsSource, model: ModelInfo, settings: Settings, progress: Progress
) -> Untrained | None:
    """Return what the copies of one model give; nothing where none can be made, which is said."""
    if TWINS in settings.without:
        return None
    if _too_large(model):
        progress.note(
            f"Model {model.name!r} is compared with no untrained copy: it has more than "
            f"{LARGEST:,} parameters."
        )
        return None
    try:
        return _run(kept, source, model, settings, progress)
    except Exception as error:  # any architecture may refuse to begin anew
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        progress.note(f"Model {model.name!r} is compared with no untrained copy: {reason}.")
        return None


def _run(
    kept: Kept, source: ModelsSource, model: ModelInfo, settings: Settings, progress: Progress
) -> Untrained:
    from .local import LocalModels

    of_copies = untrained_source(source, model, kept.store)
    own = replace(settings, strict=False, also=tuple(_summed(settings.also)))
    copies = Kept(of_copies, kept.store, own)
    LocalModels(of_copies, copies, own, progress).run()
    analyse_records(copies, own, progress)
    analyse_each(copies, own, progress)
    results = [copies.small(copies.of_models[one.name]) for one in copies.models]
    texts = sum(len(corpus.records) for corpus in of_copies.corpora)
    return untrained_from(SEEDS, texts, results)


def _summed(also: tuple[str, ...]) -> Iterator[str]:
    """Yield those of the optional analyses that say anything over all records."""
    return (name for name in also if getattr(by_name()[name], "aggregate", None))


def _too_large(model: ModelInfo) -> bool:
    return (model.parameters or 0) > LARGEST
