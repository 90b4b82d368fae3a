"""Gaps of two models within the same minimal pairs: whether the second has less of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...results.levels import PROBABILITY, Claim, Ends, Side
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
    """Return a row of GAPS, and by how much the gap of the second model is another, signed."""
    before, after = ([float(gap.gap[0]) for gap in gaps] for gaps in (one, other))
    moved = [b - a for a, b in zip(before, after, strict=True)]
    mean = paired_mean(moved, [gap.pair.first.cluster for gap in one], most=2.0)
    low, high = mean.interval or (None, None)
    count = len(before)
    means = (sum(before) / count, sum(after) / count)
    return (*family, count, *means, mean.value, low, high, mean.permutation), mean


def finding(names: tuple[str, str], row: Sequence[Cell], mean: PairedMean) -> Finding:
    """Return how the gap of the second model differs, from its row of GAPS.

    Its value is above 0 where the second model has more of the gap that the first has, whichever
    way round that is, so that what is called larger is drawn as more.
    """
    family = tuple(str(row[GAPS.index(name)]) for name in GAPS[:4])
    before, after = (float(str(row[GAPS.index(name)])) for name in ("gap", "other_gap"))
    way = -1 if before < 0 else 1
    moved, interval = way * mean.value, mean.interval and _turned(mean.interval, way)
    side: Side = "more" if moved >= 0 else "less"
    claim = moved and interval and Claim(moved, interval, (0.0, 0.0), PROBABILITY, side)
    claimed, plain = _words(names, family, (before, after), mean.value)
    return Finding(
        id=f"compare-gap-{names[0]}-{names[1]}-{'-'.join(family)}",
        statement=claimed if claim else plain,
        plain=plain,
        value=moved,
        n=mean.n,
        clusters=mean.clusters,
        interval=interval,
        null=(0.0, 0.0),
        null_says="the same gap",
        claim=claim or None,
    )


def _turned(interval: Ends, way: int) -> Ends:
    low, high = sorted(way * end for end in interval)
    return low, high


def _words(
    names: tuple[str, str], family: Family, means: tuple[float, float], change: float
) -> tuple[str, str]:
    """Return the claim that a gap has changed, and the bare facts.

    One that turns round is not called smaller: what it was and what it is may be as large.
    """
    first, second, measure, option = family
    what = f"“{option}”" if measure == "answer" else measure
    gap = f"The gap between {first} and {second} texts ({what})"
    before, after = (f"{points(abs(one))} points" for one in means)
    if means[0] * means[1] < 0 and "0" not in {points(abs(one)) for one in means}:
        turned = f"{before} in {names[0]}, {after} the other way in {names[1]}"
        moves = "moves" if abs(change) >= PROBABILITY else "may move"
        return (f"{gap} {moves} by at least five points: {turned}.", f"{gap} is {turned}.")
    if not change:
        return "", f"{gap} is the same in {listed(names)}."
    smaller = "smaller" if change * means[0] < 0 else "larger"
    than = f"{smaller} in {names[1]} than in {names[0]}"
    by = f"{points(abs(change))} points"
    claimed = f"{gap} is at least five points {than}: by {by}."
    if abs(change) < PROBABILITY:
        claimed = f"{gap} may be at least five points {than}; measured are {by}."
    return claimed, f"{gap} is {by} {than}."
