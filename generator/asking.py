"""Analyses that need the model: run once, while it is in memory, and kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .analyses import record_analyses
from .analyses.result import Analysis, Result
from .analyses.stored import result_from_arrays, result_to_arrays
from .capture import Capture, Floats
from .config import Settings
from .corpus import Record
from .errors import AtlasError, InputError
from .report import Progress
from .store import Store

if TYPE_CHECKING:
    from .models import LoadedModel

TOGETHER = 32
"""Records whose results go into one shard."""
Failures = dict[tuple[str, str], str]
"""What went wrong, in one sentence, by (key, analysis)."""


def asking(settings: Settings | None = None) -> list[Analysis]:
    """Return the analyses of one capture that need the model, in order; those chosen, if given."""
    return record_analyses("model", settings.also if settings else None)


def unanswered(store: Store, keys: Iterable[str], settings: Settings) -> Iterator[str]:
    """Yield the keys for which the store lacks the result of such an analysis."""
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
    wanted = asking(settings)
    with progress.stage(f"asking {loaded.info.name}", len(items)) as advance:
        for start in range(0, len(items), TOGETHER):
            found: dict[str, list[tuple[str, Result]]] = {a.name: [] for a in wanted}
            for key, record in items[start : start + TOGETHER]:
                with Run(loaded, settings).session():
                    results, failed = answer(loaded, store.get(key, record), settings)
                for name, result in results.items():
                    found[name].append((key, result))
                failures |= {(key, name): sentence for name, sentence in failed.items()}
                advance(1)
            for analysis in wanted:
                store.results_put(analysis.name, analysis.version, found[analysis.name])
    return failures


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
                failed[analysis.name] = stumbled(analysis, capture, error, settings)
    return results, failed


def answers(results: Mapping[str, Result]) -> dict[str, Any]:
    """Return what these analyses found as JSON by name, without their arrays, for a data file."""
    return {
        a.name: {"version": a.version, **result_to_arrays(results[a.name])[1]}
        for a in asking()
        if a.name in results
    }


def scores(results: Mapping[str, Result]) -> dict[str, Floats]:
    """Return the scores of these analyses by name, each [token], for a data file."""
    found = (results[a.name].scores for a in asking() if a.name in results)
    return {one.name: one.values for several in found for one in several}


def answered(
    path: Path, found: Mapping[str, Any], scores: Mapping[str, Floats]
) -> dict[str, Result]:
    """Return the results in a data file as `answers` wrote them, those of this version.

    `scores` are its arrays by name.
    """
    results = {}
    for analysis in asking():
        entry = found.get(analysis.name)
        if not isinstance(entry, dict) or entry.get("version") != analysis.version:
            continue
        try:
            arrays = {f"scores.{i}": scores[name] for i, name in enumerate(entry["scores"])}
            results[analysis.name] = result_from_arrays(arrays, entry)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}: 'results.{analysis.name}' is not as attnatlas writes it; leave it out."
            ) from error
    return results


def stumbled(analysis: Analysis, capture: Capture, error: Exception, settings: Settings) -> str:
    """Return in one sentence why an analysis failed; `settings.strict` makes it an error."""
    sentence = f"{type(error).__name__}: {error}"
    if settings.strict:
        where = f"record {capture.record.id!r}"
        raise AtlasError(f"{analysis.title} failed on {where} ({sentence}).") from error
    return sentence
