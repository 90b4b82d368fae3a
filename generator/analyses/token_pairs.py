"""Which tokens each head links, over all records, and in which records it is most itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..array_types import Doubles, Floats, Indices, Integers
from ..capture import AttentionMap, Capture, Kind, Token, masks
from ..results.shapes import Cell, Result, Table
from ..statistics.permutations import sample_rows
from .analysis import Accumulation, RecordResults
from .profile.means import grids
from .profile.roles import PATTERNS

Name = tuple[str, bool]
"""The text of a token, and whether the tokenizer added it."""
TokenPair = tuple[Name, Name]

CELLS = 4_000_000
"""Sums held for one kind, 32 MB: pairs times heads and layers."""
WORK = 4_000_000
"""Weights of one map that are read: longer texts lend an even sample of their rows."""
TOP, TOP_SPECIAL = 12, 6
"""Pairs told of each head: those of tokens of the text, and those with a special token."""
EXAMPLES = 3
"""Records named for each head and measure."""
MEASURES = (*PATTERNS, "entropy", "confidence_nospecial")
LINKS = ("kind", "layer", "head", "query", "key", "special", "mean", "null", "n")
KEPT = ("kind", "pairs", "let_go")
SHOWN = ("kind", "layer", "head", "measure", "record", "value")


@dataclass(slots=True)
class PairSums:
    """Weights by pair of tokens, summed over the records of one kind of map.

    `total` [pair, layer * head] is the attention a pair got, `null` [pair, layer] what uniform
    attention would have given it, `n` [pair] how often the two could be linked. Where there are
    more pairs than fit, those that stand out least in every head are let go.
    """

    shape: tuple[int, int]
    names: list[TokenPair]
    places: dict[TokenPair, int]
    total: Doubles
    null: Doubles
    n: Integers
    evicted: int = 0

    @property
    def room(self) -> int:
        """Return how many pairs may be held."""
        layers, heads = self.shape
        return max(2 * TOP, CELLS // (layers * heads + layers + 1))

    def add(self, names: Sequence[TokenPair], total: Doubles, null: Doubles, n: Integers) -> None:
        """Add the pairs of one record, each once: [pair, layer * head], [pair, layer], [pair]."""
        kept = self._strongest(total, null, self.room // 2)
        self.evicted += len(names) - len(kept)
        new = [names[at] for at in kept if names[at] not in self.places]
        if len(self.names) + len(new) > self.room:
            self._evict(self.room // 2)
            new = [names[at] for at in kept if names[at] not in self.places]
        self._grow(new)
        at = np.array([self.places[names[place]] for place in kept], np.intp)
        self.total[at] += total[kept]
        self.null[at] += null[kept]
        self.n[at] += n[kept]

    def _strongest(self, total: Doubles, null: Doubles, most: int) -> Indices:
        if len(total) <= most:
            return np.arange(len(total))
        largest = _excess(total, null).reshape(len(total), -1).max(axis=1)
        return np.sort(np.argsort(-largest, kind="stable")[:most])

    def _evict(self, most: int) -> None:
        kept = self._strongest(self.total[: len(self.names)], self.null[: len(self.names)], most)
        self.evicted += len(self.names) - len(kept)
        self.names = [self.names[at] for at in kept]
        self.places = {name: at for at, name in enumerate(self.names)}
        self.total, self.null, self.n = self.total[kept], self.null[kept], self.n[kept]

    def _grow(self, new: Sequence[TokenPair]) -> None:
        for name in new:
            self.places[name] = len(self.names)
            self.names.append(name)
        more = len(self.names) - len(self.n)
        if more > 0:
            more = max(more, len(self.n) // 2)
            self.total = np.concatenate([self.total, np.zeros((more, self.total.shape[1]))])
            self.null = np.concatenate([self.null, np.zeros((more, self.null.shape[1]))])
            self.n = np.concatenate([self.n, np.zeros(more, np.int64)])


@dataclass(slots=True)
class PairCounts:
    """Sees the captures of a model and sums what its heads link, by kind."""

    sums: dict[Kind, PairSums] = field(default_factory=dict)

    def add(self, capture: Capture, results: Mapping[str, Result]) -> None:
        """Take in the maps of one capture; one with other heads than the first is passed over."""
        for attention in capture.maps:
            shape = (attention.layers, attention.heads)
            found = self.sums.setdefault(attention.kind, _empty(shape))
            if found.shape == shape:
                found.add(*pairs_of(attention))


def _empty(shape: tuple[int, int]) -> PairSums:
    total, null = np.zeros((0, shape[0] * shape[1])), np.zeros((0, shape[0]))
    return PairSums(shape, [], {}, total, null, np.zeros(0, np.int64))


def _excess(total: Doubles, null: Doubles) -> Doubles:
    """Return total [pair, layer * head] less null [pair, layer], [pair, layer, head]."""
    apart = total.reshape(*null.shape, -1) - null[..., None]
    return apart


def pairs_of(
    attention: AttentionMap,
) -> tuple[list[TokenPair], Doubles, Doubles, Integers]:
    """Return the pairs of tokens of one map, what each got, would get, and how often it occurs.

    Tokens are the same when their text is, without the space around it. Rows of cross-attention go
    by what they write.
    """
    queries, keys = (_names(tokens) for tokens in (attention.rows, attention.keys))
    heads = attention.layers * attention.heads
    rows = sample_rows(len(queries), WORK // (heads * len(keys)))
    queries = [queries[row] for row in rows]
    allowed = [masks.visible(attention, layer)[rows] for layer in range(attention.layers)]
    even = np.stack([masks.uniform(one) for one in allowed])
    often = np.logical_or.reduce(allowed)[None].astype(np.float64)
    weights = attention.weights[:, :, rows].reshape(heads, len(rows), len(keys))
    parts = [_summed(part, queries, keys) for part in (weights, even, often)]
    n = np.rint(parts[2][:, 0]).astype(np.int64)
    some = np.flatnonzero(n)
    firsts, seconds = (list(dict.fromkeys(sorted(names))) for names in (queries, keys))
    names = [(firsts[at // len(seconds)], seconds[at % len(seconds)]) for at in some]
    return names, parts[0][some], parts[1][some], n[some]


def _names(tokens: Sequence[Token]) -> list[Name]:
    return [(token.shown.strip() or token.shown, token.special) for token in tokens]


def _summed(values: Floats, queries: Sequence[Name], keys: Sequence[Name]) -> Doubles:
    """Return values [..., query, key] summed over tokens of the same name, [pair, ...]."""
    wide = values.astype(np.float64, copy=False)
    for axis, names in ((-1, keys), (-2, queries)):
        order = sorted(range(len(names)), key=names.__getitem__)
        starts = [i for i, at in enumerate(order) if not i or names[at] != names[order[i - 1]]]
        wide = np.add.reduceat(np.take(wide, order, axis), starts, axis)
    summed: Doubles = wide.reshape(len(wide), -1).T
    return summed


def compute(record_results: RecordResults, seen: PairCounts) -> Result:
    """Return what each head links and where it is most itself.

    `links` has for each head its pairs of tokens, those first that got most beyond what uniform
    attention gives; `kept` how many pairs stand behind them; `examples` for each head and measure
    the records, by their place in `record_results`, where it is largest.
    """
    tables: dict[str, Table] = {}
    if seen.sums:
        links = [row for kind, sums in seen.sums.items() for row in _pair_rows(kind, sums)]
        kept = [(kind, len(sums.names), sums.evicted) for kind, sums in seen.sums.items()]
        tables["links"] = Table(LINKS, tuple(links))
        tables["kept"] = Table(KEPT, tuple(kept))
    if examples := tuple(_examples(record_results)):
        tables["examples"] = Table(SHOWN, examples)
    return Result(ANALYSIS.name, tables=tables)


def _pair_rows(kind: Kind, sums: PairSums) -> Iterator[tuple[Cell, ...]]:
    count = len(sums.names)
    excess = _excess(sums.total[:count], sums.null[:count])
    special = np.array([query[1] or key[1] for query, key in sums.names], dtype=bool)
    for layer, head in np.ndindex(sums.shape):
        column = excess[:, layer, head]
        for group, most in ((~special, TOP), (special, TOP_SPECIAL)):
            found = np.flatnonzero(group & (column > 0))
            for at in found[np.argsort(-column[found], kind="stable")[:most]]:
                (query, _), (key, _) = sums.names[at]
                n = int(sums.n[at])
                mean = float(sums.total[at, layer * sums.shape[1] + head]) / n
                null = float(sums.null[at, layer]) / n
                yield (kind, layer, head, query, key, int(special[at]), mean, null, n)


def _examples(record_results: RecordResults) -> Iterator[tuple[Cell, ...]]:
    """Yield the records in which each measure of each head is largest, in one pass."""
    best: dict[Kind, Doubles] = {}
    where: dict[Kind, Integers] = {}
    for number, (_, results) in enumerate(record_results):
        for grid in grids(results):
            now = grid.values[[grid.metrics.index(name) for name in MEASURES]]
            if grid.kind not in best:
                best[grid.kind] = np.full((EXAMPLES, *now.shape), -np.inf)
                where[grid.kind] = np.full((EXAMPLES, *now.shape), -1)
            if now.shape == best[grid.kind].shape[1:]:
                _take(best[grid.kind], where[grid.kind], np.nan_to_num(now, nan=-np.inf), number)
    for kind, values in best.items():
        for measure, layer, head, rank in np.ndindex(*values.shape[1:], EXAMPLES):
            place = (rank, measure, layer, head)
            if np.isfinite(values[place]):
                record = int(where[kind][place])
                yield (kind, layer, head, MEASURES[measure], record, float(values[place]))


def _take(best: Doubles, where: Integers, now: Doubles, number: int) -> None:
    """Put what record `number` has into the largest so far, which stay in order; ties stay."""
    new = np.full(now.shape, number)
    for rank in range(len(best)):
        larger = now > best[rank]
        best[rank], now = np.where(larger, now, best[rank]), np.where(larger, best[rank], now)
        where[rank], new = np.where(larger, new, where[rank]), np.where(larger, where[rank], new)


ANALYSIS = Accumulation(
    name="links",
    title="What each head links",
    about=(
        "For every head the pairs of tokens that got most of its attention beyond what uniform "
        "attention over the same tokens would have given them, over all texts; and the texts "
        "in which what the head is known for is strongest."
    ),
    reading=(
        "The weight is the mean over all places in the corpus where the first token could look at "
        "the second; n counts those places. Pairs with a token that the tokenizer added stand in a "
        "list of their own. Tokens with the same text count as the same, wherever they stand."
    ),
    limits=(
        "The pairs are the strongest of very many, so their weights are larger than those of the "
        "same pairs in other texts will be; n = 1 is a single place. The texts are chosen for "
        "being extreme: they show what the head can do, not what it mostly does. When a corpus has "
        "more pairs than fit into memory, those that stand out least are let go and their n may be "
        "short; the page then says so. Of long texts an even sample of rows is read."
    ),
    cite="Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828",
    compute=compute,
    accumulate=PairCounts,
)
