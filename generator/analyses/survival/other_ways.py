"""Claims computed in other ways than by other texts: other tokens, units, methods and measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...capture import Kind
from ...corpus import group_of
from ...results.levels import ATTENTION, CORRELATION, PROBABILITY, Claim
from ...results.shapes import Grid
from ...results.survival import Way
from ...results.ways import Named
from ...statistics.best_of_many import best_heads
from ...statistics.bootstrap import EDGES, Z, estimate
from ...statistics.splits import Group
from .. import ways
from ..analysis import RecordResults
from ..attention_views import VIEWS
from ..faithfulness.all_records import SAID, band
from ..profile.means import grids
from ..profile.roles import METRIC_OF, PATTERNS
from ..saliency import METHODS

Texts = tuple[str, RecordResults]
"""What some texts are called, and what was found of them."""
AGAINST = "integrated_gradients"
BINS = {1: "averaged over steps", 3: "by five bins"}
"""The columns of what erasing does that are measures of comprehensiveness, in words."""


def agreements(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield the claims that views of attention agree with saliency, in all ways of `ways`."""
    rows: dict[tuple[str, str], list[tuple[Group | None, Doubles]]] = defaultdict(list)
    for record, results in texts[1]:
        for one in results["ways"].partials if "ways" in results else ():
            view, _, method = one.name.partition("/")
            rows[view, method].append((group_of(record), np.asarray(one.values, np.float64)))
    for (view, method), found in rows.items():
        of = "last_layer" if view == ways.MAXIMUM else view
        heads = {"last_layer": ", mean of heads", ways.MAXIMUM: ", maximum of heads"}.get(view, "")
        for at, (special, unit) in enumerate(ways.WAYS):
            claim = _correlation(at, found)
            if of in VIEWS and claim is not None:
                name = f"{special}, {unit}{heads}, {METHODS[method]}, {texts[0]}"
                yield ("agreement", f"{of}-{AGAINST}"), Way(name, claim)


def _correlation(at: int, found: list[tuple[Group | None, Doubles]]) -> Claim | None:
    """Return the claim that a mean correlation lies beyond that of shuffled orders.

    The rank correlation of two orders of k at random has variance 1 / (k - 1).
    """
    known = [(group, values[at]) for group, values in found if not np.isnan(values[at]).any()]
    if not known:
        return None
    groups = [group for group, _ in known]
    mean = estimate([row[:1] for _, row in known], groups=groups, within=(-1, 1))
    spread = Z * float(np.sqrt(sum(1 / (row[1] - 1) for _, row in known))) / len(known)
    return Claim(float(mean.value[0]), mean.interval(), (-spread, spread), CORRELATION)


def erasures(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield the claims that erasing an order does more than erasing at random, by two measures.

    Bins are a way only where every text has them: else they would be of other texts.
    """
    found: list[tuple[Group | None, dict[str, Doubles], Doubles]] = []
    for record, results in texts[1]:
        tables = results["faithfulness"].tables if "faithfulness" in results else {}
        if "aopc" in tables and "random" in tables:
            orders = {str(name): np.array(row, np.float64) for name, *row in tables["aopc"].rows}
            random = np.array([row for _, *row in tables["random"].rows], dtype=np.float64)
            found.append((group_of(record), orders, random))
    for name in SAID:
        for column, measure in BINS.items():
            at = column - 1
            known = [one for one in found if name in one[1]]
            if known and all(np.isfinite(random[:, at]).all() for _, _, random in known):
                claim = _gain([(g, o[name][at], r[:, at]) for g, o, r in known])
                yield ("faithfulness", f"{name}-erased"), Way(f"{measure}, {texts[0]}", claim)


def operators(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield the same claims with tokens deleted where they are masked otherwise, and back.

    Random orders are erased in the same manner, and as many tokens of each text.
    """
    found: list[tuple[Group | None, dict[str, float], Doubles]] = []
    manners: set[str] = set()
    for record, results in texts[1]:
        tables = results["faithfulness"].tables if "faithfulness" in results else {}
        rows = tables["otherwise"].rows if "otherwise" in tables else ()
        orders = {name: float(str(value)) for name, _, value in rows if isinstance(name, str)}
        random = [float(str(value)) for name, _, value in rows if not isinstance(name, str)]
        manners |= {str(manner) for _, manner, _ in rows}
        if rows:
            found.append((group_of(record), orders, np.array(random)))
    if len(manners) != 1:
        return
    [manner] = manners
    for name in SAID:
        known = [(group, orders[name], r) for group, orders, r in found if name in orders]
        if known:
            way = Way(f"by {manner} instead, {texts[0]}", _gain(known))
            yield ("faithfulness", f"{name}-erased"), way


def _gain(known: list[tuple[Group | None, float, Doubles]]) -> Claim:
    gains = [np.array([value - random.mean()]) for _, value, random in known]
    gain = estimate(gains, groups=[group for group, _, _ in known])
    drawn = band([random for _, _, random in known])
    low, high = (float(end - drawn.mean()) for end in np.quantile(drawn, EDGES))
    return Claim(float(gain.value[0]), gain.interval(), (low, high), PROBABILITY)


@dataclass(frozen=True, slots=True)
class Habits:
    """The shares of PATTERNS of one kind, as they are or among tokens where no head rests."""

    record_results: RecordResults
    like: Grid
    working: bool

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the group of each record, and its shares, [pattern, layer * head]."""
        for record, results in self.record_results:
            for grid in grids(results):
                if grid.kind == self.like.kind and grid.values.shape == self.like.values.shape:
                    yield group_of(record), self._row(grid)

    def _row(self, grid: Grid) -> Doubles:
        names = [METRIC_OF[name] if self.working else name for name in PATTERNS]
        known = dict(zip(grid.metrics, grid.values, strict=True))
        none = np.full(grid.values.shape[1:], np.nan)
        return np.stack([known.get(name, none).ravel() for name in names])


def best(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield the claims that a head has a habit, with special tokens and without.

    Their chance is that of the finding: shuffling has seen all texts, and no way of it is new.
    """
    like: dict[Kind, Grid] = {}
    for _, results in texts[1]:
        for grid in grids(results):
            like.setdefault(grid.kind, grid)
    for kind, grid in like.items():
        for working in (False, True):
            special = "special tokens left out" if working else "special tokens kept"
            for pattern, one in zip(
                PATTERNS, best_heads(Habits(texts[1], grid, working), within=(0, 1)), strict=True
            ):
                if one is not None and (not working or METRIC_OF[pattern] != pattern):
                    claim = Claim(one.value, one.interval, (np.nan, np.nan), ATTENTION)
                    yield ("habits", f"{kind}-best-{pattern}"), Way(f"{special}, {texts[0]}", claim)
