"""Gaps of two models within the same minimal pairs: whether the second has less of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...results.levels import PROBABILITY, Claim, Side
from ...results.shapes import Cell, Finding
from ...results.wording import listed, points
from ...statistics.paired import PairedMean, paired_mean
from ..coreference.gaps import ATTENTION, PairGap, gaps_of
from ..coreference.texts import MentionText, pairs_of

GAPS = (
    "first_variant", "second_variant", "measure", "option", "pairs", "gap", "other_gap",
    "difference", "low", "high", "permutation_p",
)  # fmt: skip
Family = tuple[str, ...]
Places = dict[tuple[str, ...], PairGap]


def paired_gaps(
    one: Sequence[MentionText], other: Sequence[MentionText]
) -> Iterator[tuple[Family, list[PairGap], list[PairGap]]]:
    """Yield each family of gaps that both models have, pair by pair."""
    first, second = _families(one), _families(other)
    for family in first.keys() & second.keys():
        places = [place for place in first[family] if place in second[family]]
        if places:
            own, others = first[family], second[family]
            yield family, [own[at] for at in places], [others[at] for at in places]


def _families(texts: Sequence[MentionText]) -> dict[Family, Places]:
    found: dict[Family, Places] = {}
    for pair in pairs_of(texts):
        for gap in gaps_of(pair):
            if gap.measure != ATTENTION:
                where = (pair.first.corpus, pair.first.record.id, pair.second.record.id)
                found.setdefault(gap.family[1:], {})[where] = gap
    return found


def gap_row(
    family: Family, one: Sequence[PairGap], other: Sequence[PairGap]
) -> tuple[tuple[Cell, ...], PairedMean]:
    """Return a row of GAPS, and how much smaller the gap of the second model is, in size."""
    before, after = ([float(gap.gap[0]) for gap in gaps] for gaps in (one, other))
    sign = 1.0 if sum(before) >= 0 else -1.0
    less = [sign * (a - b) for a, b in zip(before, after, strict=True)]
    mean = paired_mean(less, [gap.pair.first.cluster for gap in one], most=2.0)
    low, high = mean.interval or (None, None)
    count = len(before)
    means = (sum(before) / count, sum(after) / count)
    return (*family, count, *means, mean.value, low, high, mean.permutation), mean


def finding(names: tuple[str, str], family: Family, mean: PairedMean) -> Finding:
    """Return how much smaller a gap is in the second model, in the direction of the first."""
    first, second, measure, option = family
    side: Side = "more" if mean.value >= 0 else "less"
    what = f"“{option}”" if measure == "answer" else measure
    by = f"{points(abs(mean.value))} points"
    smaller = "smaller" if mean.value >= 0 else "larger"
    claim = (
        mean.value
        and mean.interval
        and Claim(mean.value, mean.interval, (0.0, 0.0), PROBABILITY, side)
    )
    gap = f"The gap between {first} and {second} texts ({what}) is"
    than = f"{smaller} in {names[1]} than in {names[0]}"
    plain = f"{gap} {by} {than}." if mean.value else f"{gap} the same in {listed(names)}."
    return Finding(
        id=f"compare-gap-{names[0]}-{names[1]}-{'-'.join(family)}",
        statement=f"{gap} at least five points {than}: by {by}." if claim else plain,
        plain=plain,
        value=mean.value,
        n=mean.n,
        clusters=mean.clusters,
        interval=mean.interval,
        null=(0.0, 0.0),
        null_says="the same gap",
        claim=claim or None,
    )
