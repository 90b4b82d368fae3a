"""Gaps by occupation beside labour statistics, where records bring them.

Rudinger et al. 2018, section 4 (Winogender: gaps against the share of women in an occupation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...results.levels import CORRELATION, Claim
from ...results.shapes import Cell, Finding
from ...results.wording import correlation
from ...statistics.correlation import Correlated, correlated
from .gaps import ATTENTION, PairGap

FAMILY = ("model", "first_variant", "second_variant", "measure", "option")
BESIDE = (*FAMILY, "occupation", "pairs", "statistic", "gap")
CORRELATIONS = (
    *FAMILY, "occupations", "left_out", "pearson", "pearson_low", "pearson_high", "spearman",
    "spearman_low", "spearman_high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occupation:
    """The mean statistic of an occupation's texts, and its mean gap [1 + copies]."""

    name: str
    pairs: int
    statistic: float
    gap: np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Beside:
    """The gaps of one family beside the statistics; `without` occupations have none."""

    family: tuple[str, str, str, str, str]
    occupations: tuple[Occupation, ...]
    without: int
    found: Correlated

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        """Return rows of BESIDE, from the least to the largest statistic."""
        return [
            (*self.family, one.name, one.pairs, one.statistic, float(one.gap[0]))
            for one in self.occupations
        ]

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return a row of CORRELATIONS."""
        one, ends = self.found, (None, None)
        pearson = (one.pearson, *(one.pearson_ends or ends))
        spearman = (one.spearman, *(one.spearman_ends or ends))
        return (*self.family, one.n, self.without, *pearson, *spearman)

    @property
    def copies(self) -> tuple[float, ...]:
        """Return the rank correlation of each untrained copy's gaps with the statistics."""
        given = np.array([one.statistic for one in self.occupations])
        gaps = np.stack([one.gap for one in self.occupations], axis=1)[1:]
        known = [correlated(given, gap) for gap in gaps]
        return tuple(one.spearman for one in known if one)

    @property
    def finding(self) -> Finding:
        """Return the sentence; it claims that gaps go with the statistics at all."""
        one, most = self.found, max(map(abs, self.copies), default=0.0)
        value, ends = one.spearman, one.spearman_ends
        claim = Claim(value, ends, (-most, most), CORRELATION, "more" if value >= 0 else "less")
        model, first, second, measure, _ = self.family
        way = "larger" if value >= 0 else "smaller"
        number = correlation(value)
        what = f"Over {one.n} occupations, {model}’s gap ({measure}, {first} less {second})"
        described = f"{what} and the given statistic have a rank correlation of {number}."
        return Finding(
            id=f"statistics-{'-'.join(self.family)}",
            key=f"statistics-{'-'.join(self.family[1:])}",
            model=model,
            statement=(
                f"{what} is {way} where the given statistic is higher: rank correlation {number}."
            ),
            plain=described,
            value=value,
            n=one.n,
            interval=ends,
            null=(-most, most) if self.copies else None,
            null_says="untrained copies" if self.copies else "",
            claim=claim,
        )


def beside_statistics(gaps: Sequence[PairGap]) -> Beside | None:
    """Return the gaps of one family beside the statistics of their records.

    None where fewer than three occupations have one, and for attention.
    """
    named: dict[str, list[PairGap]] = {}
    for one in gaps:
        named.setdefault(one.pair.first.occupation, []).append(one)
    known = [
        made for name, own in named.items() if name and (made := _occupation(name, own)) is not None
    ]
    if not known or gaps[0].measure == ATTENTION:
        return None
    known.sort(key=lambda one: (one.statistic, one.name))
    given, own_gaps = (np.array([get(one) for one in known]) for get in (_given, _gap))
    found = correlated(given, own_gaps)
    return Beside(gaps[0].family, tuple(known), len(named) - len(known), found) if found else None


def _given(one: Occupation) -> float:
    return one.statistic


def _gap(one: Occupation) -> float:
    return float(one.gap[0])


def _occupation(name: str, gaps: Sequence[PairGap]) -> Occupation | None:
    texts = (text for gap in gaps for text in (gap.pair.first, gap.pair.second))
    told = [t.record.statistic for t in texts if t.record.statistic is not None]
    if not told:
        return None
    copies = min(len(one.gap) for one in gaps)
    gap = np.mean([one.gap[:copies] for one in gaps], axis=0)
    return Occupation(name, len(gaps), float(np.mean(told)), gap)
