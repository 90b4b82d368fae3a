"""Analyses that need the model: run once, while it is in memory, and kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from .analyses import model_probes, record_analyses
from .analyses.analysis import Analysis
from .capture import Capture, Floats
from .config import Settings
from .corpus import Record
from .errors import AtlasError, InputError
from .report import Progress
from .results.codec import grids_from_json, result_from_arrays, result_to_json
from .results.shapes import Result
from .store import Store, question_key

if TYPE_CHECKING:
    from .models import LoadedModel

TOGETHER, TOGETHER_BYTES = 32, 32_000_000
"""Records whose results go into one shard, fewer where these have so many bytes of arrays."""
Answers = list[tuple[str, dict[str, Result]]]
"""The key of each record, and what was found of it, by analysis."""
Failures = dict[tuple[str, str], str]
"""What went wrong, in one sentence, by (question key, analysis)."""


def asking(settings: Settings | None = None) -> list[Analysis]:
    """Return the analyses of one capture that need the model, in order; those chosen, if given."""
    return record_analyses("model", settings.also if settings else None)


def unanswered(store: Store, keys: Iterable[str], settings: Settings) -> Iterator[str]:
    """Yield those of the question keys for which the store lacks the result of an analysis."""
    wanted = asking(settings)
    for key in keys:
        if not all(store.results_has(key, a.name, a.version) for a in wanted):
            yield key


def ask(
    loaded: LoadedModel,
    store: Store,
    items: Sequence[tuple[str, Record]],
    settings: Settings,
    progress: Progress,
) -> Failures:
    """Run every analysis that needs the model on stored captures; keep what is found.

    Returns what failed; `settings.strict` makes that an error.
    """
    from .capture.run import Run

    failures: Failures = {}
    found: Answers = []
    with progress.stage(f"asking {loaded.info.name}", len(items)) as advance:
        for key, record in items:
            with Run(loaded, settings).session():
                results, failed = answer(loaded, store.get(key, record), settings)
            asked = question_key(key, record)
            found.append((asked, results))
            failures |= {(asked, name): sentence for name, sentence in failed.items()}
            advance(1)
            if len(found) == TOGETHER or _size(found) > TOGETHER_BYTES:
                _keep(store, found, settings)
                found = []
        _keep(store, found, settings)
    return failures


def _size(found: Answers) -> int:
    """Return the bytes of all matrices in memory."""
    every = (result for _, results in found for result in results.values())
    return sum(matrix.values.nbytes for result in every for matrix in result.matrices)


def _keep(store: Store, found: Answers, settings: Settings) -> None:
    """Put what was found into the store, one shard for each analysis."""
    for analysis in asking(settings):
        have = [(key, results[analysis.name]) for key, results in found if analysis.name in results]
        store.results_put(analysis.name, analysis.version, have)


def answer(
    loaded: LoadedModel, capture: Capture, settings: Settings
) -> tuple[dict[str, Result], dict[str, str]]:
    """Return what the analyses that need the model say of one capture, and what failed."""
    from .probes import remembering

    results: dict[str, Result] = {}
    failed: dict[str, str] = {}
    with remembering():
        for analysis in asking(settings):
            try:
                results[analysis.name] = analysis.compute(capture, loaded, results)
            except Exception as error:
                where = f"record {capture.record.id!r}"
                failed[analysis.name] = stumbled(analysis, where, error, settings)
    return results, failed


def unprobed(store: Store, key: str, settings: Settings) -> list[Analysis]:
    """Return the analyses of a model itself whose result the store lacks."""
    wanted = model_probes(settings.also)
    return [a for a in wanted if not store.results_has(key, a.name, a.version)]


def probe(loaded: LoadedModel, store: Store, key: str, settings: Settings) -> dict[str, str]:
    """Run what is asked of a model itself, and keep what is found; return what failed, by name."""
    failed: dict[str, str] = {}
    for analysis in unprobed(store, key, settings):
        try:
            result = analysis.compute(loaded)
        except Exception as error:
            failed[analysis.name] = stumbled(
                analysis, f"model {loaded.info.name!r}", error, settings
            )
        else:
            store.results_put(analysis.name, analysis.version, [(key, result)])
    return failed


def answers(results: Mapping[str, Result]) -> dict[str, Any]:
    """Return what these analyses found as JSON by name, for a data file that has their scores."""
    return {
        a.name: {"version": a.version, **result_to_json(results[a.name])}
        for a in (*asking(), *model_probes())
        if a.name in results
    }


def matrices(results: Mapping[str, Result]) -> dict[str, npt.NDArray[Any]]:
    """Return the matrices that these analyses found, by the name that a data file gives them."""
    found = (results[a.name] for a in asking() if a.name in results)
    return {
        f"{result.analysis}.{matrix.label}": matrix.values
        for result in found
        for matrix in result.matrices
    }


def scores(results: Mapping[str, Result]) -> dict[str, Floats]:
    """Return the scores of these analyses by name, each [token], for a data file."""
    found = (results[a.name].scores for a in asking() if a.name in results)
    return {one.name: one.values for several in found for one in several}


def answered(
    path: Path,
    found: Mapping[str, Any],
    scores: Mapping[str, Floats],
    matrices: Mapping[str, Floats],
) -> dict[str, Result]:
    """Return the results in a data file as `answers` wrote them, those of this version.

    `scores` and `matrices` are its arrays by name.
    """
    results = {}
    for analysis in (*asking(), *model_probes()):
        entry = found.get(analysis.name)
        if not isinstance(entry, dict) or entry.get("version") != analysis.version:
            continue
        try:
            arrays = {f"scores.{i}": scores[name] for i, name in enumerate(entry["scores"])}
            for i, label in enumerate(entry["matrices"]):
                arrays[f"matrix.{i}"] = matrices[f"{analysis.name}.{label}"]
            arrays |= grids_from_json(entry)
            results[analysis.name] = result_from_arrays(arrays, entry)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}: 'results.{analysis.name}' is not as attnatlas writes it; leave it out."
            ) from error
    return results


def stumbled(analysis: Analysis, where: str, error: Exception, settings: Settings) -> str:
    """Return in one sentence why an analysis failed; `settings.strict` makes it an error."""
    sentence = f"{type(error).__name__}: {error}"
    if settings.strict:
        raise AtlasError(f"{analysis.title} failed on {where} ({sentence}).") from error
    return sentence
