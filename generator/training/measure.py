"""Figures with intervals: what every model card and its metrics.json hold."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..array_types import Integers
from ..statistics.bootstrap import estimate
from ..statistics.splits import Group, GroupSplitter

RESAMPLES = 2000

Clusters = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95% interval, the number of cases and what stands beside it."""

    name: str
    value: float
    low: float
    high: float
    n: int
    about: str = ""


def resamples(n: int, seed: int = 0) -> Integers:
    """Draw bootstrap samples of n cases: [resample, case]."""
    return np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))


def interval(values: NDArray[Any]) -> tuple[float, float]:
    """Return the middle 95% of bootstrap values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean(name: str, values: Sequence[float] | NDArray[Any], about: str = "") -> Figure:
    """Average cases and bootstrap the average."""
    cases = np.asarray(values, dtype=np.float64)
    low, high = interval(cases[resamples(len(cases))].mean(axis=1))
    return Figure(name, float(cases.mean()), low, high, len(cases), about)


def clustered(
    name: str, values: Sequence[float], clusters: Clusters, about: str = "", unit: str = "frames"
) -> Figure:
    """Average shares of cases in clusters, such as the rows of one frame; these are resampled.

    `about` is given their number and `unit`. Where all values are 0, or all 1, draws are all alike:
    the other end is then that of Clopper & Pearson for so many clusters. ValueError below five
    clusters, which have no interval.
    """
    found = clustered_mean(name, values, clusters, about, unit)
    low, high = (min(max(end, 0.0), 1.0) for end in (found.low, found.high))
    most = 0.025 ** (1 / len(set(clusters)))
    low, high = (most if low == high == 1 else low), (1 - most if low == high == 0 else high)
    return replace(found, low=low, high=high)


def clustered_mean(
    name: str, values: Sequence[float], clusters: Clusters, about: str, unit: str
) -> Figure:
    """Average numbers of any size over cases in clusters, which are resampled."""
    rows = [np.array([value], dtype=np.float64) for value in values]
    groups = [("cluster", str(cluster)) for cluster in clusters]
    found = estimate(rows, resamples=RESAMPLES, groups=groups)
    ends = found.interval()
    if ends is None:
        raise ValueError(f"{name}: fewer than five clusters have no interval")
    said = drawn_whole(about, int(found.clusters[0]), unit)
    return Figure(name, float(found.value[0]), *ends, len(values), said)


def drawn_whole(about: str, clusters: int, unit: str) -> str:
    """Say of how many clusters a figure is."""
    return f"{about}; {clusters} {unit}, drawn whole"


def whole_draws(clusters: Clusters, count: int, seed: int = 0) -> Iterator[Integers]:
    """Yield the cases of `count` bootstrap samples, in each of which clusters are drawn whole."""
    places: dict[Hashable, list[int]] = {}
    for at, cluster in enumerate(clusters):
        places.setdefault(cluster, []).append(at)
    cases = [np.array(some) for some in places.values()]
    chance = np.random.default_rng(seed)
    for _ in range(count):
        yield np.concatenate([cases[at] for at in chance.integers(len(cases), size=len(cases))])


def alone(groups: Sequence[Group | None]) -> list[Hashable]:
    """Return the cluster of each text: its group, or itself where it has none."""
    return [group or at for at, group in enumerate(groups)]


def halves(groups: Sequence[Group | None]) -> tuple[list[int], list[int]]:
    """Deal cases to two halves in turn; near copies go where the first of them went."""
    splitter = GroupSplitter()
    parts = [int(splitter.part(group)[0]) for group in groups]
    first, second = ([at for at, part in enumerate(parts) if part == half] for half in (0, 1))
    return first, second


def ratio(name: str, parts: Sequence[float], wholes: Sequence[float], about: str = "") -> Figure:
    """Divide sums over cases (rows with tokens, say), resampling whole cases; n is the whole."""
    top, below = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    at = resamples(len(top))
    low, high = interval(top[at].sum(axis=1) / below[at].sum(axis=1))
    return Figure(name, float(top.sum() / below.sum()), low, high, round(below.sum()), about)


def difference(
    name: str, ours: Sequence[float], theirs: Sequence[float], about: str = ""
) -> Figure:
    """Average the paired difference of two systems on the same cases."""
    gap = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return mean(name, list(gap), about)


def macro_difference(
    name: str, ours: list[list[int]], theirs: list[list[int]], about: str = ""
) -> Figure:
    """Average the paired difference set by set, resampling within every set."""
    gaps = [np.subtract(mine, other) for mine, other in zip(ours, theirs, strict=True)]
    drawn = [gap[resamples(len(gap), at)].mean(axis=1) for at, gap in enumerate(gaps)]
    low, high = interval(np.mean(drawn, axis=0))
    value = float(np.mean([gap.mean() for gap in gaps]))
    return Figure(name, value, low, high, sum(map(len, gaps)), about)


def table(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Turn figures into rows for metrics.json, rounded to four places."""
    rounded = ("value", "low", "high")
    rows = [asdict(figure) for figure in figures]
    return [{k: round(v, 4) if k in rounded else v for k, v in row.items()} for row in rows]
