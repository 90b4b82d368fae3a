"""Syntax: which heads join a word to its head in the dependency tree. Clark et al. 2019."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles, Indices
from ...capture import AttentionMap, Capture, Kind
from ...capture.words import owners, words_of
from ...results.levels import beyond
from ...results.shapes import Cell, Finding, Grid, Partial, Result, Table
from ...statistics.bootstrap import bounds, cluster_numbers, column_blocks, draws
from ...statistics.splits import Group
from ..analysis import RecordAnalysis, RecordResults
from .all_records import (
    DIRECTIONS,
    LEAST,
    OFFSETS,
    REACH,
    SHUFFLES,
    RelationHead,
    Tables,
    best,
    tables,
)
from .merging import OTHER, Merge, several, sums
from .sentences import MARGIN, claimed, findings
from .trees import Trees, counted, extents, merged_name

COLUMNS = (
    "kind", "relation", "layer", "head", "direction", "accuracy", "low", "high", "n", "cases",
    "offset", "fixed", "gain", "gain_low", "gain_high", "null_low", "null_high",
    "beyond_chance",
)  # fmt: skip
FIXED = ("kind", "offset", "share", "cases")
NONE = (None, None)
METRICS = ("to_head", "from_head", "syntactic")
"""The share of words joined to their heads in either direction, and the larger of the two."""


def compute(capture: Capture) -> Result:
    """Return the word that each head joins each word to, for a record with dependencies.

    One Partial a kind of map, [direction, layer, head, word]: -1 for no word, -2 for a word that
    the model did not read. Where a word has several pieces, one more for each other way to merge
    them, `<kind>/<way>`.
    """
    record = capture.record
    kinds = [part for part in capture.maps if part.kind in ("self", "encoder")]
    if not (record.head and record.deprel):
        return Result(ANALYSIS.name)
    words = words_of(record)
    found: list[Partial] = []
    for part in kinds:
        own = owners(part.queries, words)
        found.append(Partial(part.kind, joined(part, own, len(words)).astype(np.int32)))
        for name, merge in OTHER.items() if several(own) else ():
            other = joined(part, own, len(words), merge).astype(np.int32)
            found.append(Partial(merged_name(part.kind, name), other))
    return Result(ANALYSIS.name, partials=tuple(found))


def joined(part: AttentionMap, own: Indices, count: int, merge: Merge = sums) -> Indices:
    """Return the word that each word is joined to, [direction, layer, head, word].

    First the other word that it attends to most, then the other word that attends to it most;
    -1 where there is none or several are alike, -2 where the word has no token. `own` [token] is
    the word of each token, `count` how many words there are, `merge` how pieces become words.
    """
    found = np.full((2, part.layers, part.heads, count), -2, dtype=np.intp)
    read = np.unique(own[own >= 0])
    for layer, weights in enumerate(part.weights if len(read) else ()):
        between = merge(weights, own)
        between[..., np.arange(len(read)), np.arange(len(read))] = 0
        for direction, axis in enumerate((-1, -2)):
            largest = between.max(axis=axis, keepdims=True)
            alone = (largest > 0) & ((between == largest).sum(axis=axis, keepdims=True) == 1)
            most = np.where(alone.squeeze(axis), read[between.argmax(axis=axis)], -1)
            found[direction, layer][:, read] = most
    return found


def aggregate(record_results: RecordResults) -> Result:
    """Return the best head of each relation, each head's share of words, and sentences."""
    rows: list[tuple[Cell, ...]] = []
    fixed: list[tuple[Cell, ...]] = []
    grids: list[Grid] = []
    said: list[Finding] = []
    for kind, extent in extents(record_results).items():
        trees = Trees(record_results, kind, counted(record_results, kind))
        found = tables(trees)
        bests = best(found, trees)
        rows += [_row(kind, one, extent) for one in bests]
        fixed.append((kind, *_fixed(found)))
        grids.append(_grid(kind, found, trees, extent))
        said += findings(kind, bests, extent)
    made = {"relations": Table(COLUMNS, tuple(rows))} if rows else {}
    made |= {"offsets": Table(FIXED, tuple(fixed))} if fixed else {}
    return Result(ANALYSIS.name, grids=tuple(grids), tables=made, findings=tuple(said))


def _row(kind: Kind, one: RelationHead, extent: tuple[int, int]) -> tuple[Cell, ...]:
    direction, layer, head = np.unravel_index(one.column, (2, *extent))
    return (
        kind, one.relation, int(layer), int(head), DIRECTIONS[direction], one.accuracy,
        *(one.interval or NONE), one.n, one.cases, one.offset, one.fixed, one.gain,
        *(one.gain_interval or NONE),
        *one.null, beyond(claimed(one).level()),
    )  # fmt: skip


def _fixed(found: Tables) -> tuple[int, float, int]:
    """Return the best fixed offset over all words of all records, its share, and the cases."""
    hits, cases = found.offsets[:, :, -1].sum(axis=0), int(found.cases[:, -1].sum())
    return OFFSETS[int(hits.argmax())], float(hits.max() / max(cases, 1)), cases


def _grid(kind: Kind, found: Tables, trees: Trees, extent: tuple[int, int]) -> Grid:
    """Return METRICS of every head over all relations, with intervals over all records.

    The null is what the heads of a layer reach on shuffled trees of the second half, on average.
    """
    cases = found.cases[:, -1].sum()
    shape = (2, *extent)
    values = found.hits[:, :, -1].sum(axis=0).reshape(shape) / max(cases, 1)
    low, high = (part.reshape(shape) for part in _intervals(trees, values.size))
    chance = found.shuffled[:, :, -1].mean(axis=0) / max(found.cases[1, -1], 1)
    null = chance.reshape(shape).mean(axis=2)
    stronger = values.argmax(axis=0)[None]

    def both(part: Doubles) -> Doubles:
        return np.concatenate([part, np.take_along_axis(part, stronger, axis=0)])

    n = np.full((len(METRICS), *extent), int(cases), dtype=np.int64)
    nulls = np.concatenate([null, null.max(axis=0, keepdims=True)])
    return Grid(kind, METRICS, both(values), nulls, both(low), both(high), n)


def _intervals(trees: Trees, columns: int) -> tuple[Doubles, Doubles]:
    """Return the ends of the 95% interval of every column's share of all cases."""
    low, high = np.full(columns, np.nan), np.full(columns, np.nan)
    cases = draws(_Shares(trees), np.array([columns]))
    clusters = int(cluster_numbers(_Shares(trees)).max(initial=-1)) + 1
    for part in column_blocks(columns):
        hits = draws(_Shares(trees), part)
        if len(hits) and hits.shape[1]:
            shares = np.divide(hits, cases, out=np.full_like(hits, np.nan), where=cases > 0)
            low[part], high[part] = bounds(shares, clusters)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


@dataclass(frozen=True, slots=True)
class _Shares:
    """Each record's hits over all relations by column, then how many cases it has."""

    trees: Trees

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the group of each record, and its row."""
        for parsed in self.trees:
            inside = parsed.relations >= 0
            hits = parsed.hits(parsed.words[inside], parsed.heads[inside]).sum(axis=1)
            yield parsed.group, np.append(hits, inside.sum()).astype(np.float64)


ANALYSIS = RecordAnalysis(
    name="syntax",
    title="Syntax: heads that follow dependencies",
    about=(
        "In texts with a dependency tree, each word is joined to another word by each head: to the "
        "one it attends to most, or, the other way round, to the one that attends to it most. "
        "Attention is taken between words: to a word it is the sum over its pieces, from a word "
        "the mean over them; special tokens and the word itself are left out. The share of words "
        "that are joined to their head in the tree is given for each relation."
    ),
    reading=(
        "For each relation the best head is chosen on one half of the texts and measured on the "
        "other half, where the share, its interval and the cases n are from. Beside it stands "
        "the best fixed offset, such as “the word after”, chosen and measured on the same halves, "
        f"up to {REACH} words away. Chance is what the best of as many heads reaches when each "
        f"tree is laid over the words of its text in another order ({SHUFFLES} times). A head "
        f"follows a relation only where it beats both, the offset by {MARGIN:.0%} of the cases."
    ),
    limits=(
        "A head that joins words of a relation need not use them, and a model may know syntax "
        "that no single head shows. A model that reads from left to right can only look back. "
        "Among many relations, about one in forty would beat its fixed offset by luck. "
        f"Relations with fewer than {LEAST} cases in either half are not judged, and punctuation "
        "and roots are left out."
    ),
    cite=(
        "Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828; "
        "de Marneffe et al. 2021, Universal Dependencies, https://doi.org/10.1162/coli_a_00402"
    ),
    compute=compute,
    aggregate=aggregate,
    fields=("words", "head", "deprel"),
)
