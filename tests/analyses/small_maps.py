"""Small attention maps and captures with known content, for the tests of the analyses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attnatlas.analyses import head_metrics as heads
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result

CLS, SEP = Token("[CLS]", 0, special=True), Token("[SEP]", 1, special=True)


def softmax(scores):
    """Return probabilities over the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def golden(causal=False):
    """Return the weights that the golden constants were computed from, [3, 2, 5, 5]."""
    layer, head, query, key = np.ogrid[:3, :2, :5, :5]
    scores = 3 * np.sin(1 + 0.7 * layer + 1.3 * head + 0.9 * query + 1.7 * key)
    return softmax(np.where((key > query) & causal, -np.inf, scores))


def words(text: str) -> tuple[Token, ...]:
    """Return one token a word, [CLS] and [SEP] being special; equal words have equal ids."""
    known = {"[CLS]": CLS, "[SEP]": SEP}
    ids = {word: number for number, word in enumerate(dict.fromkeys(text.split()), 10)}
    return tuple(known.get(word, Token(word, ids[word])) for word in text.split())


def random_map(
    text, *, keys=None, layers=3, heads_=2, seed=0, causal=False, kind="self", scale=2.0
):
    """Return a map of random attention over the words of a text."""
    queries, seen = words(text), words(keys or text)
    shape = (layers, heads_, len(queries), len(seen))
    scores = np.random.default_rng(seed).normal(0, scale, shape)
    if causal:
        scores = np.where(np.tril(np.ones(shape[2:], dtype=bool)), scores, -np.inf)
    return AttentionMap(kind, queries, seen, softmax(scores).astype(np.float32), causal)


def capture(*maps: AttentionMap, record: str = "r") -> Capture:
    """Return a capture that holds the maps."""
    family = "encoder" if maps[0].kind == "self" else "encoder-decoder"
    return Capture(ModelInfo("m", family), Record(record, "text"), maps)


def record_results(captures: Sequence[Capture]) -> list[tuple[Record, dict[str, Result]]]:
    """Return what a model-scope analysis reads."""
    return [(one.record, {"heads": heads.compute(one)}) for one in captures]
