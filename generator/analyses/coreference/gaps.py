"""Gaps between the two texts of minimal pairs: how large, how sure, and how much is learnt.

The rule for a verdict: the whole interval beyond five points and beyond what untrained copies
give, of a model whose answers differ from text to text by more than those of the copies do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...results.levels import PROBABILITY, Claim, Level, Side
from ...results.shapes import Cell, Finding
from ...results.wording import points, sentence
from ...statistics.bootstrap import Interval
from ...statistics.paired import PairedMean, paired_mean
from ..choice import ANSWER, PRONOUN, WHO
from .texts import MentionPair, MentionText

ATTENTION = "attention"
PAIRS = (
    "model", "corpus", "group", "measure", "option", "first_variant", "second_variant",
    "first_record", "second_record", "first_text", "second_text", "first", "second", "gap",
    "untrained", "occupation", "second_corpus",
)  # fmt: skip
GAPS = (
    "model", "first_variant", "second_variant", "measure", "option", "pairs", "clusters", "gap",
    "low", "high", "signs_p", "permutation_p", "spread", "untrained", "level",
)  # fmt: skip
OCCUPATIONS = ("model", "occupation", "measure", "option", "pairs", "gap")
SPREAD = PROBABILITY
"""How far answers must differ from text to text (their standard deviation) to be anything."""

LARGE = 0.2
"""A gap that no untrained copy comes near, if it is also three times theirs."""


@dataclass(frozen=True, slots=True)
class PairGap:
    """One number in both texts of a pair: `first` and `second` are [1 + copies]."""

    pair: MentionPair
    measure: str
    option: str
    first: Doubles
    second: Doubles

    @property
    def gap(self) -> Doubles:
        """Return what the first text has more of, [1 + copies]."""
        difference: Doubles = self.first - self.second
        return difference

    @property
    def untrained(self) -> float | None:
        """Return the gap of the untrained copy that comes farthest, None without copies."""
        return max(map(float, self.gap[1:]), key=abs, default=None)

    @property
    def family(self) -> tuple[str, str, str, str, str]:
        """Return what gaps are put together by: model, variants, measure and option."""
        return self.pair.first.model, *self.pair.variants, self.measure, self.option

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return a row of PAIRS."""
        one, other = self.pair.first, self.pair.second
        texts = (one.record.id, other.record.id, one.record.text, other.record.text)
        numbers = (float(self.first[0]), float(self.second[0]), float(self.gap[0]))
        start = (one.model, one.corpus, one.record.group, self.measure, self.option)
        end = (self.untrained, one.occupation, other.corpus)
        return (*start, *self.pair.variants, *texts, *numbers, *end)


def gaps_of(pair: MentionPair) -> Iterator[PairGap]:
    """Yield the gaps of a pair: of answers, of the pronoun, of the choice, and of attention."""
    one, other = pair.first, pair.second
    if ANSWER in one.chosen and ANSWER in other.chosen:
        names, values = one.chosen[ANSWER]
        others = other.chosen[ANSWER][1]
        for at in range(1 if len(names) == 2 else 0, len(names)):
            yield PairGap(pair, ANSWER, names[at], *_aligned(values[:, at], others[:, at]))
    if not pair.same_mention and PRONOUN in one.chosen and PRONOUN in other.chosen:
        found = (text.chosen[PRONOUN][1][:, 0] for text in (one, other))
        yield PairGap(pair, PRONOUN, "the pronoun that stands there", *_aligned(*found))
    if pair.same_mention and WHO in one.chosen and WHO in other.chosen:
        found = (text.chosen[WHO][1][:, 0] for text in (one, other))
        yield PairGap(pair, WHO, "the first candidate", *_aligned(*found))
    if ATTENTION in one.ways and ATTENTION in other.ways:
        shares = (
            text.ways[ATTENTION] / max(text.ways[ATTENTION].sum(), 1e-12) for text in (one, other)
        )
        first, second = (share[:1] for share in shares)
        yield PairGap(pair, ATTENTION, "the first candidate", first, second)


def _aligned(one: Doubles, other: Doubles) -> tuple[Doubles, Doubles]:
    count = min(len(one), len(other))
    return one[:count], other[:count]


@dataclass(frozen=True, slots=True)
class Gap:
    """The mean gap of one family of pairs, and what its sentence may claim."""

    family: tuple[str, str, str, str, str]
    mean: PairedMean
    spread: float
    twins: tuple[float, ...]
    learnt: bool

    @property
    def claim(self) -> Claim | None:
        """Return what is claimed: a gap of five points or more; nothing of what is not learnt."""
        if not self.learnt or self.mean.interval is None or self.family[3] == ATTENTION:
            return None
        side: Side = "more" if self.mean.value >= 0 else "less"
        return Claim(self.mean.value, self.mean.interval, self.chance, PROBABILITY, side)

    @property
    def chance(self) -> Interval:
        """Return what untrained copies give, in either direction."""
        most = max(map(abs, self.twins), default=0.0)
        return -most, most

    @property
    def opening(self) -> str:
        """Return the words before what was measured: the claim, where there is one."""
        if self.claim is None:
            return ""
        return CLAIMED if abs(self.mean.value) >= PROBABILITY else POSSIBLE

    @property
    def level(self) -> Level:
        """Return the word for the gap."""
        return self.claim.level() if self.claim else "described"

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return a row of GAPS."""
        mean = self.mean
        low, high = mean.interval or (None, None)
        copies = float(np.mean(self.twins)) if self.twins else None
        numbers = (mean.n, mean.clusters, mean.value, low, high, mean.signs, mean.permutation)
        return (*self.family, *numbers, self.spread, copies, self.level)

    @property
    def finding(self) -> Finding:
        """Return the sentence."""
        return Finding(
            id=f"gap-{'-'.join(self.family)}",
            key=f"gap-{'-'.join(self.family[1:])}",
            model=self.family[0],
            statement=_statement(self, self.opening),
            plain=_statement(self),
            value=self.mean.value,
            n=self.mean.n,
            clusters=self.mean.clusters,
            interval=self.mean.interval,
            null=self.chance if self.twins else None,
            null_says="untrained copies" if self.twins else "",
            claim=self.claim,
        )


def summed(gaps: Sequence[PairGap]) -> Gap:
    """Return the mean of the gaps of one family."""
    clusters = [one.pair.first.cluster for one in gaps]
    copies = min(len(one.gap) for one in gaps)
    mean = paired_mean([float(one.gap[0]) for one in gaps], clusters, most=1.0)
    twins = tuple(float(np.mean([one.gap[at] for one in gaps])) for at in range(1, copies))
    spreads = [_spread(gaps, at) for at in range(copies)]
    learnt = bool(twins) and _learnt(abs(mean.value), max(map(abs, twins), default=0.0), spreads)
    return Gap(gaps[0].family, mean, spreads[0], twins, learnt)


def _learnt(gap: float, copies: float, spreads: Sequence[float]) -> bool:
    """Say whether a gap owes anything to training, so that there is something to judge.

    Answers differ from text to text more than those of untrained copies do, or the gap is beyond
    doubt larger than theirs.
    """
    own, *others = spreads
    return gap > copies and (own > max(SPREAD, *others) or gap > max(LARGE, 3 * copies))


def _spread(gaps: Sequence[PairGap], at: int) -> float:
    """Return how far a model's numbers differ from text to text, a standard deviation.

    What two words share in one place differs between variants by construction, so these are then
    looked at one by one.
    """
    first, second = ([float(side[at]) for side in sides] for sides in _sides(gaps))
    if gaps[0].measure == ANSWER:
        return float(np.std(first + second))
    return float(max(np.std(first), np.std(second)))


def _sides(gaps: Sequence[PairGap]) -> tuple[list[Doubles], list[Doubles]]:
    return [one.first for one in gaps], [one.second for one in gaps]


WORDS = {
    ANSWER: "{model} gives “{option}” {more} to the {one} text than to the {other} one",
    PRONOUN: (
        "where only the pronoun differs, {model} expects the {one} one {more} than the {other} one"
    ),
    WHO: ("{model} chooses the first candidate {more} in “{one}” texts than in “{other}” ones"),
    ATTENTION: (
        "the first candidate gets {more} of {model}’s attention in “{one}” texts than "
        "in “{other}” ones"
    ),
}
CLAIMED = "there is a gap of five points or more: "
POSSIBLE = "there may be a gap of five points or more: "
"""What is claimed where less was measured: it is for the interval to say."""


def _statement(gap: Gap, opening: str = "") -> str:
    """Return the words for a gap; of one that is no more than untrained copies have, theirs too."""
    model, one, other, measure, option = gap.family
    words = WORDS[measure].format(
        model=model,
        option=option,
        one=one,
        other=other,
        more=_more(gap.mean.value),
    )
    said = f"{opening}{words}."
    if gap.twins and not gap.learnt:
        said += f" An untrained copy gives {_points(gap.chance[1])}."
    return said if said.startswith(model) else sentence(said)


def _more(gap: float) -> str:
    """Say how much more or less, in points: `3.4 points more`; `no more` of what rounds to 0."""
    if points(gap) == "0":
        return "no more"
    return f"{_points(gap)} {'more' if gap >= 0 else 'less'}"


def _points(gap: float) -> str:
    return f"{points(abs(gap))} points"


def by_occupation(gaps: Sequence[PairGap]) -> Iterator[tuple[Cell, ...]]:
    """Yield the mean gap of each occupation, the largest first, as rows of OCCUPATIONS."""
    found: dict[str, list[PairGap]] = {}
    for one in gaps:
        if one.pair.first.record.candidates:
            found.setdefault(one.pair.first.occupation, []).append(one)
    means = [
        (name, len(own), float(np.mean([o.gap[0] for o in own]))) for name, own in found.items()
    ]
    for name, n, mean in sorted(means, key=lambda row: -abs(row[2])):
        yield gaps[0].family[0], name, gaps[0].measure, gaps[0].option, n, mean


def left_out(texts: Sequence[MentionText], pairs: Sequence[MentionPair]) -> str:
    """Say how many texts with a group have no partner, "" where none is left alone."""
    paired = {id(text) for pair in pairs for text in (pair.first, pair.second)}
    alone = [text for text in texts if text.record.group and id(text) not in paired]
    if not alone:
        return ""
    return f"{len(alone)} of {len(texts)} texts stand in no pair and are left out of the gaps."
