"""The Python door: what `attnatlas build` does, with texts and models from memory if you like."""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from .config import DEFAULT_OUTPUT, Settings, column_choices, misfit
from .errors import ArgumentError, AtlasError, explain

if TYPE_CHECKING:
    from .build import BuildReport
    from .corpus import Corpus
    from .report import Progress

Name = str | os.PathLike[str]

PATHS = frozenset({"arrays", "output", "store", "redact_list"})
HELD = (
    *("attentions", "encoder_attentions", "decoder_attentions", "cross_attentions"),
    *("tokens", "encoder_tokens", "decoder_tokens"),
)
"""What stands for a model: attention that it returned, and the names of its tokens."""
NAMED_APART = frozenset({"corpora", "models", "output"})


def build(
    records: Name | Iterable[Name | Mapping[str, object]] | None = None,
    model: Any = None,
    tokenizer: Any = None,
    output: Name = DEFAULT_OUTPUT,
    *,
    name: str | Sequence[str] | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> BuildReport:
    """Build a site in the folder `output`; return where it is and what it holds.

    `records` is the name or path of a corpus (a `str` or a `Path`), a list of `Path`s, or texts:
    a list of `str`, or of mappings with a `text` and any other field of a record, which a
    `datasets.Dataset` is. `model` is a folder, an embedded model or a Hub id, or a loaded model
    with its `tokenizer` (or the name of one): a PreTrainedModel, a PeftModel, or the pipeline or
    trainer that holds it. A list holds several of these, a mapping gives them names, and `name`
    says what to call the model, or each. All else is a field of `Settings`, as on the command
    line: `title="..."`, `max_tokens=64`, `strict=True`. What fails is an AtlasError.

    `attentions=` and `tokens=` stand for a model: what it returned with output_attentions=True, and
    the names of its tokens; of an encoder-decoder, `encoder_attentions=`, `decoder_attentions=`,
    `cross_attentions=`, `encoder_tokens=` and `decoder_tokens=`. `records` is then the texts, or
    left out, and `name` what to call the model.
    """
    with _told():
        from .build import build_site

        if held := {part: settings.pop(part) for part in HELD if part in settings}:
            if model is not None or tokenizer is not None:
                raise ArgumentError("Attention that is there already needs no model; leave it out.")
            from .sources.held import held_attention

            with held_attention(held, records, name if isinstance(name, str) else None) as folder:
                settings |= {"arrays": folder}
                chosen = Settings(output=Path(output), **_checked(settings))
                return build_site(chosen, progress=progress)
        corpora, texts = _records(records)
        names, loaded = _models(model)
        if loaded is None and tokenizer is not None:
            raise ArgumentError(
                "A tokenizer goes with a loaded model; a named model brings its own."
            )
        if name is not None and loaded is None:
            names = _called(names, name)
        own = {} if name is None or loaded is None else {"name": name}
        chosen = Settings(corpora=corpora, models=names, output=Path(output), **_checked(settings))
        return build_site(
            chosen, progress=progress, records=texts, model=loaded, tokenizer=tokenizer, **own
        )


def load_corpus(name_or_path: Name, *, strict: bool = False, **reading: Any) -> Corpus:
    """Load a bundled corpus by its name, or a file; `reading` is a setting such as `column`."""
    with _told():
        from .corpus import load_corpus as load
        from .corpus import read_options

        options = read_options(Settings(**_checked(reading)))
        return load(name_or_path, strict=strict, options=options)


@contextmanager
def _told() -> Iterator[None]:
    """Make every failure an AtlasError, whose sentence is what the command line prints."""
    try:
        yield
    except AtlasError:
        raise
    except Exception as error:
        raise explain(error) from error


def _called(models: Sequence[str], name: Any) -> tuple[str, ...]:
    """Return the names of models with what to call them: `NAME=PATH`."""
    if not isinstance(name, str | list | tuple):
        raise ArgumentError(f"name={name!r} cannot be; it must be a text, or a list of texts.")
    names = [name] if isinstance(name, str) else list(name)
    if len(names) != len(models):
        raise ArgumentError(f"name= has {len(names)} for {len(models)} models; give one each.")
    return tuple(f"{one}={path}" for one, path in zip(names, models, strict=True))


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
    """Return names of models, or what was loaded: one thing, a list, or a mapping."""
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
    """Return settings by name, paths as paths; raise ArgumentError for one that cannot be."""
    known = [field.name for field in dataclasses.fields(Settings) if field.name not in NAMED_APART]
    for name in settings:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
            raise ArgumentError(f"build() has no setting {name!r}; {meant}")
    checked = {name: _taken(name, value) for name, value in settings.items()}
    for name, value in checked.items():
        if wanted := misfit(name, value):
            raise ArgumentError(f"{name}={value!r} cannot be; it must be {wanted}.")
    return checked


def _taken(name: str, value: Any) -> Any:
    """Return a setting as Settings holds it: paths as paths, several texts as a tuple."""
    if name in PATHS and _is_name(value):
        return Path(value)
    if name == "column":
        value = column_choices(value)
    if name in ("also", "from_sites", "redact") and isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value
