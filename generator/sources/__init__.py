"""Where the captures of a build come from: models, by way of the store, or arrays in files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Settings
from ..corpus import Corpus
from ..errors import InputError
from ..redaction import Redactor
from ..report import listed
from .arrays import ArraysSource
from .models import ModelsSource
from .reading import CapturedRecord, Source, Unread

if TYPE_CHECKING:
    from ..models import LoadedModel, ModelSource

__all__ = ["ArraysSource", "CapturedRecord", "ModelsSource", "Source", "Unread", "gather"]

READING = ("column", "delimiter", "encoding", "format", "limit", "sample", "vary")
"""Settings that say how a corpus is read."""
NUMBERS = "data"
"""Where a site keeps its numbers."""
ATLAS = "atlas.json"
"""What every site says of itself."""


def numbers_of(site: str) -> Path:
    """Return the folder in which a built site keeps its numbers."""
    folder = Path(site)
    try:
        if not (folder / ATLAS).is_file():
            raise FileNotFoundError(folder / ATLAS)
        numbers = json.loads((folder / ATLAS).read_text("utf-8"))["settings"]["numbers"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{site} is no site that attnatlas built; --from takes the folder of one."
        ) from error
    if numbers == "none":
        raise InputError(f"{site} holds no attention; build it with --numbers float16 or float32.")
    return folder / NUMBERS


def gather(
    settings: Settings,
    corpora: Sequence[Corpus] | None = None,
    loaded: Sequence[ModelSource | LoadedModel] | None = None,
    redactor: Redactor | None = None,
) -> Source:
    """Return the source that the settings name: arrays, or corpora and models.

    `corpora` and `loaded` stand for what the settings name, where a caller has them in memory.
    A `redactor` hides what it finds in texts and names before any model reads them.
    """
    if settings.arrays is not None or settings.from_sites:
        by = "--arrays" if settings.arrays is not None else "--from"
        if settings.models or settings.corpora or corpora or loaded:
            raise InputError(f"{by} brings its own texts and models; name no others beside it.")
        if settings.windows is not None:
            raise InputError(f"--windows cuts texts before a model reads them; {by} has none.")
        if unread := [f"--{name}" for name in READING if getattr(settings, name)]:
            raise InputError(
                f"{listed(unread)} would say how a corpus is read; {by} reads none. Leave it out."
            )
        if redactor is not None:
            raise InputError(
                f"--redact hides what is to be read; {by} was read before. "
                "Build from the texts and the model."
            )
        own = [] if settings.arrays is None else [settings.arrays]
        return ArraysSource(*own, *map(numbers_of, settings.from_sites), numbers=settings.numbers)
    from ..corpus import load_corpora, read_options
    from ..models import resolve_model
    from ..zoo import zoo_names

    if corpora is None:
        names = settings.corpora or ("showcase",)
        corpora = load_corpora(names, strict=settings.strict, options=read_options(settings))
    if loaded is None:
        models = dict.fromkeys(settings.models or zoo_names())
        loaded = [resolve_model(name, settings) for name in models]
    if redactor is not None:
        from ..redaction.texts import hidden_corpora, hidden_model

        corpora = hidden_corpora(corpora, redactor)
        loaded = [replace(one, info=hidden_model(one.info, redactor)) for one in loaded]
    return ModelsSource(settings, corpora, loaded, redactor)
