"""The semantic score: planted heads are found, shuffled saliency is not, and scipy agrees."""

import numpy as np
import pytest
from attnatlas.analyses import semantic
from attnatlas.analyses.attention_views import received_share
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Scores
from scipy.stats import binom, spearmanr

from tests.analyses.small_maps import random_map, softmax, words


def made(seed, planted=True, causal=False, length=14):
    """Return a capture with saliency; head L1H0 receives as saliency says, if planted."""
    random = np.random.default_rng(seed)
    text = "[CLS] " + " ".join(f"w{n}" for n in range(length + seed % 3)) + " [SEP]"
    part = random_map(text, layers=2, heads_=3, seed=seed, causal=causal)
    saliency = random.normal(size=len(part.keys))
    weights = part.weights.copy()
    if planted:
        scores = np.tile(np.log(np.abs(saliency)), (len(saliency), 1))
        scores = scores + random.normal(0, 0.5, scores.shape)
        weights[1, 0] = softmax(np.where(weights[0, 0] > 0, scores, -np.inf))
    part = AttentionMap("self", part.queries, part.keys, weights, causal)
    capture = Capture(ModelInfo("m", "encoder"), Record(f"r{seed}", text), (part,))
    found = Result("saliency", scores=(Scores("gradient", saliency.astype(np.float32)),))
    return capture, found


def record_results(pairs):
    return [
        (capture.record, {"semantic": semantic.compute(capture, {"saliency": found})})
        for capture, found in pairs
    ]


def said(result):
    return {finding.id: finding for finding in result.findings}


def test_every_correlation_is_what_scipy_finds():
    pairs = [made(seed) for seed in range(6)]
    (grid,) = semantic.aggregate(record_results(pairs)).grids
    by_hand = np.zeros((len(pairs), 2, 3))
    for number, (capture, found) in enumerate(pairs):
        magnitude = np.abs(found.scores[0].values[1:-1])
        received = capture.maps[0].weights.sum(axis=2)[..., 1:-1]
        for layer, head in np.ndindex(2, 3):
            by_hand[number, layer, head] = spearmanr(received[layer, head], magnitude).statistic
    np.testing.assert_allclose(grid.values[0], by_hand.mean(axis=0), atol=1e-6)
    assert set(grid.n.ravel()) == {6}


def test_a_planted_head_is_found():
    result = semantic.aggregate(record_results(made(seed) for seed in range(20)))
    best = said(result)["self-semantic-best"]
    assert best.statement.startswith("L1H0 attends to what the answer depends on, beyond chance:")
    assert best.level == "holds"
    assert "beyond chance" not in best.plain
    assert best.interval[0] > best.null[1]
    counted = said(result)["self-semantic"]
    assert counted.statement.startswith("1 of 6 heads attends more")
    assert (counted.value, counted.among) == (1, 6)


def test_random_attention_is_not_found():
    wrong = 0
    for trial in range(20):
        result = semantic.aggregate(
            record_results(made(100 * trial + seed, planted=False) for seed in range(12))
        )
        best = said(result)["self-semantic-best"]
        wrong += best.level == "holds"
        assert ("beyond chance" in best.sentence) == (best.level != "described")
    assert wrong <= 1


def test_first_tokens_of_a_causal_text_have_no_head_start():
    capture, _ = made(1, planted=False, causal=True)
    weights = np.tril(np.ones(capture.maps[0].weights.shape, dtype=np.float32))
    weights /= weights.sum(axis=-1, keepdims=True)
    tokens = capture.maps[0].queries
    part = AttentionMap("self", tokens, tokens, weights, True)
    shares = received_share(part)
    seen = weights.shape[-1] - np.arange(weights.shape[-1])
    np.testing.assert_allclose(shares[0, 0], weights[0, 0].sum(axis=0) / seen, rtol=1e-5)


def test_short_texts_flat_rows_and_texts_without_an_answer_say_nothing():
    capture, found = made(0, length=3)
    assert semantic.compute(capture, {"saliency": found}).empty
    assert semantic.compute(capture, {}).empty
    assert semantic.aggregate([]).empty
    assert semantic.aggregate([(Record("r", "t"), {"semantic": Result("semantic")})]).empty
    even = np.full((1, 1, 9, 9), 1 / 9, dtype=np.float32)
    tokens = words("[CLS] a b c d e f g [SEP]")
    flat = Capture(
        ModelInfo("m", "encoder"), Record("r", "t"), (AttentionMap("self", tokens, tokens, even),)
    )
    scores = Result("saliency", scores=(Scores("gradient", np.arange(9, dtype=np.float32)),))
    (grid,) = semantic.aggregate(record_results([(flat, scores)])).grids
    assert np.isnan(grid.values).all()
    assert grid.n.max() == 0


@pytest.mark.parametrize("records", [1, 2])
def test_few_records_are_not_judged(records):
    result = semantic.aggregate(record_results(made(seed) for seed in range(records)))
    assert {finding.level for finding in result.findings} <= {"described"}
    assert len(result.findings) == (0 if records == 1 else 2)


def test_what_luck_gives_is_a_distribution_and_not_its_mean():
    rng = np.random.default_rng(0)
    heads, shuffles = 32, 2000
    drawn = rng.normal(size=(shuffles, heads))
    more, less, by_luck = semantic.beyond_chance(np.append(np.full(3, 5.0), np.zeros(29)), drawn)
    assert (more, less) == (3, 0)
    assert by_luck.mean() == pytest.approx(0.05 * heads, rel=0.05)
    low, high = np.quantile(by_luck, (0.025, 0.975))
    assert (low, high) == (0, binom.ppf(0.975, heads, 0.05))  # 4, where the mean is 1.6


@pytest.mark.parametrize("causal", [False, True])
def test_chance_is_said_to_respect_the_mask_where_it_does(causal):
    over = semantic.aggregate(record_results(made(seed, causal=causal) for seed in range(8)))
    says = [said(over)[name].null_says for name in ("self-semantic", "self-semantic-best")]
    masked = "with the weights of each row in random order over the tokens it may see"
    for text in says:
        assert (masked in text) == causal
        assert ("the tokens of each text shuffled" in text) != causal
