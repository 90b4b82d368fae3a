"""Results in data files: what needed the model, so that a build from the files can do without."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from ..analyses import chosen
from ..analyses.analysis import Analysis, ModelProbe, PairProbe, RecordProbe
from ..array_types import Singles
from ..capture import Capture
from ..errors import InputError
from ..results.codec import MATRIX, result_from_json, result_to_json
from ..results.columns import falling, misfit, said_of
from ..results.shapes import Result


def probes() -> list[Analysis]:
    """Return the analyses whose results travel with the numbers: those that need the model."""
    return [*chosen(RecordProbe), *chosen(PairProbe), *chosen(ModelProbe)]


def results_to_files(results: Mapping[str, Result]) -> dict[str, Any]:
    """Return the results of probes as JSON values, each with the version of its analysis.

    Their `scores_in` and `matrices_in` are tensors of the file.
    """
    return {
        probe.name: {"version": probe.version, **result_to_json(results[probe.name])}
        for probe in probes()
        if probe.name in results
    }


def matrices_in(results: Mapping[str, Result]) -> dict[str, npt.NDArray[Any]]:
    """Return the matrices of probes as tensors: `<analysis>.<kind>`."""
    return {
        f"{probe.name}.{matrix.label}": matrix.values
        for probe in probes()
        if probe.name in results
        for matrix in results[probe.name].matrices
    }


def scores_in(results: Mapping[str, Result]) -> dict[str, Singles]:
    """Return the scores of probes by name: `saliency.<name>` in the file."""
    found = (results[probe.name].scores for probe in probes() if probe.name in results)
    return {scores.name: scores.values for part in found for scores in part}


def _misfit(result: Result, probe: Analysis, capture: Capture | None) -> str | None:
    """Return how a result is not as its analysis writes it of a text, as the end of a sentence.

    None where it is. An analysis of another package may say nothing of its tables.
    """
    tables = probe.tables
    if probe.probable is not None and said_of(result, "measure") == "probability":
        tables = falling(probe.probable, said_of(result, "full"))
    if tables and (said := misfit(result, tables)) is not None:
        return said
    asked = probe.misread if capture and not result.empty else None
    return asked(capture, result) if asked and capture else None


def results_in(
    path: Path,
    found: Mapping[str, Any],
    scores: Mapping[str, Singles],
    matrices: Mapping[str, Singles],
    capture: Capture | None = None,
) -> dict[str, Result]:
    """Return the results in a data file, those of this version of their analysis.

    `scores` and `matrices` are its arrays by name; without a `capture` it is about a model itself.
    """
    results = {}
    for probe in probes() if found else ():
        entry = found.get(probe.name)
        if not isinstance(entry, dict) or entry.get("version") != probe.version:
            continue
        try:
            arrays = {f"scores.{i}": scores[name] for i, name in enumerate(entry["scores"])}
            for i, label in enumerate(entry["matrices"]):
                arrays[f"{MATRIX}{i}"] = matrices[f"{probe.name}.{label}"]
            result = result_from_json(entry, arrays)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}: 'results.{probe.name}' is not as attnatlas writes it; leave it out."
            ) from error
        own = isinstance(probe, ModelProbe) == (capture is None)
        if own and (said := _misfit(result, probe, capture)) is not None:
            raise InputError(f"{path}: 'results.{probe.name}{said}.")
        results[probe.name] = result
    return results
