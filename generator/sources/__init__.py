"""Where the captures of a build come from: models, by way of the store, or arrays in files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..config import Settings
from ..corpus import Corpus
from ..errors import InputError
from ..report import listed
from .arrays import ArraysSource
from .models import ModelsSource
from .reading import CapturedRecord, Source, Unread

if TYPE_CHECKING:
    from ..models import LoadedModel, ModelSource

__all__ = ["ArraysSource", "CapturedRecord", "ModelsSource", "Source", "Unread", "gather"]

READING = ("column", "delimiter", "encoding", "format", "limit", "sample")
"""Settings that say how a corpus is read."""


def gather(
    settings: Settings,
    corpora: Sequence[Corpus] | None = None,
    loaded: Sequence[ModelSource | LoadedModel] | None = None,
) -> Source:
    """Return the source that the settings name: arrays, or corpora and models.

    `corpora` and `loaded` stand for what the settings name, where a caller has them in memory.
    """
    if settings.arrays is not None:
        if settings.models or settings.corpora or corpora or loaded:
            raise InputError("--arrays brings its own texts and models; name no others beside it.")
        if settings.windows is not None:
            raise InputError("--windows cuts texts before a model reads them; --arrays has none.")
        if unread := [f"--{name}" for name in READING if getattr(settings, name)]:
            raise InputError(
                f"{listed(unread)} would say how a corpus is read; --arrays reads none. "
                "Leave it out."
            )
        return ArraysSource(settings.arrays)
    from ..corpus import load_corpora, read_options
    from ..models import resolve_model
    from ..zoo import zoo_names

    if corpora is None:
        names = settings.corpora or ("showcase",)
        corpora = load_corpora(names, strict=settings.strict, options=read_options(settings))
    if loaded is not None:
        return ModelsSource(settings, corpora, loaded)
    models = dict.fromkeys(settings.models or zoo_names())
    return ModelsSource(settings, corpora, [resolve_model(name, settings) for name in models])
