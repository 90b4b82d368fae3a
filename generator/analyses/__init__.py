"""Analyses of captures. Each is a file with an `ANALYSIS`, named in OWN.

Packages add theirs as entry points of the group `attnatlas.analyses`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar, get_args

from ..errors import InputError
from ..results.columns import words_in
from .analysis import Accumulation, Aggregate, Analysis, Comparison, ModelProbe, OfModel, OfRecord

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
    "choice",
    "mentions",
    "causal",
    "anchors",
    "ways",
    "faithfulness",
    "word_erasure",
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
    "survival",
    "errors",
    "sentiment",
    "alignment",
    "weighted_alignment",
    "own_translation",
    "translation",
    "coreference",
    "counterfactuals",
    "compare",
)
ASKING, TWINS = "asking-the-model", "twins"
"""What may be left out beside single analyses: all that needs the model, and untrained copies."""
T = TypeVar("T", bound=Analysis)


@cache
def analyses() -> tuple[Analysis, ...]:
    """Return all analyses, our own first, then those of other packages by name."""
    own = [import_module(f".{name}", __name__).ANALYSIS for name in OWN]
    found = own + [_load(point) for point in sorted(entry_points(group=GROUP))]
    for name, count in Counter(analysis.name for analysis in found).items():
        if count > 1:
            raise InputError(f"Two analyses are called {name!r}: remove or rename one of them.")
    return tuple(found)


def by_name() -> dict[str, Analysis]:
    """Return all analyses by their names."""
    return {analysis.name: analysis for analysis in analyses()}


def analysis_of(report: str) -> Analysis:
    """Return the analysis that a report is of: by its name, or by that and the two models."""
    known = by_name()
    if report in known:
        return known[report]
    return next(
        one for one in chosen(Comparison) if one.pairwise and report.startswith(f"{one.name}-")
    )


def chosen(
    *kinds: type[T], also: Container[str] | None = None, without: Container[str] = ()
) -> list[T]:
    """Return the analyses of these kinds, in order, but for those that `without` names.

    Where `also` is given, optional ones only if it names them.
    """
    return [
        analysis
        for analysis in analyses()
        if isinstance(analysis, kinds)
        and (also is None or not analysis.optional or analysis.name in also)
        and not (analysis.name in without or (analysis.asks and ASKING in without))
    ]


def of_records(also: Container[str] | None = None, without: Container[str] = ()) -> list[OfRecord]:
    """Return the analyses of one text as one model read it, in order."""
    found: list[OfRecord] = chosen(*get_args(OfRecord), also=also, without=without)
    return found


def of_models(also: Container[str] | None = None) -> list[OfModel]:
    """Return the analyses of all records of one model, in order."""
    found: list[OfModel] = chosen(Aggregate, Accumulation, also=also)
    return found


def model_probes(
    also: Container[str] | None = None, without: Container[str] = ()
) -> list[ModelProbe]:
    """Return the analyses of a model itself, without any record, in order."""
    return chosen(ModelProbe, also=also, without=without)


def own_words() -> frozenset[str]:
    """Return the words by which tables name methods, measures and the like."""
    from .attention_views import VIEWS
    from .head_metrics import METRICS
    from .profile.roles import ROLES

    return frozenset([*VIEWS, *METRICS, *ROLES]).union(
        *(words_in(one.tables) for one in analyses())
    )


def check_chosen(also: Iterable[str], without: Iterable[str]) -> None:
    """Refuse a name that is no optional analysis, or nothing that can be left out."""
    optional = [analysis.name for analysis in analyses() if analysis.optional]
    usual = [analysis.name for analysis in analyses() if not analysis.optional]
    for option, verb, names, known in (
        ("--also", "added", also, optional),
        ("--without", "left out", without, [TWINS, ASKING, *usual]),
    ):
        for name in names:
            if name not in known:
                raise InputError(
                    f"{option} {name!r} is not an analysis that can be {verb}; "
                    f"choose from {', '.join(known)}."
                )


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
