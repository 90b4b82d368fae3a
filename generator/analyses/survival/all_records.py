"""Every claim about a model once more: over halves and parts of its texts, and in other ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...results.levels import Claim
from ...results.shapes import Finding, Result
from ...results.survival import Way
from ...results.ways import Named, sizes_of, survival_in, ways_of
from ..analysis import Aggregate, Analysis, RecordResults
from .other_ways import Texts, agreements, best, erasures, operators
from .parts import Some, Turned, clusters, halves, nested
from .relations import relations

AGAIN = (
    *("agreement", "anchors", "faithfulness", "norms", "importance", "semantic", "profile"),
    "syntax",
)
"""The analyses that are summed up again over some of the texts."""
OTHERWISE = ("agreement", "faithfulness", "syntax")
"""Those that have ways of their own: these hold the halves already."""
ALL = "all texts"
HALVES = ("one half of the texts", "the other half")


def compute(record_results: RecordResults) -> Result:
    """Return for each claim its ways and its sizes, as Partials that `survival_in` reads."""
    known = clusters(record_results)
    if len(known) < 2:
        return Result(ANALYSIS.name)
    parts = [Some(record_results, places) for places in halves(known)]
    some: list[Texts] = [(ALL, record_results), *zip(HALVES, parts, strict=True)]
    ways: dict[Named, list[Way]] = defaultdict(list)
    for texts in some:
        for yielded in (
            agreements(texts), erasures(texts), operators(texts), best(texts), relations(texts),
        ):  # fmt: skip
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
    partials = [ways_of(named, found) for named, found in ways.items()]
    partials += [sizes_of(named, found) for named, found in sizes.items()]
    return Result(ANALYSIS.name, partials=tuple(partials))


def claims(record_results: RecordResults, names: Sequence[str]) -> Iterator[tuple[Named, Claim]]:
    """Yield what analyses claim over some of the texts; nothing of one that fails over these."""
    from .. import by_name  # the registry imports this module

    for name in names:
        try:
            found = _found(by_name()[name], record_results)
        except Exception:  # a card says so in the place of its own result
            found = ()
        for one in found:
            if one.claim is not None:
                yield (name, one.id), one.claim


def _found(analysis: Analysis, record_results: RecordResults) -> tuple[Finding, ...]:
    """Return the findings of an analysis over some of the texts, at least those with a claim."""
    if isinstance(analysis, Aggregate):
        return (analysis.claims or (lambda records: analysis.compute(records).findings))(
            record_results
        )
    summed = getattr(analysis, "aggregate", None)
    found: tuple[Finding, ...] = summed(record_results).findings if summed else ()
    return found


def surviving(result: Result, of: Result) -> Result:
    """Return another result with, beside each of its claims, in which ways that was computed.

    What asks a model without any text brings its own ways.
    """
    said = []
    for one in of.findings:
        named = (of.analysis, one.id)
        found = one.claim and (
            survival_in(result, named, one.claim) or survival_in(of, named, one.claim)
        )
        said.append(replace(one, survival=found) if found else one)
    return replace(of, findings=tuple(said))


ANALYSIS = Aggregate(
    name="survival",
    title="In how many ways a verdict holds",
    about=(
        "Each claim about the model, computed again in other defensible ways: with special tokens "
        "and without, over pieces and over words, with the pieces of a word merged in four ways, "
        "by two methods of saliency, by mean and maximum of heads, by two measures of erasing, by "
        "masking and by deleting, over each half of the texts, and over ever more of them. Of "
        "random tokens said twice, over parts of these."
    ),
    reading=(
        "A verdict that holds in nearly all ways does not hang on a choice. Where it does not "
        "hold in some, those are named. Smaller parts have wider intervals: that a claim is "
        "undecided in one half says that half the texts are too few."
    ),
    limits=(
        "Few ways ask the model again: erasing otherwise does, at 20% of the tokens, in texts that "
        "are not long. The ways are not independent of each other, and their "
        "number is no measure of certainty."
    ),
    cite=(
        "Steegen et al. 2016, Increasing Transparency Through a Multiverse Analysis, "
        "https://doi.org/10.1177/1745691616658637"
    ),
    compute=compute,
    fields=("words", "head", "deprel"),
)
