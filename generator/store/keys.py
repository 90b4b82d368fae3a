"""What captures are kept under: a hash of everything that can change them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..config import Settings
from ..corpus import Record, record_to_json

CAPTURED_FIELDS = (
    *("text", "pair", "target", "prefix", "source_lang", "target_lang"),
    *("chat", "markers"),
)
"""What of a record decides what a model is given to read."""
CAPTURE_CODE = ("capture", "models", "corpus", "redaction")
"""The folders whose code can change a capture."""
CAPTURE_LIBRARIES = (
    *("torch", "transformers", "tokenizers", "numpy"),
    *("sentencepiece", "sacremoses", "Jinja2"),
)


def capture_key(model_fingerprint: str, record: Record, settings: Settings) -> str:
    """Return the sha256 of everything that can change a capture.

    `model_fingerprint` pins weights and tokenizer; beside it stand the code that captures, the
    libraries it runs on, the settings of the run and what the model is given of the record.
    """
    run = (
        *(settings.dtype, settings.device, settings.max_tokens, settings.task, settings.beams),
        settings.numbers == "float16",
    )
    said = record_to_json(record)
    given = [said.get(name) for name in CAPTURED_FIELDS]
    return digest([model_fingerprint, capture_code(), run, given, *_hidden(settings)])


def model_key(model_fingerprint: str, settings: Settings) -> str:
    """Return the sha256 of everything that can change what a model does without any record."""
    run = (settings.dtype, settings.device, settings.task)
    return digest([model_fingerprint, capture_code(), run, "model", *_hidden(settings)])


def _hidden(settings: Settings) -> list[str]:
    """Return a hash of what is to be hidden; nothing where nothing is."""
    listed = settings.redact_list.read_text("utf-8-sig") if settings.redact_list else ""
    return [digest([settings.redact, listed])] if settings.redact or listed else []


@cache
def capture_code() -> str:
    """Return a hash of the code that captures and of the libraries that it runs on."""
    return code_hash(CAPTURE_CODE, CAPTURE_LIBRARIES)


def code_hash(folders: Iterable[str], libraries: Iterable[str]) -> str:
    """Return a hash of the sources in folders of the package, and of versions of libraries."""
    package = files("attnatlas")
    sources = [part for name in folders for part in python_files(package.joinpath(name))]
    hashes = [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources]
    return digest([hashes, [_version(name) for name in libraries]])


def python_files(folder: Traversable) -> list[Traversable]:
    """Return the Python files in a folder and below it, in a fixed order."""
    found: list[Traversable] = []
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        if part.is_dir():
            found += python_files(part)
        elif part.name.endswith(".py"):
            found.append(part)
    return found


def digest(values: object) -> str:
    """Return the sha256 of JSON values; tuples and dataclasses count as their parts."""
    text = json.dumps(values, separators=(",", ":"), sort_keys=True, default=_parts)
    return hashlib.sha256(text.encode()).hexdigest()


def _parts(value: object) -> object:
    from dataclasses import asdict, is_dataclass

    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no hash")


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
