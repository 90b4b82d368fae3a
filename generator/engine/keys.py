"""What results are kept under: a hash of everything that can change them.

That is the capture (or all of them), the code that analyses, the libraries it runs on, the record
fields that the analysis reads, and the results that it is given. An analysis is shown no other
field of a record, so none can change a number unnoticed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from ..analyses.analysis import Analysis
from ..capture import Capture
from ..corpus import Record
from ..sources import CapturedRecord
from ..store import CAPTURED_FIELDS, code_hash, digest

ANALYSIS_CODE = (
    *("analyses", "probes", "statistics", "results", "capture", "corpus", "redaction"),
    *("data", "sources", "engine"),
)
"""The folders whose code can change a number: that computes it, or chooses what from."""
CALLED = ("compute", "aggregate", "accumulate", "claims")
"""The parts of an analysis that are code."""
CODE = (".py", ".so", ".pyd")
ANALYSIS_LIBRARIES = ("torch", "transformers", "captum", "numpy", "scipy")
CLUSTER_FIELDS = ("id", "group", "frame", "window")
"""What every analysis of many records sees of each: which of them belong together."""
HIDDEN: Mapping[str, Any] = {
    field.name: "" if field.name == "id" else field.default for field in dataclasses.fields(Record)
}


def visible(record: Record, fields: Iterable[str]) -> Record:
    """Return a record as an analysis sees it: with these fields, and those of its capture."""
    shown = {*CAPTURED_FIELDS, *fields}
    return dataclasses.replace(record, **{n: v for n, v in HIDDEN.items() if n not in shown})


def seen(capture: Capture, fields: Iterable[str]) -> Capture:
    """Return a capture as an analysis sees it."""
    return dataclasses.replace(capture, record=visible(capture.record, fields))


def record_key(
    reading: CapturedRecord, analysis: Analysis, fields: Sequence[str], before: Sequence[str]
) -> str:
    """Return the key of what an analysis says of one text.

    `fields` are those that it sees, `before` the keys of the results that it is given.
    """
    return digest([reading.key, own_key(analysis), field_values(reading.record, fields), before])


def probe_key(model_key: str, analysis: Analysis) -> str:
    """Return the key of what an analysis says of a model itself."""
    return digest([model_key, own_key(analysis)])


def text_key(reading: CapturedRecord, results: Mapping[str, str]) -> str:
    """Return a hash of a text's capture and of all results that there are of it."""
    return digest([reading.key, [*results.items()]])


def many_key(
    analysis: Analysis, texts: Iterable[tuple[CapturedRecord, str]], beside: object = None
) -> str:
    """Return the key of what an analysis says of many texts, each with its `text_key`."""
    fields = (*CLUSTER_FIELDS, *analysis.fields)
    hashed = hashlib.sha256(digest([own_key(analysis), beside]).encode())
    for reading, key in texts:
        hashed.update(digest([key, field_values(reading.identified, fields)]).encode())
    return hashed.hexdigest()


def field_values(record: Record, fields: Sequence[str]) -> list[Any]:
    """Return what a record has in these fields."""
    return [getattr(record, name) for name in sorted(set(fields))]


def own_key(analysis: Analysis) -> list[str]:
    """Return what pins the code of an analysis: ours as a whole, and that of another package."""
    return [analysis.name, analysis.version, our_code(), foreign_code(analysis)]


@cache
def our_code() -> str:
    """Return a hash of all our code that can change a number, and of what it runs on."""
    return code_hash(ANALYSIS_CODE, ANALYSIS_LIBRARIES)


def foreign_code(analysis: Analysis) -> str:
    """Return a hash of the packages that an analysis comes from; nothing for our own."""
    parts = (getattr(analysis, name, None) for name in CALLED)
    modules = {_module_of(part) for part in parts if part is not None}
    roots = {_root(name) for name in modules} - {__name__.partition(".")[0]}
    return digest([_code_of(root) for root in sorted(roots)]) if roots else ""


def _module_of(part: Any) -> str:
    """Return the module that something was written in which can be called."""
    while isinstance(part, partial):
        part = part.func
    written = inspect.unwrap(part)
    return str(getattr(written, "__module__", None) or type(written).__module__)


def _root(module: str) -> str:
    """Return the package that a module is delivered in: the topmost that is no mere namespace."""
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((name for name in names if _file(name) is not None), module)


def _file(module: str) -> str | None:
    return getattr(sys.modules.get(module), "__file__", None)


@cache
def _code_of(root: str) -> list[str]:
    """Return a hash of each file of code in a package, or of the module that stands alone."""
    if (file := _file(root)) is None:
        return []
    path = Path(file)
    whole = hasattr(sys.modules[root], "__path__")
    files = sorted(path.parent.rglob("*")) if whole else [path]
    code = [one for one in files if one.suffix in CODE and one.is_file()]
    return [hashlib.sha256(one.read_bytes()).hexdigest() for one in code]
