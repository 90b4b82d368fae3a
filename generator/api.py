"""The Python door: what `attnatlas build` does, with texts and models from memory if you like."""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from .config import DEFAULT_OUTPUT, Settings, column_choices

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from .build import BuildReport
    from .corpus import Corpus
    from .report import Progress

Name = str | os.PathLike[str]

PATHS = frozenset({"arrays", "output", "store"})
NAMED_APART = frozenset({"corpora", "models", "output"})


def build(
    records: Name | Iterable[Name | Mapping[str, object]] | None = None,
    model: Name | Iterable[Name] | PreTrainedModel | None = None,
    tokenizer: PreTrainedTokenizerBase | None = None,
    output: Name = DEFAULT_OUTPUT,
    *,
    progress: Progress | None = None,
    **settings: Any,
) -> BuildReport:
    """Build a site in the folder `output`; return where it is and what it holds.

    `records` is the name or path of a corpus (a `str` or a `Path`), a list of `Path`s, or texts:
    a list of `str`, or of mappings with a `text` and any other field of a record, which a
    `datasets.Dataset` is. `model` is a folder, an embedded model or a Hub id, a list of these, or
    a loaded model with its `tokenizer`. All else is a field of `Settings`, as on the command line:
    `title="..."`, `max_tokens=64`, `strict=True`.
    """
    from .build import build_site

    corpora, texts = _records(records)
    names, loaded = _models(model)
    if loaded is not None and tokenizer is None:
        raise TypeError("a loaded model needs its tokenizer: build(..., model, tokenizer)")
    if loaded is None and tokenizer is not None:
        raise TypeError("a tokenizer goes with a loaded model; a named model brings its own")
    chosen = Settings(corpora=corpora, models=names, output=Path(output), **_checked(settings))
    return build_site(chosen, progress=progress, records=texts, model=loaded, tokenizer=tokenizer)


def load_corpus(name_or_path: Name, *, strict: bool = False, **reading: Any) -> Corpus:
    """Load a bundled corpus by its name, or a file; `reading` is a setting such as `column`."""
    from .corpus import load_corpus as load
    from .corpus import read_options

    options = read_options(Settings(**_checked(reading)))
    return load(name_or_path, strict=strict, options=options)


def _records(records: Any) -> tuple[tuple[str, ...], Iterable[Any] | None]:
    """Return names of corpora, or texts; a list of paths is one of corpora, of `str` of texts."""
    if records is None:
        return (), None
    if _is_name(records):
        return (os.fspath(records),), None
    listed = isinstance(records, list | tuple) and len(records) > 0
    if listed and all(isinstance(item, os.PathLike) for item in records):
        return tuple(os.fspath(item) for item in records), None
    return (), records


def _models(model: Any) -> tuple[tuple[str, ...], Any]:
    """Return names of models, or the one loaded model."""
    if model is None:
        return (), None
    if _is_name(model):
        return (os.fspath(model),), None
    if isinstance(model, list | tuple) and all(_is_name(name) for name in model):
        return tuple(os.fspath(name) for name in model), None
    return (), model


def _is_name(value: Any) -> TypeGuard[Name]:
    return isinstance(value, str | os.PathLike)


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by name, paths as paths; raise TypeError for one that does not exist."""
    known = [field.name for field in dataclasses.fields(Settings) if field.name not in NAMED_APART]
    for name in settings:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise TypeError(f"build() has no setting {name!r}; {meant}")
    checked = {
        name: Path(value) if name in PATHS and value is not None else value
        for name, value in settings.items()
    }
    if "column" in checked:
        checked["column"] = column_choices(checked["column"])
    return checked
