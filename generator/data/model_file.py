"""What lies beside the records of a model: what was found of the model itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..capture.rows import ArrayError
from ..capture.values import items, text
from ..errors import InputError
from ..results.untrained import Untrained, untrained_from_json

RESULTS = "results.json"
"""The name of that file."""


def read_results(folder: Path, model: str) -> tuple[Path, dict[str, Any]]:
    """Return where the results of a model itself are, and those results; none where no file is."""
    results = _said_of(folder, model).get("results")
    return folder / RESULTS, dict(results) if isinstance(results, dict) else {}


def read_untrained(folder: Path, model: str) -> Untrained | None:
    """Return what a folder says of untrained copies of a model, None where it says nothing."""
    found = _said_of(folder, model).get("untrained")
    if found is None:
        return None
    try:
        return untrained_from_json(found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{folder / RESULTS}: 'untrained' is not as attnatlas writes it; leave it out."
        ) from error


def read_remarks(folder: Path, model: str) -> tuple[str, ...]:
    """Return the sentences in a folder on how the files of a model were read."""
    try:
        found = items("remarks", _said_of(folder, model).get("remarks") or [])
        return tuple(text(f"remarks[{at}]", one) for at, one in enumerate(found))
    except ArrayError as error:
        raise InputError(f"{folder / RESULTS}: {error}.") from error


def _said_of(folder: Path, model: str) -> dict[str, Any]:
    """Return what a folder says of a model itself; nothing where it has no such file."""
    path = folder / RESULTS
    try:
        found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (ValueError, RecursionError, OSError) as error:
        raise InputError(f"{path}: not JSON as attnatlas writes it ({error}).") from error
    return found if isinstance(found, dict) and found.get("model") == model else {}
