"""Semantic score: whether a head's attention goes to the tokens the answer depends on. Dodrio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ..array_types import Doubles, Integers
from ..capture import Capture, Kind
from ..capture.token_positions import content, last_read
from ..corpus import group_of
from ..names import head_label
from ..results.levels import CORRELATION
from ..results.shapes import Cell, Finding, Grid, Partial, Result, Table
from ..results.wording import correlation, count, sentence
from ..statistics.best_of_many import best_heads
from ..statistics.bootstrap import EDGES, estimate
from ..statistics.ranks import LEAST
from ..statistics.splits import Group
from . import masked_null
from .analysis import FollowUp, RecordResults
from .attention_views import received
from .best_heads import claimed
from .saliency import METHODS, left_out, unconverged, without

SALIENCY = "saliency"
CHANCE = ("kind", "low", "high")
SHUFFLES, SEED = 100, 0
SHUFFLED = "with the tokens of each text shuffled"
PLACES = {"encoder": "in the encoder, ", "cross": "in the cross-attention, "}


def compute(capture: Capture, results: Mapping[str, Result]) -> Result:
    """Return the order of the source tokens by saliency, and by the attention of each head.

    One Partial for the saliency, [token], and one a kind of map whose keys are the source, [layer,
    head, token]: ranks from the mean, scaled to length 1; NaN where a head gives all tokens the
    same. Under a causal mask also what heads have in common with it by chance, [shuffle, layer,
    head]. Special tokens and masks to fill are left out. A text whose integral did not converge has
    only the table `left_out`.
    """
    scores = results["saliency"].scores if "saliency" in results else ()
    places = content(capture)
    named = {one.name: one.values for one in scores}
    method = next((name for name in METHODS if name in named), None)
    if method in unconverged(results):
        return Result(ANALYSIS.name, tables=left_out({method}))
    if method is None or len(places) < LEAST:
        return Result(ANALYSIS.name)
    magnitude = np.abs(named[method][places]).astype(np.float64)
    salient = standard(magnitude)
    found = [Partial(SALIENCY, salient.astype(np.float32))]
    for part in capture.maps:
        if part.kind != "decoder":
            ranks = standard(received(capture, part, results)[..., places])
            found.append(Partial(part.kind, ranks.astype(np.float32)))
        if part.kind == "self" and part.causal:
            drawn = masked_null.received(part, last_read(capture) + 1)[..., places]
            by_chance = np.nan_to_num(standard(drawn)) @ salient
            found.append(Partial(masked_null.NULL + part.kind, by_chance.astype(np.float32)))
    return Result(ANALYSIS.name, partials=tuple(found))


def standard(values: Doubles) -> Doubles:
    """Return the ranks of each row from their mean, of length 1; NaN for a row of equals."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=-1)
    ranks -= ranks.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(ranks, axis=-1, keepdims=True)
    result: Doubles = np.divide(ranks, length, out=np.full_like(ranks, np.nan), where=length > 0)
    return result


@dataclass(frozen=True, slots=True)
class Correlations:
    """One record after the other: Spearman's correlation of each head, [1, head].

    With `shuffled`, those by chance, [shuffle, 1, head]: after each of 100 shuffles of the
    saliency, or, under a causal mask, of the weights of each row.
    """

    record_results: RecordResults
    kind: Kind
    shuffled: bool = False

    def __iter__(self) -> Iterator[Doubles]:
        """Yield the correlations of each record."""
        return (row for _, row in self.grouped())

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the correlations of each record that has this kind of map, and its group."""
        random = np.random.default_rng(SEED)
        for record, results in self.record_results:
            for ranks in _ranks(results, self.kind):
                saliency, heads = ranks[0], ranks[1:]
                if self.shuffled:
                    yield group_of(record), _by_chance(results, self.kind, ranks, random)[:, None]
                else:
                    yield group_of(record), (heads @ saliency)[None]


def _by_chance(
    results: Mapping[str, Result], kind: Kind, ranks: Doubles, random: np.random.Generator
) -> Doubles:
    """Return SHUFFLES draws of what the heads of a record have by chance, [shuffle, head]."""
    known = results[ANALYSIS.name].partial(masked_null.NULL + kind)
    if known is None:
        orders = random.permuted(np.tile(ranks[0], (SHUFFLES, 1)), axis=1)
        drawn: Doubles = orders @ ranks[1:].T
        return drawn
    flat = known.values.reshape(len(known.values), -1).astype(np.float64)
    return flat[random.integers(0, len(flat), SHUFFLES)]


@dataclass(frozen=True, slots=True)
class _Flat:
    """The same without the axis of length 1: [head] for each record."""

    rows: Correlations

    def __iter__(self) -> Iterator[Doubles]:
        return (row for _, row in self.grouped())

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the numbers of each record, and its group."""
        return ((group, row[0]) for group, row in self.rows.grouped())


def aggregate(record_results: RecordResults) -> Result:
    """Return each head's mean correlation with its interval, and sentences."""
    grids: list[Grid] = []
    chances: list[tuple[Cell, ...]] = []
    said: list[Finding] = []
    more = without(record_results, ANALYSIS.name)
    for kind, extent in _extents(record_results).items():
        found = estimate(_Flat(Correlations(record_results, kind)), within=(-1, 1)).reshape(
            1, *extent
        )
        drawn = _chance(Correlations(record_results, kind, shuffled=True))
        low, high = np.quantile(drawn, EDGES, axis=0)
        null = drawn.mean(axis=0).reshape(extent).mean(axis=1)[None]
        grid = Grid(kind, ("semantic",), found.value, null, found.low, found.high, found.n)
        grids.append(grid)
        chances.append((kind, float(low.mean()), float(high.mean())))
        says = masked_null.SAYS if _masked(record_results, kind) else SHUFFLED
        said += [*_sum(grid, drawn, more, says), *_best(record_results, kind, extent, says)]
    chance = {"chance": Table(CHANCE, tuple(chances))} if chances else {}
    return Result(ANALYSIS.name, grids=tuple(grids), tables=chance, findings=tuple(said))


def _masked(record_results: RecordResults, kind: Kind) -> bool:
    """Return whether chance was drawn under a causal mask."""
    found = (results.get(ANALYSIS.name) for _, results in record_results)
    return any(one and one.partial(masked_null.NULL + kind) for one in found)


def _ranks(results: Mapping[str, Result], kind: Kind) -> Iterator[Doubles]:
    found = results.get(ANALYSIS.name, Result(ANALYSIS.name))
    salient, ranks = found.partial(SALIENCY), found.partial(kind)
    if salient and ranks:
        heads = ranks.values.reshape(-1, ranks.values.shape[-1])
        yield np.concatenate([salient.values[None], heads]).astype(np.float64)


def _extents(record_results: RecordResults) -> dict[Kind, tuple[int, int]]:
    found: dict[Kind, tuple[int, int]] = {}
    for _, results in record_results:
        for one in results[ANALYSIS.name].partials if ANALYSIS.name in results else ():
            if one.name != SALIENCY and not one.name.startswith(masked_null.NULL):
                layers, heads, _ = one.values.shape
                found.setdefault(cast(Kind, one.name), (layers, heads))
    return found


def _chance(rows: Iterable[Doubles]) -> Doubles:
    """Return the means of the heads over records by chance, [shuffle, head]."""
    total = np.zeros((SHUFFLES, 0))
    records = 0
    for row in rows:
        total = np.nan_to_num(row[:, 0]) + (total if records else 0)
        records += 1
    means: Doubles = total / max(records, 1)
    return means


def beyond_chance(values: Doubles, drawn: Doubles) -> tuple[int, int, Integers]:
    """Return how many heads lie above chance and below, and how many lie beyond it in each draw.

    `values` [head] and `drawn` [shuffle, head]; the bounds of a head are the middle 95% of its own
    draws.
    """
    low, high = np.quantile(drawn, EDGES, axis=0)
    by_luck: Integers = ((drawn > high) | (drawn < low)).sum(axis=1)
    return int((values > high).sum()), int((values < low).sum()), by_luck


def _sum(grid: Grid, drawn: Doubles, left_out: str, shuffled: str) -> Iterator[Finding]:
    """Yield how many heads attend to what the answer depends on; nothing of a single record."""
    heads, records = grid.values.size, int(_of(grid.n).max(initial=0))
    if records < 2:
        return
    more, less, by_luck = beyond_chance(grid.values.ravel(), drawn)
    low, high = (float(end) for end in np.quantile(by_luck, EDGES))
    who = f"{more or 'none'} of {heads} heads attend{'s' if more < 2 else ''}"
    text = sentence(
        f"{PLACES.get(grid.kind, '')}{who} more than chance to words the answer depends on, "
        f"{less or 'none'} less; by luck, {round(low)} to "
        f"{round(high)} would."
    )
    yield Finding(
        f"{grid.kind}-semantic", f"{text}{left_out}", value=float(more + less), among=heads,
        n=records, null=(low, high),
        null_says=f"heads beyond chance {shuffled}, in 95% of shuffles",
    )  # fmt: skip


def _best(
    record_results: RecordResults, kind: Kind, extent: tuple[int, int], shuffled: str
) -> Iterator[Finding]:
    """Yield the head whose attention follows saliency most, if two records or more have any."""
    [best] = best_heads(
        Correlations(record_results, kind), Correlations(record_results, kind, True)
    )
    if best is None:
        return
    layer, head = np.unravel_index(best.head, extent)
    chance = "" if best.null_mean is None else f"; by chance, {correlation(best.null_mean)}"
    texts = f"{count(best.n)} other text{'' if best.n == 1 else 's'}"
    who = f"{PLACES.get(kind, '')}{head_label(int(layer), int(head))}"
    found = f"rank correlation {correlation(best.value)} in {texts}{chance}"
    text = f"{who} attends to what the answer depends on, beyond chance: {found}"
    plain = f"{who} attends most to what the answer depends on: {found}"
    if best.value <= 0:
        plain = f"{who}, chosen for attending to what the answer depends on, does not: {found}"
    claim = claimed(best, CORRELATION)
    yield Finding(
        f"{kind}-semantic-best", f"{sentence(text if claim else plain)}.",
        plain=f"{sentence(plain)}.", value=best.value, n=best.n,
        interval=best.interval, null=best.null, clusters=best.clusters,
        null_says=f"the best of as many heads {shuffled}",
        claim=claim,
    )  # fmt: skip


def _of(part: npt.NDArray[Any] | None) -> npt.NDArray[Any]:
    assert part is not None  # a Grid of this analysis has all its parts
    return part


ANALYSIS = FollowUp(
    name="semantic",
    title="Semantic score: attention where the answer depends on it",
    about=(
        "For each head, the attention that each token of the source receives, by how many tokens "
        "may see it, is compared with the saliency of the tokens: Spearman’s rank correlation in "
        "each text, and its mean over texts. Saliency is that of integrated gradients where it is "
        "known, without its sign."
    ),
    reading=(
        "From −1 to 1: above 0, a head gives more attention to the tokens that the answer depends "
        f"on. Chance is the same with the tokens of each text shuffled ({SHUFFLES} times), or, "
        f"in a model that reads from left to right, {masked_null.SAYS}. The "
        "best head is chosen on one half of the texts and measured on the other, beside the best "
        "of as many heads after shuffling."
    ),
    limits=(
        "Saliency is itself an estimate, and attention that goes to a salient token need not be "
        "why it is salient. Special tokens are left out, though much attention rests on them. "
        f"Texts with fewer than {LEAST} tokens are left out."
    ),
    cite=(
        "Wang, Turko & Chau 2021, Dodrio: Exploring Transformer Models with Interactive "
        "Visualization, https://doi.org/10.18653/v1/2021.acl-demo.16"
    ),
    compute=compute,
    aggregate=aggregate,
    fields=("mention", "contrast"),
    after=("saliency",),
)
