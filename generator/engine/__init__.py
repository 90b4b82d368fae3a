"""Compute whatever the store lacks: captures, then analyses, scope by scope; failures, too."""

from __future__ import annotations

from ..config import Settings
from ..report import Progress
from ..sources import ArraysSource, ModelsSource, Source
from ..store import Store
from .aggregate import analyse_all, analyse_each
from .analyse import analyse_records
from .kept import Kept, Outcomes
from .untrained import announced, run_untrained

__all__ = ["Kept", "Outcomes", "compute"]


def compute(source: Source, settings: Settings, progress: Progress) -> Kept:
    """Return everything that a site says, computed as far as the store lacks it."""
    kept = Kept(source, Store(settings.store), settings)
    if isinstance(source, ModelsSource):
        from .local import LocalModels

        source.cut(progress)
        if sentence := announced(source, settings):
            progress.note(sentence)
        LocalModels(source, kept, settings, progress).run()
    elif isinstance(source, ArraysSource):
        kept.remarks |= {one.name: source.remarks_of_model(one) for one in source.models}
    kept.unread |= source.unread()
    analyse_records(kept, settings, progress)
    analyse_each(kept, settings, progress)
    run_untrained(kept, settings, progress)
    analyse_all(kept, settings)
    if damaged := kept.store.damaged:
        files, they = ("file was", "it") if damaged == 1 else ("files were", "they")
        progress.note(
            f"{damaged} {files} damaged in the store {settings.store.name}: "
            f"what {they} held was computed anew."
        )
    return kept
