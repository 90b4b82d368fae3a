"""What special tokens get of attention and of norms: by hand, over records, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses.norms.all_records import SHARES, aggregate
from attnatlas.analyses.norms.record import lengths, shares
from attnatlas.capture import AttentionMap, Token
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Table
from scipy.stats import spearmanr


def tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(word, special=word.startswith("[")) for word in text.split())


def made(text: str, seed: int = 0, causal: bool = False) -> tuple[AttentionMap, np.ndarray]:
    """Return a map of two layers and three heads, and the length of f(x) [layer, head, key]."""
    rng, shown = np.random.default_rng(seed), tokens(text)
    scores = rng.normal(size=(2, 3, len(shown), len(shown)))
    if causal:
        scores[..., np.triu(np.ones(scores.shape[2:], bool), 1)] = -np.inf
    powers = np.exp(scores)
    weights = (powers / powers.sum(-1, keepdims=True)).astype(np.float32)
    vectors = rng.gamma(2, size=(2, 3, len(shown)))
    return AttentionMap("self", shown, shown, weights, causal=causal), vectors


def test_shares_are_those_counted_by_hand() -> None:
    part, vectors = made("[CLS] a b c [SEP]")
    norms = (part.weights * vectors[:, :, None]).astype(np.float32)
    rows = list(shares(part, norms, norms.sum(1)))
    assert [row[:3] for row in rows] == [("self", layer, "special tokens") for layer in range(2)]
    for layer, (*_, attention, norm, summed, order) in enumerate(rows):
        weights, values = part.weights[layer], norms[layer]
        assert attention == pytest.approx(weights[..., [0, 4]].sum(-1).mean(), rel=1e-5)
        share = values[..., [0, 4]].sum(-1) / values.sum(-1)
        assert norm == pytest.approx(share.mean(), rel=1e-5)
        total = values.sum(0)
        assert summed == pytest.approx((total[:, [0, 4]].sum(-1) / total.sum(-1)).mean(), rel=1e-5)
        by_head = [
            spearmanr(weights[head].mean(0), vectors[layer, head]).statistic for head in range(3)
        ]
        assert order == pytest.approx(np.mean(by_head), rel=1e-5)
        np.testing.assert_allclose(lengths(weights, values), vectors[layer], rtol=1e-5)


def test_without_special_tokens_the_first_stands_for_them_and_its_own_row_does_not_count() -> None:
    part, vectors = made("a b c d", causal=True)
    norms = (part.weights * vectors[:, :, None]).astype(np.float32)
    rows = list(shares(part, norms, norms.sum(1)))
    assert {row[2] for row in rows} == {"the first token"}
    assert rows[0][3] == pytest.approx(part.weights[0, :, 1:, 0].mean(), rel=1e-5)


def test_nothing_is_said_where_all_keys_are_special_or_none_are_in_cross_attention() -> None:
    part, _ = made("[CLS] [SEP]")
    assert list(shares(part, part.weights, part.weights[:, 0])) == []
    part, _ = made("a b c")
    part = replace(part, kind="cross")
    assert list(shares(part, part.weights, part.weights[:, 0])) == []


def records(
    count: int, attention: float, norm: float, order: float | None, spread: float = 0.01
) -> list[tuple[Record, dict[str, Result]]]:
    record_results = []
    for number in range(count):
        noise = spread * (-1) ** number * np.array([[1, -1], [1, -1]])
        rows = tuple(
            (
                "self", layer, "special tokens", attention + noise[layer, 0],
                norm + noise[layer, 1], norm, order,
            )
            for layer in range(2)
        )  # fmt: skip
        result = Result("norms", tables={"shares": Table(SHARES, rows)})
        record_results.append((Record(f"r{number}", "text"), {"norms": result}))
    return record_results


@pytest.mark.parametrize(
    ("attention", "norm", "order", "levels", "words"),
    [
        (0.7, 0.2, -0.5, ("holds", "holds"), "they get 70% of the attention and 20% of"),
        (0.2, 0.7, 0.5, ("does not hold", "does not hold"), "20% of the attention and 70% of"),
        (0.5, 0.47, -0.03, ("does not hold", "does not hold"), "50% of the attention and 47% of"),
    ],
)
def test_sentences_say_what_the_numbers_do(
    attention: float, norm: float, order: float, levels: tuple[str, str], words: str
) -> None:
    share, rank = aggregate(records(12, attention, norm, order)).findings
    assert (share.level, rank.level) == levels
    assert words in share.sentence
    assert share.sentence.startswith("Attention overstates what special tokens hand on: ")
    assert share.n == rank.n == 12
    assert share.value == pytest.approx(norm, abs=0.01)
    assert share.interval is not None
    assert share.null is not None
    assert share.interval[0] <= norm + 0.01
    assert share.null[0] <= attention + 0.01
    assert rank.null == (0.0, 0.0)


def test_noise_is_no_finding_and_one_record_no_judgement() -> None:
    [share] = aggregate(records(12, 0.4, 0.4, None, spread=0.2)).findings
    assert share.level == "undecided"
    [only] = aggregate(records(1, 0.7, 0.2, None)).findings
    assert only.level == "described"
    assert "overstates" not in only.sentence
    assert only.interval is None


def test_without_norms_nothing_is_said() -> None:
    assert aggregate([(Record("r", "text"), {})]).empty
