"""The best head for each pattern: chosen on one half of the records, measured on the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..array_types import Doubles, Indices
from ..capture import AttentionMap, Capture, Kind
from ..corpus import group_of
from ..names import head_label
from ..results.levels import ATTENTION, Claim, beyond
from ..results.shapes import Finding, Grid, Result, Table
from ..results.wording import count, percent, sentence
from ..statistics.best_of_many import BestHead, MaxNull, best_heads
from ..statistics.permutations import sample_rows, shuffled_keys
from ..statistics.splits import Group
from . import head_metrics as heads
from .analysis import Accumulation, RecordResults
from .profile.means import grids
from .profile.roles import PATTERNS, PHRASES

PERMUTATIONS = 40
ROWS = 64
"""Rows of a text that are shuffled: an even sample of longer ones, whose null varies more."""
SEED = 1
SHUFFLED = "with the weights of each row in random order"
PLACES = {
    "self": "",
    "encoder": "in the encoder, ",
    "decoder": "in the decoder, ",
    "cross": "in the cross-attention, ",
}
COLUMNS = (
    "kind", "habit", "layer", "head", "chosen", "chosen_n", "value", "low", "high", "n", "heads",
    "null_low", "null_high", "null_mean", "beyond_chance",
)  # fmt: skip


@dataclass(slots=True)
class Shuffles:
    """Sees the captures of a model and adds up what the heads would reach by chance, by kind."""

    shapes: dict[Kind, tuple[int, int]] = field(default_factory=dict)
    null: dict[Kind, MaxNull] = field(default_factory=dict)
    records: int = 0

    def add(self, capture: Capture, results: Mapping[str, Result]) -> None:
        """Shuffle the maps of one capture; one with other heads than the first is passed over."""
        found = {grid.kind: grid for grid in grids(results)}
        self.records += 1
        for attention in capture.maps:
            shape = (attention.layers, attention.heads)
            known = self.shapes.setdefault(attention.kind, shape)
            if attention.kind in found and known == shape:
                random = np.random.default_rng((SEED, self.records))
                null = self.null.setdefault(attention.kind, MaxNull())
                row = values(found[attention.kind])
                null.add(row, null_values(attention, random), group_of(capture.record))


def values(grid: Grid) -> Doubles:
    """Return the share of every pattern in one record, [pattern, layer * head]."""
    found: Doubles = grid.values[[grid.metrics.index(name) for name in PATTERNS]]
    return found.reshape(len(PATTERNS), -1)


def null_values(attention: AttentionMap, random: np.random.Generator) -> Doubles:
    """Return the same after shuffling the keys of each row, [permutation, pattern, layer * head].

    To shuffle the weights or what they are multiplied with is the same.
    """
    rows = sample_rows(attention.weights.shape[2], ROWS, random.random())
    patterns = heads.patterns(attention)
    names = [name for name in PATTERNS if name in patterns]
    parts = [_sampled(patterns[name], rows) for name in names]
    found = np.full((len(PATTERNS), PERMUTATIONS, attention.layers, attention.heads), np.nan)
    if not names:
        return found.swapaxes(0, 1).reshape(PERMUTATIONS, len(PATTERNS), -1)
    stacked = np.stack(parts, axis=-1).astype(np.float32)
    drawn = np.empty((*found.shape[1:], len(names)), np.float32)
    queries = np.arange(len(rows))[:, None]
    for layers, allowed in heads.alike(attention):
        weights = attention.weights[layers][:, :, rows].astype(np.float32)
        flat = weights.reshape(len(layers) * attention.heads, -1)
        turns = np.broadcast_to(allowed[rows], (PERMUTATIONS, *allowed[rows].shape))
        for turn, keys in enumerate(shuffled_keys(turns, random)):
            shares = flat @ stacked[queries, keys].reshape(-1, len(names))
            drawn[turn, layers] = shares.reshape(len(layers), attention.heads, -1)
    found[[PATTERNS.index(name) for name in names]] = np.moveaxis(drawn, -1, 0)
    return found.swapaxes(0, 1).reshape(PERMUTATIONS, len(PATTERNS), -1)


def _sampled(pattern: Doubles, rows: Indices) -> Doubles:
    """Return some rows of a pattern as the mean over them; NaN where none of them has a key."""
    every, some = (int(part.any(axis=1).sum()) for part in (pattern, pattern[rows]))
    return pattern[rows] * (every / some if some else np.nan if every else 1)


@dataclass(frozen=True, slots=True)
class Shares:
    """The patterns of one kind, one [pattern, layer * head] a record."""

    record_results: RecordResults
    kind: Kind
    shape: tuple[int, int]

    def grouped(self) -> Iterator[tuple[Group | None, Doubles]]:
        """Yield the patterns of each record, and its group."""
        for record, results in self.record_results:
            for grid in grids(results):
                if grid.kind == self.kind and grid.values.shape[1:] == self.shape:
                    yield group_of(record), values(grid)


def compute(record_results: RecordResults, seen: Shuffles) -> Result:
    """Return the best head for each pattern of each kind: the table `best`, and a sentence each."""
    rows, findings = [], []
    for kind, chance in seen.null.items():
        shape = seen.shapes[kind]
        found = best_heads(Shares(record_results, kind, shape), chance, within=(0, 1))
        for pattern, best in zip(PATTERNS, found, strict=True):
            if best is None or not (best.value or best.null_mean):
                continue  # what no head can do, such as to look ahead in a causal model
            layer, head = divmod(best.head, shape[1])
            low, high = best.interval or (None, None)
            null = best.null or (None, None)
            numbers = (best.chosen, best.chosen_n, best.value, low, high, best.n, best.heads)
            claim = claimed(best, ATTENTION)
            word = beyond(claim.level() if claim else "described")
            rows.append((kind, pattern, layer, head, *numbers, *null, best.null_mean, word))
            findings.append(_said(kind, pattern, head_label(layer, head), best))
    tables = {"best": Table(COLUMNS, tuple(rows))} if rows else {}
    return Result(ANALYSIS.name, tables=tables, findings=tuple(findings))


def _said(kind: Kind, pattern: str, label: str, best: BestHead) -> Finding:
    texts = "one text" if best.n == 1 else f"{count(best.n)} texts"
    chance = "" if best.null_mean is None else f"by chance {percent(best.null_mean)}, "
    share = f"{percent(best.value)} of its attention"
    where = f"{chance}in {texts} not used to choose it"
    who = f"{PLACES[kind]}{label}"
    text = f"{who} has the habit of looking at {PHRASES[pattern]}: {share}, {where}."
    plain = f"{who} looks most at {PHRASES[pattern]}: {share}, {where}."
    if best.null_mean is not None and best.value < best.null_mean:
        plain = f"{who} looks at {PHRASES[pattern]} no more than by chance: {share}, {where}."
    claim = claimed(best, ATTENTION)
    return Finding(
        f"{kind}-best-{pattern}", sentence(text if claim else plain), plain=sentence(plain),
        value=best.value, n=best.n, interval=best.interval,
        null=best.null, null_says=f"the best of {best.heads} heads {SHUFFLED}",
        clusters=best.clusters, claim=claim,
    )  # fmt: skip


def claimed(best: BestHead, floor: float) -> Claim | None:
    """Return the claim that a head does more than the best of as many by chance.

    None of a head that lies less than `floor` above them: that is said, and nothing claimed.
    """
    if best.null is None or best.value < sum(best.null) / 2 + floor:
        return None
    return Claim(best.value, best.interval, best.null, floor)


ANALYSIS = Accumulation(
    name="habits",
    title="The best head for each habit",
    about=(
        "The head that puts the most of its attention on the token before, on the token after, and "
        "so on: every other text chooses it, and the rest of the texts say how good it is."
    ),
    reading=(
        "Values are percent of attention in the texts that did not choose. Chance is the best of "
        "as many heads in the same texts, after the weights of each row were put in random order "
        f"over the tokens it may see: the middle 95% of {PERMUTATIONS} such shuffles."
    ),
    limits=(
        "The best of many heads looks good by luck, and the more of them the better: hence the two "
        "halves and chance. That a head is best here does not say that it is good, nor that no "
        "other head does the same. A habit about repeated tokens rests on the few texts that have "
        f"any. Of texts longer than {ROWS} tokens an even sample of rows is shuffled, which makes "
        "luck look a little better than it is."
    ),
    cite=heads.ANALYSIS.cite,
    compute=compute,
    accumulate=Shuffles,
)
