"""Settings of one build: every choice that can change what the site holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

Numbers = Literal["float16", "float32", "none"]

COUNTS = frozenset({"max_tokens", "windows", "batch_size", "beams", "threads", "limit", "sample"})
"""Settings that count from one."""
WORDS = {str: "a text", int: "a whole number", bool: "True or False", Path: "a path"}
DEFAULT_OUTPUT = Path("site_output")
DEFAULT_STORE = Path(".attnatlas")


@dataclass(frozen=True, slots=True)
class Settings:
    """What to read, with which models, and where to put the site."""

    corpora: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    arrays: Path | None = None
    from_sites: tuple[str, ...] = ()
    output: Path = DEFAULT_OUTPUT
    store: Path = DEFAULT_STORE
    title: str | None = None
    base_url: str | None = None
    noindex: bool = False
    numbers: Numbers = "float16"
    task: str | None = None
    revision: str | None = None
    offline: bool = False
    strict: bool = False
    column: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    format: str | None = None
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    vary: tuple[str, ...] = ()
    max_tokens: int | None = None
    windows: int | None = None
    batch_size: int | Literal["auto"] = 8
    beams: int = 1
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    gate: bool = False
    device: str = "cpu"
    dtype: Literal["float32", "float16", "bfloat16"] = "float32"
    threads: int | None = None
    redact: tuple[str, ...] = ()
    redact_list: Path | None = None
    allow_pickle: bool = False
    force: bool = False


def misfit(name: str, value: object) -> str | None:
    """Return what a setting must be, as the end of a sentence, where a value is not that."""
    hint = get_type_hints(Settings)[name]
    if not _fits(value, hint):
        return _wanted(hint)
    counts = name in COUNTS and isinstance(value, int) and value < 1
    return "a whole number from 1" if counts else None


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(entry, str) for entry in value)
    if options := get_args(hint):
        return any(_fits(value, option) for option in options)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _wanted(hint: Any) -> str:
    """Return in words what a setting takes."""
    if get_origin(hint) is Literal:
        return " or ".join(repr(option) for option in get_args(hint))
    if get_origin(hint) is tuple:
        return "a text, or a list of texts"
    options = [option for option in get_args(hint) or (hint,) if option is not type(None)]
    return " or ".join(WORDS.get(option) or _wanted(option) for option in options)


def column_choices(value: object) -> object:
    """Return `{"text": "review"}` as ("text=review",); several names of a field as a list."""
    if not isinstance(value, Mapping):
        return (value,) if isinstance(value, str) else value
    several = (
        (field, [names] if isinstance(names, str) else names) for field, names in value.items()
    )
    return tuple(f"{field}={name}" for field, names in several for name in names)
