"""A text and its translation as one model read them: cross-attention between their words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...capture import AttentionMap, Capture
from ...capture.words import owners, to_words, words_of
from ...corpus import Record, Span, alignment_links, word_spans
from ...statistics.alignment import Gold

READINGS = ("written", "read")
"""By which word a row of cross-attention goes: the one it comes up with, or the one it was fed."""
Words = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TranslationPair:
    """One text and its translation: words, attention between them, and the gold links if known.

    `attention` by reading is float64 [way, target word, source word], where the ways are all heads
    layer by layer, then the mean of the heads of each layer, then that of all heads; NaN in the row
    of a word that stands in no row. A special token keeps its share, so rows sum to at most 1.
    """

    capture: Capture
    source: Words
    target: Words
    attention: dict[str, Doubles]
    gold: Gold | None
    given: bool


def pair_of_capture(capture: Capture) -> TranslationPair | None:
    """Return a text and its translation, None where there is none."""
    cross = next((part for part in capture.maps if part.kind == "cross"), None)
    if cross is None or not cross.predicted:
        return None
    record, given = capture.record, bool(capture.prediction.get("teacher_forced"))
    source, target = words_of(record), target_words(capture)
    attention = {name: word_attention(cross, source, target, name) for name in READINGS}
    gold = gold_of(record) if given and record.alignment else None
    return TranslationPair(capture, source, target, attention, gold, given)


def target_words(capture: Capture) -> Words:
    """Return the words of the translation, as the record cuts them or at its blanks."""
    record, said = capture.record, capture.prediction
    if said.get("teacher_forced") and record.target is not None:
        return word_spans(record.target, record.target_words)
    return word_spans(str(said.get("text", "")))


def gold_of(record: Record) -> Gold:
    """Return the links that a record gives."""
    links = alignment_links(record.alignment or "")
    sure = ((link.source, link.target) for link in links if link.sure)
    return Gold(frozenset(sure), frozenset((link.source, link.target) for link in links))


def word_attention(cross: AttentionMap, source: Words, target: Words, reading: str) -> Doubles:
    """Return what each target word takes from each source word, [way, target, source].

    By the `written` reading a word has the rows whose token it was, which it came from; by the
    `read` reading the rows that it was fed to, which belong to the word after it.
    """
    rows = owners(cross.predicted if reading == "written" else cross.queries, target)
    columns = owners(cross.keys, source)
    means = cross.weights.mean(axis=1, dtype=np.float64)
    heads = cross.weights.reshape(-1, *cross.weights.shape[2:])
    ways = np.concatenate([heads, means, means.mean(axis=0, keepdims=True)])
    return to_words(ways, rows, columns, len(target), len(source))


def way_names(layers: int, heads: int) -> list[str]:
    """Return what the ways of reading cross-attention are called, in their order."""
    return [
        *(f"L{layer}H{head}" for layer in range(layers) for head in range(heads)),
        *(f"mean of layer {layer}" for layer in range(layers)),
        "mean of all heads",
    ]
