"""What is computed from captures: one file per analysis, and the list of them.

To add one, write a module here with an `ANALYSIS` and name it in OWN, or name it in a package of
your own as an entry point of the group `attnatlas.analyses`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from ..errors import InputError
from .result import Analysis, Needs, Result, Scope

GROUP = "attnatlas.analyses"
OWN = (
    "rollout", "heads", "flow", "saliency", "relevance", "smoothgrad", "gradients", "anchors",
    "faithfulness", "profile",
)  # fmt: skip


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
    return _of_scope("model")


def over_records() -> dict[str, Callable[..., Result]]:
    """Return what is computed from the record results of one model, by the analysis' name."""
    found = {a.name: a.overall for a in record_analyses() if a.overall is not None}
    return {a.name: a.compute for a in model_analyses()} | found


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
