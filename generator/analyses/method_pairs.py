"""Two methods of attribution over many records: how alike they rank words, and by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from ..array_types import Doubles
from ..results.levels import CORRELATION, Claim, beyond
from ..results.shapes import Cell
from ..statistics.bootstrap import EDGES, Interval, estimate
from ..statistics.ranks import SEED
from ..statistics.splits import Group
from .compared_ranks import measured, ranks_of, tops_of

Names = tuple[str, str]

SHUFFLES = 1000
MEASURES = ("spearman", "kendall", "overlap")
PAIRS = (
    "one", "other", "n", "spearman", "low", "high", "null_low", "null_high", "kendall",
    "overlap", "overlap_low", "overlap_high", "overlap_null_low", "overlap_null_high",
    "beyond_chance",
)  # fmt: skip


@dataclass(slots=True)
class Collected:
    """What two methods have in common: MEASURES of each record, and their sums when shuffled.

    `shuffled` is [shuffle, 2], the sums of Spearman's correlation and of the overlap. `masked`
    counts the records under a causal mask, `unknown` those of them for which what the mask alone
    gives is not known.
    """

    rows: list[tuple[Group | None, Doubles]] = field(default_factory=list)
    shuffled: Doubles = field(default_factory=lambda: np.zeros((SHUFFLES, 2)))
    masked: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class MethodPair:
    """Two methods over n records: means, 95% intervals (none of few), and what chance gives.

    `null` and `overlap_null` are the 95% ranges of the means by chance: with the tokens shuffled,
    or, under a causal mask, the weights of each row. Where what the mask alone gives is not known,
    nothing is `claimed`.
    """

    one: str
    other: str
    n: int
    spearman: float
    interval: Interval | None
    null: Interval
    kendall: float
    overlap: float
    overlap_interval: Interval | None
    overlap_null: Interval
    masked: bool = False
    claimed: bool = True
    clusters: int | None = None

    @property
    def claim(self) -> Claim:
        """Return the claim that the two agree more than chance."""
        interval = self.interval if self.claimed else None
        return Claim(self.spearman, interval, self.null, CORRELATION, two_sided=True)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return a row of PAIRS."""
        none = (None, None)
        return (
            self.one, self.other, self.n, self.spearman, *(self.interval or none), *self.null,
            self.kendall, self.overlap, *(self.overlap_interval or none), *self.overlap_null,
            beyond(self.claim.level()),
        )  # fmt: skip


def add_record(
    methods: Mapping[str, Doubles],
    nulls: Mapping[str, Doubles] | None,
    record: tuple[Group | None, int],
    found: dict[Names, Collected],
) -> None:
    """Add one record to what was found: each pair as it is, and by chance.

    By chance one of the two has its tokens shuffled, or, under a causal mask, is drawn from its
    own null.
    """
    names, values = list(methods), np.array(list(methods.values()))
    every = measured(values)
    ranks, tops = ranks_of(values), tops_of(values)
    group, number = record
    random = np.random.default_rng((SEED, number))
    order = np.argsort(random.random((SHUFFLES, values.shape[1])), axis=1)
    known = {name: (ranks_of(null), tops_of(null)) for name, null in (nulls or {}).items()}
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        entry = found.setdefault((one, other), Collected())
        entry.rows.append((group, np.array([matrix[i, j] for matrix in every])))
        null = next((name for name in (one, other) if name in known), None)
        entry.masked += nulls is not None
        entry.unknown += nulls is not None and null is None and one != "attention"
        if null is None:
            entry.shuffled[:, 0] += ranks[i][order] @ ranks[j]
            entry.shuffled[:, 1] += tops[i][order] @ tops[j]
            continue
        beside = j if null == one else i
        drawn = random.integers(0, len(known[null][0]), SHUFFLES)
        entry.shuffled[:, 0] += (known[null][0] @ ranks[beside])[drawn]
        entry.shuffled[:, 1] += (known[null][1] @ tops[beside])[drawn]


def method_pair(names: Names, found: Collected) -> MethodPair:
    """Return what two methods have in common over all records that were added."""
    groups, measures = zip(*found.rows, strict=True)
    mean, n = estimate(measures, groups=groups, within=(-1, 1)), len(found.rows)
    value = mean.value.tolist()
    null = np.quantile(found.shuffled / n, EDGES, axis=0).T.tolist()
    return MethodPair(
        *names, n, value[0], mean.interval(0), _pair(null[0]), value[1], value[2],
        mean.interval(2), _pair(null[1]), found.masked > 0, not found.unknown,
        int(mean.clusters[0]),
    )  # fmt: skip


def _pair(ends: Sequence[float]) -> Interval:
    return ends[0], ends[1]
