"""Every claim about a model once more: over halves and parts of its texts, and in other ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...results.levels import Claim
from ...results.shapes import Finding, Partial, Result
from ...results.survival import Survival, Way
from ..analysis import Aggregate, RecordResults
from .other_ways import Named, Texts, agreements, best, erasures
from .parts import Some, Turned, clusters, halves, nested

AGAIN = ("agreement", "anchors", "faithfulness", "norms", "importance", "semantic", "profile")
"""The analyses that are summed up again over some of the texts."""
OTHERWISE = ("agreement", "faithfulness")
"""Those that have ways of their own: these hold the halves already."""
ALL = "all texts"
HALVES = ("one half of the texts", "the other half")
SIZES = "sizes:"
NUMBERS = ("value", "low", "high", "null_low", "null_high", "floor", "side")


def compute(record_results: RecordResults) -> Result:
    """Return for each claim its ways and its sizes, as Partials that `survival_of` reads."""
    known = clusters(record_results)
    if len(known) < 2:
        return Result(ANALYSIS.name)
    parts = [Some(record_results, places) for places in halves(known)]
    some: list[Texts] = [(ALL, record_results), *zip(HALVES, parts, strict=True)]
    ways: dict[Named, list[Way]] = defaultdict(list)
    for texts in some:
        for yielded in (agreements(texts), erasures(texts), best(texts)):
            for named, way in yielded:
                ways[named].append(way)
    turned = Turned(record_results, frozenset(known[0]))
    for named, way in best(("chosen by the other half", turned)):
        ways[named].append(way)
    for name, part in some:
        for named, claim in claims(part, [one for one in AGAIN if one not in OTHERWISE]):
            ways[named].append(Way(name, claim))
    sizes: dict[Named, list[tuple[int, Claim]]] = defaultdict(list)
    for places in nested(known):
        for named, claim in claims(Some(record_results, places), AGAIN):
            sizes[named].append((len(places), claim))
    partials = [
        _partial(_name(named), [(w.name, w.claim) for w in w_]) for named, w_ in ways.items()
    ]
    partials += [
        _partial(SIZES + _name(named), [(str(size), claim) for size, claim in of])
        for named, of in sizes.items()
    ]
    return Result(ANALYSIS.name, partials=tuple(partials))


def claims(record_results: RecordResults, names: Sequence[str]) -> Iterator[tuple[Named, Claim]]:
    """Yield what analyses claim over some of the texts."""
    from .. import by_name  # the registry imports this module

    for name in names:
        analysis = by_name()[name]
        summed = analysis.compute if isinstance(analysis, Aggregate) else None
        summed = summed or getattr(analysis, "aggregate", None)
        found: tuple[Finding, ...] = summed(record_results).findings if summed else ()
        for one in found:
            if one.claim is not None:
                yield (name, one.id), one.claim


def survival_of(result: Result, named: Named, claim: Claim) -> Survival | None:
    """Return in which ways a claim was computed; where a way has no chance of its own, its."""
    ways, sizes = (result.partial(prefix + _name(named)) for prefix in ("", SIZES))
    if ways is None:
        return None
    found = tuple(Way(name, one) for name, one in _claims(ways, claim))
    grown = tuple((int(name), one) for name, one in _claims(sizes, claim)) if sizes else ()
    return Survival(found, grown)


def surviving(result: Result, of: Result) -> Result:
    """Return another result with, beside each of its claims, in which ways that was computed."""
    said = tuple(
        replace(one, survival=survival_of(result, (of.analysis, one.id), one.claim))
        if one.claim
        else one
        for one in of.findings
    )
    return replace(of, findings=said)


def _name(named: Named) -> str:
    return "/".join(named)


def _partial(name: str, claims_: Sequence[tuple[str, Claim]]) -> Partial:
    rows = [
        (
            one.value, *(one.interval or (np.nan, np.nan)), *one.null, one.floor,
            1.0 if one.side == "more" else -1.0,
        )
        for _, one in claims_
    ]  # fmt: skip
    return Partial(name, np.array(rows, np.float64).T, tuple(label for label, _ in claims_))


def _claims(part: Partial, like: Claim) -> Iterator[tuple[str, Claim]]:
    for name, row in zip(part.labels, part.values.T.tolist(), strict=True):
        value, low, high, null_low, null_high, floor, side = row
        interval = None if low != low else (low, high)
        null = like.null if null_low != null_low else (null_low, null_high)
        yield name, Claim(value, interval, null, floor, "more" if side > 0 else "less")


ANALYSIS = Aggregate(
    name="survival",
    title="In how many ways a verdict holds",
    about=(
        "Each claim about the model, computed again in other defensible ways: with special tokens "
        "and without, over pieces and over words, by two methods of saliency, by mean and maximum "
        "of heads, by two measures of erasing, over each half of the texts, and over ever more of "
        "them."
    ),
    reading=(
        "A verdict that holds in nearly all ways does not hang on a choice. Where it does not "
        "hold in some, those are named. Smaller parts have wider intervals: that a claim is "
        "undecided in one half says that half the texts are too few."
    ),
    limits=(
        "The ways are those that need no further question to the model. They are not independent "
        "of each other, and their number is no measure of certainty."
    ),
    cite=(
        "Steegen et al. 2016, Increasing Transparency Through a Multiverse Analysis, "
        "https://doi.org/10.1177/1745691616658637"
    ),
    compute=compute,
)
