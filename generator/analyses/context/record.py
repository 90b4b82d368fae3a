"""Context sensitivity: how differently the same word attends in two texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from zlib import crc32

import numpy as np

from ...array_types import Doubles
from ...capture import AttentionMap, Capture, Kind
from ...capture.words import owners, to_words, words_of
from ...corpus import Record, group_of
from ...results.shapes import Cell, Finding, Partial, Result, Series, Table
from ...results.wording import percent, sentence
from ...statistics.bootstrap import EDGES, Interval, estimate
from ...statistics.splits import Group
from ..analysis import RecordAnalysis, RecordResults, Results
from .pairs import MARKS, compared, different, divergence, keys_of, partition, shared

SINGLE = "single_label_classification"
"""Whose labels share one probability, so that it can move from one to another."""
LABELS = "labels"
PAIRS = (
    "kind", "word", "first", "second", "divergence", "different", "low", "high", "answer",
)  # fmt: skip
DRAWS, SHUFFLES, SEED = 40, 1000, 0
PLACES = {"encoder": "in the encoder, "}


def compute(capture: Capture) -> Result:
    """Return what each word attends to, for a record that has a key to be compared by.

    One Partial a kind of map, [layer, head, word, column], the columns being the words and then
    the special tokens, as its labels name them; `labels` has the answer of a classifier.
    """
    record = capture.record
    if not keys_of(record):
        return Result(ANALYSIS.name)
    words = [word.text.casefold() for word in words_of(record)]
    found = []
    for part in capture.maps:
        if part.kind in ("self", "encoder"):
            special = (f" {token.text}" for token in part.keys if token.special)
            rows = _rows(part, capture).astype(np.float32)
            found.append(Partial(part.kind, rows, (*words, *special)))
    said = capture.prediction
    if "labels" in said and said.get("problem_type", SINGLE) == SINGLE:
        names, scores = zip(*sorted(said["labels"].items()), strict=True)
        found.append(Partial(LABELS, np.array(scores, dtype=np.float64), names))
    return Result(ANALYSIS.name, partials=tuple(found))


def _rows(part: AttentionMap, capture: Capture) -> Doubles:
    """Return attention from words to words and special tokens, [layer, head, word, column]."""
    words = words_of(capture.record)
    special = [place for place, token in enumerate(part.keys) if token.special]
    rows, columns = owners(part.queries, words), owners(part.keys, words)
    columns[special] = len(words) + np.arange(len(special))
    count = len(words) + len(special)
    return to_words(part.weights, rows, columns, count)[..., : len(words), :]


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts with words in common: [layer] means over heads of a divergence, in nats.

    `same` [word, layer] of the same word in both, `others` [word, pair, layer] of different words
    of the two texts, NaN where there are fewer pairs than 40.
    """

    first: Record
    second: Record
    words: tuple[str, ...]
    same: Doubles
    others: Doubles
    answer: float | None


def aggregate(record_results: RecordResults) -> Result:
    """Return how differently the same word attends in two texts: table, layers, sentence."""
    rows: list[tuple[Cell, ...]] = []
    series: list[Series] = []
    said: list[Finding] = []
    for kind in _kinds(record_results):
        found = [_summary(kind, pair) for pair in text_pairs(record_results, kind)]
        if found:
            rows += [row for summary in found for row in summary.rows]
            series.append(_series(kind, found))
            said.append(_finding(kind, found))
    tables = {"pairs": Table(PAIRS, tuple(rows))} if rows else {}
    return Result(ANALYSIS.name, tables=tables, series=tuple(series), findings=tuple(said))


def text_pairs(record_results: RecordResults, kind: Kind) -> Iterator[TextPair]:
    """Yield each record with the one before it that has the same key, as long as words are shared.

    Only records that wait for the next of their key are held.
    """
    left = Counter(
        key for one, found in record_results if "context" in found for key in keys_of(one)
    )
    waiting: dict[str, tuple[Record, Results]] = {}
    pair: set[tuple[str, str]] = set()
    for record, results in record_results:
        for key in keys_of(record) if "context" in results else ():
            left[key] -= 1
            before = waiting.pop(key, None)
            if before and (before[0].id, record.id) not in pair:
                pair.add((before[0].id, record.id))
                yield from _text_pairs(before, (record, results), key, kind)
            if left[key]:
                waiting[key] = (record, results)


def _text_pairs(
    one: tuple[Record, Results], other: tuple[Record, Results], key: str, kind: Kind
) -> Iterator[TextPair]:
    """Yield what two texts have in common, if there is a word that the model read in both."""
    (rows, labels), (against, names) = (_read(results, kind) for _, results in (one, other))
    common, columns = shared((labels, names)), (len(labels), len(names))
    words, same, others = [], [], []
    for at in compared(one[0], other[0], key):
        parts = partition(columns, common, at)
        found = divergence(rows[..., at[0], :], against[..., at[1], :], parts).mean(axis=1)
        seed = crc32(f"{one[0].id} {other[0].id} {at}".encode("utf-8", "replace"))
        pairs = different(one[0], other[0], at, DRAWS, seed)
        if np.isnan(found).any() or not pairs:
            continue
        drawn = np.full((DRAWS, len(found)), np.nan)
        for place, (i, j) in enumerate(pairs):
            parts = partition(columns, common, (i, j))
            row = divergence(rows[..., i, :], against[..., j, :], parts)
            drawn[place] = row.mean(axis=1)
        words.append(words_of(one[0])[at[0]].text.strip(MARKS))
        same.append(found)
        others.append(drawn)
    if words:
        change = _answer(one[1], other[1])
        yield TextPair(one[0], other[0], tuple(words), np.array(same), np.array(others), change)


def _read(results: Mapping[str, Result], kind: Kind) -> tuple[Doubles, list[str]]:
    """Return a record's rows [layer, head, word, column] and what its columns are."""
    found = results["context"].partial(kind)
    assert found is not None, kind
    return found.values.astype(np.float64), list(found.labels)


def _kinds(record_results: RecordResults) -> list[Kind]:
    found = (
        cast(Kind, one.name)
        for _, results in record_results
        for one in (results["context"].partials if "context" in results else ())
        if one.name != LABELS
    )
    return list(dict.fromkeys(found))


def _answer(one: Mapping[str, Result], other: Mapping[str, Result]) -> float | None:
    """Return how much probability a classifier moves from one text to the other, from 0 to 1."""
    found = [results["context"].partial(LABELS) for results in (one, other)]
    if not all(found):
        return None
    first, second = (
        dict(zip(one.labels, map(float, one.values), strict=True)) for one in found if one
    )
    return sum(abs(first.get(x, 0) - second.get(x, 0)) for x in first.keys() | second.keys()) / 2


@dataclass(frozen=True, slots=True)
class PairSummary:
    """What stays of two texts: means over their words, [layer], and over layers, [word, pair]."""

    rows: tuple[tuple[Cell, ...], ...]
    words: int
    same: Doubles
    others: Doubles
    drawn: Doubles
    group: Group | None


def _summary(kind: Kind, pair: TextPair) -> PairSummary:
    drawn = pair.others.mean(axis=2)
    rows = tuple(_row(kind, pair, place, drawn[place]) for place in range(len(pair.words)))
    others = np.nanmean(pair.others, axis=1).mean(axis=0)
    same = pair.same.mean(axis=0)
    return PairSummary(rows, len(pair.words), same, others, drawn, group_of(pair.first))


def _row(kind: Kind, pair: TextPair, place: int, drawn: Doubles) -> tuple[Cell, ...]:
    low, high = np.nanquantile(drawn, EDGES).tolist()
    same, others = float(pair.same[place].mean()), float(np.nanmean(drawn))
    start = (kind, pair.words[place], pair.first.id, pair.second.id)
    return (*start, same, others, low, high, pair.answer)


def _series(kind: Kind, found: list[PairSummary]) -> Series:
    """Return the mean over pairs of texts by layer, with that of different words as the null."""
    mean = estimate([one.same for one in found], groups=[one.group for one in found])
    low, high = ([None if x != x else x for x in end.tolist()] for end in (mean.low, mean.high))
    null = np.mean([summary.others for summary in found], axis=0).tolist()
    layers = tuple(float(layer) for layer in range(len(mean.value)))
    line = tuple(mean.value.tolist())
    return Series(f"context.{kind}", layers, line, tuple(low), tuple(high), tuple(null))


def _finding(kind: Kind, found: list[PairSummary]) -> Finding:
    """Say how far the same word differs between two texts, beside different words."""
    same = [one.same.mean(keepdims=True) for one in found]
    groups = [one.group for one in found]
    mean = estimate(same, groups=groups, within=(0, math.log(2)))
    value, n, interval = float(mean.value[0]), len(found), mean.interval()
    chance, null = _chance(found)
    text = (
        f"{PLACES.get(kind, '')}between two texts, the same word’s attention differs by "
        f"{percent(value / math.log(2))} of the most possible; that of two different words, by "
        f"{percent(chance / math.log(2))}"
    )
    return Finding(
        f"{kind}-context", f"{sentence(text)}.", value=value, n=n, interval=interval, null=null,
        null_says="with two different words of the same two texts", clusters=int(mean.clusters[0]),
    )  # fmt: skip


def _chance(found: list[PairSummary]) -> tuple[float, Interval]:
    """Return mean and middle 95% when a random pair of words stands in for each word."""
    random = np.random.default_rng(SEED)
    drawn = np.zeros(SHUFFLES)
    for summary in found:
        for pairs in summary.drawn:
            known = pairs[~np.isnan(pairs)]
            drawn += random.choice(known, SHUFFLES) / summary.words / len(found)
    low, high = np.quantile(drawn, EDGES).tolist()
    return float(drawn.mean()), (low, high)


ANALYSIS = RecordAnalysis(
    name="context",
    title="Context: the same word in two texts",
    about=(
        "Texts of one group, and texts with a tag that is a word of both, are compared in pairs: "
        "how differently the same word attends in the two. It is the Jensen-Shannon divergence of "
        "the word’s rows, head by head, averaged over heads. The two texts have different tokens, "
        "so rows are compared on what both have: the word itself, each word and each special token "
        "that both have in the same order, and all other words together."
    ),
    reading=(
        "In nats: 0 means that the word attends alike in both texts, 0.69 (ln 2) that it attends "
        "to nothing in common. Chance is the same for two different words of the two texts, up to "
        f"{DRAWS} pairs that stand about as far apart. A word "
        "whose attention depended on its context alone would differ as much as two different words "
        "do; one whose attention did not depend on it would not differ at all."
    ),
    limits=(
        "What both texts have is a coarse grid: a difference within the other words is not seen, "
        "so the divergence is a lower bound. Attention that follows places alone also counts as "
        "alike. In a model that reads from left to right, a word does not see what comes after it. "
        "Compared are the words that texts mark or a tag names, else at most eight."
    ),
    cite=(
        "Lin 1991, Divergence Measures Based on the Shannon Entropy, "
        "https://doi.org/10.1109/18.61115; "
        "Clark et al. 2019, What Does BERT Look At?, https://doi.org/10.18653/v1/W19-4828; "
        "Ethayarajh 2019, How Contextual are Contextualized Word Representations?, "
        "https://doi.org/10.18653/v1/D19-1006"
    ),
    compute=compute,
    aggregate=aggregate,
    fields=("id", "words", "group", "tags", "mention", "candidates", "aspects"),
)
