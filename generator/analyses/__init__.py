"""What is computed from captures: one file per analysis, and the list of them.

To add one, write a module here with an `ANALYSIS` and name it in OWN, or name it in a package of
your own as an entry point of the group `attnatlas.analyses`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from ..corpus import Record
from ..errors import InputError
from ..results.shapes import Result
from .analysis import Analysis, Needs, Scope, Watcher

Entries = Iterable[tuple[Record, Mapping[str, Result]]]

GROUP = "attnatlas.analyses"
OWN = (
    "rollout",
    "head_metrics",
    "flow",
    "flow_all_rows",
    "saliency",
    "relevance",
    "smoothgrad",
    "complete_gradients",
    "gradients",
    "contrast",
    "anchors",
    "faithfulness",
    "importance",
    "value_zeroing",
    "raw_scores",
    "norms",
    "profile",
    "agreement",
    "similarity",
    "best_heads",
    "token_pairs",
    "syntax",
    "semantic",
    "context",
    "repeated_tokens",
)


@cache
def analyses() -> tuple[Analysis, ...]:
    """Return all analyses, our own first, then those of other packages by name."""
    own = [import_module(f".{name}", __name__).ANALYSIS for name in OWN]
    found = own + [_load(point) for point in sorted(entry_points(group=GROUP))]
    for name, count in Counter(analysis.name for analysis in found).items():
        if count > 1:
            raise InputError(f"Two analyses are called {name!r}: remove or rename one of them.")
    return tuple(found)


def record_analyses(
    needs: Needs | None = None, also: Container[str] | None = None
) -> list[Analysis]:
    """Return the analyses of one capture; only those with such needs, if given.

    Where `also` is given, optional ones only if it names them.
    """
    found = _of_scope("record")
    return [
        analysis
        for analysis in found
        if needs in (None, analysis.needs)
        and (also is None or not analysis.optional or analysis.name in also)
    ]


def check_optional(also: Iterable[str]) -> None:
    """Refuse a name that is no optional analysis."""
    known = [analysis.name for analysis in analyses() if analysis.optional]
    for name in also:
        if name not in known:
            raise InputError(
                f"--also {name!r} is not an analysis that can be added; "
                f"choose from {', '.join(known)}."
            )


def model_analyses() -> list[Analysis]:
    """Return the analyses of all records of one model."""
    return [analysis for analysis in _of_scope("model") if analysis.needs != "model"]


def model_probes(also: Container[str] | None = None) -> list[Analysis]:
    """Return the analyses of a model itself, without any record; optional ones as `also` says."""
    return [
        analysis
        for analysis in _of_scope("model")
        if analysis.needs == "model"
        and (also is None or not analysis.optional or analysis.name in also)
    ]


def watchers() -> dict[str, Watcher]:
    """Return what has to see every capture of one model, new, by the analysis' name."""
    return {a.name: a.watch() for a in model_analyses() if a.watch is not None}


def over_records(seen: Mapping[str, Watcher]) -> dict[str, Callable[..., Result]]:
    """Return what is computed from the record results of one model, by the analysis' name.

    `seen` are the watchers that were given its captures.
    """
    plain = {a.name: a.compute for a in model_analyses() if a.watch is None}
    overall = {a.name: a.overall for a in record_analyses() if a.overall is not None}
    watched = {
        a.name: partial(_watched, a, seen[a.name]) for a in model_analyses() if a.watch is not None
    }
    return {**plain, **overall, **watched}


def _watched(analysis: Analysis, seen: Watcher, entries: Entries) -> Result:
    return analysis.compute(entries, seen)


def _of_scope(scope: Scope) -> list[Analysis]:
    return [analysis for analysis in analyses() if analysis.scope == scope]


def _load(point: EntryPoint) -> Analysis:
    """Return the analysis that an entry point names: a module with an ANALYSIS, or an Analysis."""
    try:
        loaded = point.load()
    except Exception as error:  # another package's code: whatever it raises is its own
        raise InputError(
            f"The analysis {point.name!r} ({point.value}) cannot be loaded ({error}): "
            "update or remove the package it comes from."
        ) from error
    analysis = getattr(loaded, "ANALYSIS", loaded)
    if not isinstance(analysis, Analysis):
        raise InputError(
            f"The analysis {point.name!r} ({point.value}) is not an Analysis: "
            "update or remove the package it comes from."
        )
    return analysis
