"""Settings of one build: every choice that can change what the site holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Numbers = Literal["float16", "float32", "none"]

DEFAULT_OUTPUT = Path("site_output")
DEFAULT_STORE = Path(".attnatlas")


@dataclass(frozen=True, slots=True)
class Settings:
    """What to read, with which models, and where to put the site."""

    corpora: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    arrays: Path | None = None
    output: Path = DEFAULT_OUTPUT
    store: Path = DEFAULT_STORE
    title: str | None = None
    base_url: str | None = None
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
    max_tokens: int | None = None
    windows: int | None = None
    batch_size: int | Literal["auto"] = 8
    beams: int = 1
    also: tuple[str, ...] = ()
    device: str = "cpu"
    dtype: Literal["float32", "float16", "bfloat16"] = "float32"
    threads: int | None = None
    allow_pickle: bool = False
    force: bool = False


def column_choices(value: object) -> object:
    """Return `{"text": "review"}` as ("text=review",); several names of a field as a list."""
    if not isinstance(value, Mapping):
        return (value,) if isinstance(value, str) else value
    several = (
        (field, [names] if isinstance(names, str) else names) for field, names in value.items()
    )
    return tuple(f"{field}={name}" for field, names in several for name in names)
