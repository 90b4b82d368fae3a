"""Which flows are as large as one of their ends lets through, proved without a search.

No more can flow than leaves the source, or than enters the sink. A network that mixes its tokens,
as most bidirectional models do, lets that much through, and any flow that carries it proves it.
One is laid from the narrow end towards the wide one, a layer at a time: each token draws what it
has to pass on from all others, in the proportion in which the wide end spreads over them, up to
what each pipe holds. It is there as soon as no token is asked for more than spreads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles, Indices, Integers, Mask

SLACK = 1e-10
"""By how much, relatively, a flow may miss: of 2^30 parts that is less than one, and the largest
flow is of whole parts."""
LAYERS = 6
"""Fewer layers do not mix enough for a proof to be worth its while."""
LEAST = 1e-12
"""No token is left without any share, so that it can be drawn from where others are full."""
NEAR = 1.5
"""Where a token is asked for more than so many times what spreads to it, no evening out helps."""
TURNS = 3
"""How often evening out is tried at a layer before the next one, which mixes the tokens further."""


def saturated(capacities: Integers, rows: Indices, unit: int) -> tuple[Integers, Mask]:
    """Return what the ends let through from `rows` to every key, and where so much does flow.

    Both are [row, key]. `capacities` [layer, query, key] are whole parts of 1, `unit` of them.
    False says nothing: less flows, or it was not proved.
    """
    leaving, entering = capacities[-1][rows].sum(axis=-1), capacities[0].sum(axis=0)
    most = np.minimum.outer(leaving, entering)
    fits = np.zeros(most.shape, np.bool_)
    if len(capacities) < LAYERS or not capacities[:, 0, -1].any():  # nothing mixes all tokens
        return most, fits
    shares = capacities / unit
    keys = np.arange(len(entering))
    fits[:] = _carried(shares, rows, keys)
    wide = np.flatnonzero((entering > leaving.min()) & ~fits.all(axis=0))
    if len(wide):  # where the source is the narrow end
        turned = shares[::-1].transpose(0, 2, 1)
        fits[:, wide] |= _carried(turned, wide, rows).T
    return most, fits


def _carried(shares: Doubles, sources: Indices, sinks: Indices) -> Mask:
    """Return where all that enters a sink can be drawn from a source, [source, sink]."""
    entering = shares[0].T[sinks]
    found = np.zeros((len(sources), len(sinks)), np.bool_)
    for fits, given in zip(found, shares[-1][sources], strict=True):
        some, wanted = np.arange(len(sinks)), entering
        levels = Levels(shares, given)
        for spread, pipes in levels:
            within = (wanted < pipes.most).all(axis=-1)
            some, wanted = some[within], pipes.drawn(wanted[within])
            done = (wanted <= spread * (1 + SLACK)).all(axis=-1)
            fits[some[done]] = True
            some, wanted = some[~done], wanted[~done]
            if not some.size:
                break
        for sink in np.flatnonzero(~fits & (entering.sum(axis=-1) <= given.sum())):
            fits[sink] = _evened(levels, entering[[sink]])
    return found


def _evened(levels: Levels, wanted: Doubles) -> bool:
    """Whether a flow is found for one sink once tokens that are asked for too much weigh less.

    `wanted` is [1, key]. What is drawn comes into the proportion of what spreads, which is closer
    where almost all of it is needed.
    """
    for spread, pipes in levels:
        if (wanted >= pipes.most).any():
            return False
        turned, asked = pipes, wanted
        wanted = drawn = pipes.drawn(asked)
        for _ in range(TURNS):
            if not 1 + SLACK < (drawn / spread).max() < NEAR:
                break
            weights = turned.weights * spread / np.maximum(drawn[0], LEAST)
            turned = Pipes.of(pipes.layer, weights)
            drawn = turned.drawn(asked)
        if (drawn <= spread * (1 + SLACK)).all():
            return True
    return False


def _spread(shares: Doubles, given: Doubles) -> list[Doubles]:
    """Return what can flow through each node at once, from the second level up, [level][node].

    All that leaves a source, `given` to the nodes at the top, in the proportion of the pipes.
    """
    found = [given]
    for layer in shares[-2:1:-1]:
        sums = layer.sum(axis=-1)
        found.append(np.minimum(found[-1] / sums, 1) @ layer)
    return found[::-1]


class Levels:
    """The layers from the second up: what spreads to their queries, and their pipes, once asked."""

    def __init__(self, shares: Doubles, given: Doubles) -> None:
        self._layers, self._spread = shares[1:-1], _spread(shares, given)
        self._pipes: list[Pipes] = []

    def __iter__(self) -> Iterator[tuple[Doubles, Pipes]]:
        for at, (layer, spread) in enumerate(zip(self._layers, self._spread, strict=True)):
            if at == len(self._pipes):
                self._pipes.append(Pipes.of(layer, spread))
            yield spread, self._pipes[at]


@dataclass(frozen=True, slots=True)
class Pipes:
    """A layer [query, key] between what its queries weigh and what its keys ask for.

    Each query gives a key its weight times a factor of the key, at most its pipe. Ordered by the
    factor at which it is full, each pipe has what all before it hold, `full`, and what those from
    it on weigh, `open`: together, at its own factor, `reached`. All [pipe, key]. The last pipe is
    full where a key gets the `most` there is.
    """

    layer: Doubles
    weights: Doubles
    most: Doubles
    full: Doubles
    open: Doubles
    reached: Doubles

    @classmethod
    def of(cls, layer: Doubles, weights: Doubles) -> Pipes:
        """Return the pipes of a layer whose queries weigh so much."""
        weights = np.maximum(weights, LEAST)
        levels = layer / weights[:, None]
        order = levels.argsort(axis=0)
        keys = np.arange(layer.shape[1])
        full = np.zeros((len(weights) + 1, len(keys)))
        np.cumsum(layer[order, keys], axis=0, out=full[1:])
        open_ = np.zeros(full.shape)
        np.cumsum(weights[order][::-1], axis=0, out=open_[-2::-1])
        reached = full[:-2] + levels[order[:-1], keys] * open_[:-2]
        return cls(layer, weights, full[-1], full, open_, reached)

    def drawn(self, wanted: Doubles) -> Doubles:
        """Return how much is drawn from each query so that each key gets what is `wanted`.

        [sink, query] for [sink, key]: the factor of a key lies before the first pipe at which
        more than it wants is reached.
        """
        place = (self.reached[None] < wanted[:, None]).sum(axis=1)
        keys = np.arange(wanted.shape[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            factors = (wanted - self.full[place, keys]) / self.open[place, keys]
        given = factors[:, None] * self.weights[:, None]
        sums: Doubles = np.minimum(self.layer, given).sum(axis=-1)
        return sums
