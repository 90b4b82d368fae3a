"""The head that says most about a text, and the text that home opens with."""

from __future__ import annotations

import numpy as np
import pytest
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record
from attnatlas.pages.telling_head import TellingHead, telling_head


def capture(*heads: np.ndarray, causal: bool = False, text: str = "a b c d e f") -> Capture:
    """Return one layer of these heads over words alone."""
    tokens = tuple(Token(name, at) for at, name in enumerate(text.split()))
    weights = np.array([heads], np.float32)
    part = AttentionMap("self", tokens, tokens, weights, causal=causal)
    return Capture(ModelInfo("m", "encoder", "A", "a", 1, len(heads)), Record("r", text), (part,))


EVEN = np.full((6, 6), 1 / 6)
BEFORE = np.eye(6, k=-1)
COLUMN = np.eye(6)[[0] * 6]
JOINED = np.eye(6)[[3, 5, 0, 4, 1, 2]]
"""Each word looks at another one: neither a diagonal nor a column."""


def test_neither_a_diagonal_nor_a_column_nor_even_attention_says_much() -> None:
    found = telling_head(capture(EVEN, BEFORE, COLUMN, JOINED))
    assert found.label == "L0H3"
    np.testing.assert_array_equal(found.picture, 255 * JOINED)
    alone = [telling_head(capture(head)).score for head in (EVEN, BEFORE, COLUMN)]
    assert alone == pytest.approx([0, 0, 0], abs=1e-6)


def test_the_score_is_what_the_better_of_two_means_misses() -> None:
    by_column = np.abs(JOINED - JOINED.mean(axis=0)).sum()
    by_distance = 0.0
    for offset in range(-5, 6):
        cells = np.diagonal(JOINED, offset)
        by_distance += np.abs(cells - cells.mean()).sum()
    assert telling_head(capture(JOINED)).score == pytest.approx(min(by_column, by_distance) / 6)


def test_a_causal_mask_tells_nothing() -> None:
    even = np.tri(6) / np.tri(6).sum(axis=1, keepdims=True)
    joined = np.eye(6)[[0, 0, 1, 0, 3, 2]]
    found = telling_head(capture(even, joined, causal=True))
    assert found.label == "L0H1"


def test_home_never_opens_with_one_word_nor_with_a_long_text_while_there_is_another() -> None:
    picture = np.zeros((1, 1), np.uint8)
    texts = [TellingHead(0, 0, score, words, picture) for score, words in
             ((1.9, 1), (0.4, 9), (0.7, 12), (1.8, 400))]  # fmt: skip
    assert max(texts, key=lambda one: one.opens).words == 12
