"""Heads in groups by their distances: who is alike, and whether more are than by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...array_types import Doubles, Indices, Integers
from ...capture import Kind
from ...names import head_label
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding
from ...results.wording import count, listed, percent, sentence
from ...statistics.bootstrap import EDGES, LEAST, RESAMPLES, SEED, Interval, bounds
from ..profile.sentences import HEADS

MOST = math.log(2)
"""How far two rows can differ, in nats."""
NEAR = 0.1 * MOST
"""Up to which mean divergence, in nats, two heads are called alike: a tenth of the largest."""
PART_LIMIT = 20
"""Into how many parts records are cut, so that parts can be drawn again."""
ORDERED = 200
"""Up to how many heads the leaves are put into the best order, which takes long for more."""
PERMUTATIONS = 200
SHUFFLED = "with the weights of each row in random order"


@dataclass(frozen=True, slots=True)
class Clusters:
    """The distances between the heads of one kind and what follows from them.

    `distances` [head, head] are means over all records, `parts` and `chance` [part, head, head]
    those of each part, the real ones and the shuffled. `of` is the group of each head, counted
    from 1 by size, `order` the heads as the tree has them, `nearest` each head's nearest head and
    `nearest_shuffled` the distance to the nearest one in shuffled rows. `unrelated` is how many
    records there are, with near copies as one.
    """

    kind: Kind
    shape: tuple[int, int]
    records: int
    distances: Doubles
    parts: Doubles
    chance: Doubles
    of: Indices
    order: Indices
    nearest: Indices
    nearest_shuffled: Doubles
    count_shuffled: int
    unrelated: int | None = None

    @property
    def count(self) -> int:
        """Return the number of groups; a head that is like no other is one by itself."""
        return int(self.of.max())

    def label(self, head: int) -> str:
        """Return the name of a head."""
        return head_label(*divmod(head, self.shape[1]))


def clustered(
    kind: Kind,
    shape: tuple[int, int],
    real: npt.NDArray[Any],
    chance: npt.NDArray[Any],
    n: Integers,
    unrelated: int | None = None,
) -> Clusters:
    """Return the groups of heads behind sums [part, head, head] over `n` [part] records.

    Of these `unrelated` are no near copies of each other.
    """
    some = n > 0
    weights = n[some] / n.sum()
    counts = n[some][:, None, None]
    parts, mixed = (sums[some].astype(np.float64) / counts for sums in (real, chance))
    distances, by_chance = (np.tensordot(weights, means, 1) for means in (parts, mixed))
    of, order = clusters_of(distances)
    return Clusters(
        kind=kind,
        shape=shape,
        records=int(n.sum()),
        distances=distances,
        parts=parts,
        chance=mixed,
        of=of,
        order=order,
        nearest=nearest_of(distances),
        nearest_shuffled=(by_chance + np.diag(np.full(len(by_chance), np.inf))).min(axis=1),
        count_shuffled=int(clusters_of(by_chance)[0].max()),
        unrelated=unrelated,
    )


def clusters_of(distances: Doubles, near: float = NEAR) -> tuple[Indices, Indices]:
    """Return the group of each head, from 1 by size, and the heads in the order of the tree.

    Average linkage, cut at `near`: the mean distance between the members of two groups is larger.
    """
    heads = len(distances)
    if heads < 2:
        return np.ones(heads, np.intp), np.arange(heads)
    from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
    from scipy.spatial.distance import squareform

    even = (distances + distances.T) / 2
    condensed = squareform(even, checks=False)
    tree = linkage(condensed, "average", optimal_ordering=heads <= ORDERED)
    found = fcluster(tree, near, "distance")
    sizes = np.bincount(found)
    first = {group: int(np.flatnonzero(found == group)[0]) for group in np.unique(found)}
    ranked = sorted(first, key=lambda group: (-sizes[group], first[group]))
    names = {group: number for number, group in enumerate(ranked, 1)}
    return np.array([names[group] for group in found], np.intp), leaves_list(tree)


def nearest_of(distances: Doubles) -> Indices:
    """Return the nearest other head of each head."""
    alone = distances + np.diag(np.full(len(distances), np.inf))
    nearest: Indices = alone.argmin(axis=1)
    return nearest


def sentences(clusters: Clusters) -> tuple[Finding, ...]:
    """Return what is told of one kind of map."""
    findings: list[Finding | None] = [_twins(clusters), _number(clusters)]
    if clusters.kind == "self":
        findings.append(_layers(clusters))
    return tuple(said for said in findings if said is not None)


def _twins(clusters: Clusters) -> Finding:
    """Say how many heads attend almost as another does, paired on half of the parts.

    Almost is a tenth of what two heads can differ by, on the parts that did not pair them.
    """
    heads = f"{len(clusters.distances)} {HEADS[clusters.kind]}heads"
    (value, interval), (chance, null) = _share(clusters.parts), _share(clusters.chance)
    null = null or ((chance, chance) if len(clusters.parts) > 1 else None)
    number, by_chance = (round(share * len(clusters.distances)) for share in (value, chance))
    some, luck = (str(one or "none") for one in (number, by_chance))
    text = (
        f"More {HEADS[clusters.kind]}heads attend almost as another head does than by chance: "
        f"{some} of {len(clusters.distances)}, by chance {luck}, in texts that did not pair them."
    )
    plain = (
        f"{sentence(some)} of {heads} attend{'s' if number < 2 else ''} almost as another head "
        f"does, also in texts that did not pair them; by chance {luck} would."
    )
    return Finding(
        f"{clusters.kind}-twins",
        text if null else plain,
        plain=plain,
        value=value,
        n=clusters.records,
        clusters=clusters.unrelated,
        interval=interval,
        null=null,
        null_says=SHUFFLED,
        claim=Claim(value, interval, null, PROBABILITY) if null else None,
    )


def _share(parts: Doubles) -> tuple[float, Interval | None]:
    """Return the share of heads with a twin, and its interval over the parts that measure.

    Every other part of `parts` [part, head, head] chooses; one part alone does both. Below LEAST
    that measure there is no interval.
    """
    measuring = parts[1::2] if len(parts) > 1 else parts
    near = nearest_of(parts[::2].mean(axis=0))
    found = measuring[:, np.arange(len(near)), near]
    value = float((found.mean(axis=0) <= NEAR).mean())
    if len(found) < LEAST:
        return value, None
    low, high = _widened((_drawn(found) <= NEAR).mean(axis=1), len(found))
    return value, (max(low, 0.0), min(high, 1.0))


def _drawn(parts: Doubles) -> Doubles:
    """Return the mean over parts [part, ...], drawn again and again, [draw, ...]."""
    random = np.random.default_rng(SEED)
    often = random.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), RESAMPLES)
    drawn: Doubles = np.tensordot(often / len(parts), parts, 1)
    return drawn


def _widened(drawn: Doubles, parts: int) -> Interval:
    """Return the 95% interval of what was drawn from so many parts."""
    low, high = bounds(drawn[:, None], parts)
    return float(low[0]), float(high[0])


def _interval(drawn: Doubles) -> Interval:
    low, high = np.quantile(drawn, EDGES).tolist()
    return low, high


def _number(clusters: Clusters) -> Finding:
    """Say how many groups the heads make, and which is the largest."""
    heads = len(clusters.distances)
    members = np.flatnonzero(clusters.of == 1)
    if clusters.count == heads:
        text = f"No two of {heads} {HEADS[clusters.kind]}heads are alike: they make {heads} groups"
    else:
        names = [clusters.label(int(head)) for head in members[:6]]
        more = len(members) - len(names)
        rest = [f"{count(more)} more"] if more else []
        text = (
            f"Put together where alike, the {heads} {HEADS[clusters.kind]}heads make "
            f"{clusters.count} group{'s' if clusters.count > 1 else ''}, the largest of "
            f"{len(members)} ({listed([*names, *rest])})"
        )
    text += f"; {SHUFFLED}, {clusters.count_shuffled} groups."
    share = clusters.count_shuffled / heads
    return Finding(
        f"{clusters.kind}-groups", text, value=clusters.count / heads, n=clusters.records,
        null=(share, share), null_says=SHUFFLED,
    )  # fmt: skip


def _layers(clusters: Clusters) -> Finding | None:
    """Say whether heads of one layer are nearer to each other than heads of different layers."""
    layers, heads = clusters.shape
    if layers < 2 or heads < 2:
        return None
    layer = np.repeat(np.arange(layers), heads)
    value = _apart(clusters.distances, layer)
    random = np.random.default_rng(SEED)
    by_chance = [_apart(clusters.distances, random.permutation(layer)) for _ in range(PERMUTATIONS)]
    low, high = _interval(np.array(by_chance))
    parts = np.array([_apart(part, layer) for part in clusters.parts])
    interval = _widened(_drawn(parts), len(parts)) if len(parts) >= LEAST else None
    nearer, differs = value > 0, interval and (interval[0] > high or interval[1] < low)
    text = (
        f"Heads of one layer are {'nearer to' if nearer else 'farther from'} each other than heads "
        f"of different layers: by {percent(abs(value) / MOST)} of the most possible"
        if differs
        else f"Heads of one layer are about as far from each other as heads of different layers: "
        f"the difference is {percent(value / MOST)} of the most possible"
    )
    luck = f"{percent(low / MOST)} to {percent(high / MOST)}"
    text += f"; with heads dealt to layers at random, {luck}."
    return Finding(
        f"{clusters.kind}-layers-alike", text, value=value, n=clusters.records, interval=interval,
        clusters=clusters.unrelated,
        null=(low, high), null_says="with heads dealt to layers at random",
    )  # fmt: skip


def _apart(distances: Doubles, layer: Indices) -> float:
    """Return the mean distance between layers minus that within them."""
    heads = len(layer)
    member = (layer[:, None] == np.unique(layer)).astype(np.float64)
    inside = float((member * (distances @ member)).sum())
    pairs = float((member.sum(axis=0) ** 2).sum()) - heads
    outside = float(distances.sum()) - inside
    return outside / (heads * (heads - 1) - pairs) - inside / pairs
