"""Chance under a causal mask: against a brute-force loop, and a model that only has the mask."""

import numpy as np
import pytest
from attnatlas.analyses import agreement, anchors, masked_null, semantic
from attnatlas.analyses.attention_views import views
from attnatlas.analyses.rollout import fused, with_residual
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Scores
from scipy.stats import spearmanr

from tests.analyses.small_maps import words

LENGTH = 12
TOKENS = words(" ".join(f"w{n}" for n in range(LENGTH)))
METHOD = "integrated_gradients"


def causal(seed, layers=3, heads=2, sharp=1.0):
    """Return a capture whose rows put weight at random on the tokens that they may see."""
    rng = np.random.default_rng(seed)
    scores = sharp * rng.normal(size=(layers, heads, LENGTH, LENGTH))
    scores = np.where(np.tril(np.ones((LENGTH, LENGTH), bool)), scores, -np.inf)
    weights = np.exp(scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    part = AttentionMap("self", TOKENS, TOKENS, weights.astype(np.float32), causal=True)
    text = "".join(token.text for token in TOKENS)
    return Capture(ModelInfo("m", "decoder"), Record(f"r{seed}", text), (part,))


def by_hand(part, rng):
    """Return the rollout of the last row with every row of every layer shuffled, by plain loops."""
    current = np.eye(LENGTH)
    for layer in part.weights.astype(np.float64):
        mean = sum(layer) / len(layer)
        step = np.zeros((LENGTH, LENGTH))
        for query in range(LENGTH):
            order = rng.permutation(query + 1)
            for key in range(query + 1):
                step[query, key] = mean[query, order[key]]
            step[query, query] += 1
            step[query] /= step[query].sum()
        current = step @ current
    return current[-1]


def test_the_null_of_rollout_is_that_of_a_brute_force_loop():
    part = causal(0).maps[0]
    rng = np.random.default_rng(5)
    many = np.array([by_hand(part, rng) for _ in range(600)])
    found = masked_null.followed(
        fused(part.weights), masked_null.allowed(part), LENGTH - 1, with_residual
    )
    assert found.shape == (100, LENGTH)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    error = many.std(axis=0) * np.sqrt(1 / 100 + 1 / 600)
    assert (np.abs(found.mean(axis=0) - many.mean(axis=0)) < 4 * error + 1e-9).all()
    assert found.mean(axis=0)[0] > 2 * found.mean(axis=0)[6]  # the mask alone favours the first


def saliency(capture, rng, early):
    """Return saliency that falls from the first token on, as far as `early` says, and noise."""
    fall = -early * np.arange(LENGTH) / LENGTH
    values = np.exp(fall + 0.5 * rng.normal(size=LENGTH))
    return {"saliency": Result("saliency", scores=(Scores(METHOD, values.astype(np.float32)),))}


def entries(count, early=3.0):
    rng = np.random.default_rng(1)
    for seed in range(count):
        capture = causal(seed, sharp=0.3)
        results = saliency(capture, rng, early)
        yield capture.record, {**results, "anchors": anchors.compute(capture, results)}


def test_a_habit_of_early_tokens_that_the_mask_gives_is_no_finding():
    """Attention at random within the mask and saliency that falls with the place: no more."""
    found = list(entries(20))
    result = anchors.aggregate(found)
    [top] = [one for one in result.findings if one.id == f"{METHOD}-top"]
    assert top.value > 3 / LENGTH + 0.1  # more than shuffled tokens would share
    assert top.level != "holds"
    assert "each row in random order over the tokens it may see" in top.null_says
    [said] = [one for one in agreement.compute(found).findings if "rollout" in one.id]
    assert said.value > 0.3
    assert said.level != "holds"
    assert said.null[0] > 0.1


def test_what_goes_beyond_the_mask_is_found_under_it():
    rng = np.random.default_rng(2)
    found = []
    for seed in range(20):
        capture = causal(seed, sharp=2.0)
        rolled = views(capture, {})["rollout"]
        values = rolled * np.exp(0.2 * rng.normal(size=LENGTH))
        given = Result("saliency", scores=(Scores(METHOD, values.astype(np.float32)),))
        results = {"saliency": given}
        found.append((capture.record, {**results, "anchors": anchors.compute(capture, results)}))
    [top] = [one for one in anchors.aggregate(found).findings if one.id == f"{METHOD}-top"]
    assert top.level == "holds"


def test_the_null_of_heads_is_that_of_shuffled_rows():
    capture = causal(3)
    [part] = capture.maps
    received = masked_null.received(part, LENGTH)
    assert received.shape == (100, 3, 2, LENGTH)
    rng = np.random.default_rng(7)
    rows = part.weights[1, 0]
    by_loop = np.array(
        [
            sum(
                np.pad(rng.permutation(rows[q, : q + 1]), (0, LENGTH - q - 1))
                for q in range(LENGTH)
            )
            / (LENGTH - np.arange(LENGTH))
            for _ in range(600)
        ]
    )
    error = by_loop.std(axis=0) * np.sqrt(1 / 100 + 1 / 600)
    assert (np.abs(received[:, 1, 0].mean(0) - by_loop.mean(0)) < 4 * error + 1e-9).all()
    values = np.random.default_rng(0).exponential(size=LENGTH).astype(np.float32)
    given = {"saliency": Result("saliency", scores=(Scores(METHOD, values),))}
    drawn = semantic.compute(capture, given).partial("null.self").values
    entry = {**given, "semantic": semantic.compute(capture, given)}
    result = semantic.aggregate([(Record(str(n), "t"), entry) for n in range(6)])
    assert {grid.kind for grid in result.grids} == {"self"}
    expected = spearmanr(received[0, 1, 0], values).statistic
    assert drawn[0, 1, 0] == pytest.approx(expected, abs=1e-5)
