"""Anchors: planted agreement is found, shuffled tokens are not, and small cases are exact."""

import itertools

import numpy as np
import pytest
from attnatlas.analyses import agreement as methods
from attnatlas.analyses import anchors
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Scores
from attnatlas.statistics.ranks import agreement, fisher, speaking
from scipy.stats import kendalltau, spearmanr

from tests.analyses.small_maps import words

TEXT = "[CLS] " + " ".join(f"w{n}" for n in range(20)) + " [SEP]"
TOKENS = words(TEXT)
METHOD = "integrated_gradients"


def planted(seed, noise):
    """Return a capture whose answer attends as `saliency` says, as far as the noise lets it."""
    rng = np.random.default_rng(seed)
    saliency = rng.gamma(1.0, size=len(TOKENS))
    scores = np.log(saliency + 1e-3) + noise * rng.normal(size=len(TOKENS))
    row = np.exp(scores) / np.exp(scores).sum()
    weights = np.tile(row, (2, 3, len(TOKENS), 1)).astype(np.float32)
    part = AttentionMap("self", TOKENS, TOKENS, weights)
    capture = Capture(ModelInfo("m", "encoder"), Record(f"r{seed}", TEXT), (part,))
    signs = rng.choice([-1, 1], len(TOKENS))
    scores = Scores(METHOD, (saliency * signs).astype(np.float32))
    return capture, {"saliency": Result("saliency", scores=(scores,))}


def shuffled(seed):
    capture, results = planted(seed, 0)
    [scores] = results["saliency"].scores
    values = np.random.default_rng(1000 + seed).permutation(scores.values)
    return capture, {"saliency": Result("saliency", scores=(Scores(METHOD, values),))}


def record_results(pairs):
    return [(c.record, {"anchors": anchors.compute(c, results)}) for c, results in pairs]


def finding(result, name):
    [found] = [one for one in result.findings if one.id == name]
    return found


def verdict_of(result, view="rollout"):
    """Return the word in the table, of one text; a sentence about one text makes no claim."""
    rows = (
        dict(zip(anchors.AGREEMENT, row, strict=True)) for row in result.tables["agreement"].rows
    )
    [row] = [row for row in rows if (row["view"], row["method"]) == (view, METHOD)]
    return row["beyond_chance"]


def test_what_speaks_against_the_answer_is_no_anchor_of_it():
    values = np.array([5.0, -4.0, 0.1, 0.0, 0.2, -0.1, 3.0, 0.3, 0.1, -0.2])
    attention = np.array([0.2, 0.3, 0.01, 0.02, 0.0, 0.05, 0.1, 0.01, 0.0, 0.0])
    assert anchors.signed_anchors(values, attention, 2) == ((0,), (1,))
    assert anchors.signed_anchors(-values, attention, 2) == ((1,), (0,))
    assert speaking(values, 3) == ([0, 6], [1])
    slivers = np.array([3.0, 0.6, -0.01, -0.02, 0.5])  # the strongest of few against is no weight
    assert anchors.signed_anchors(slivers, np.array([0.2, 0.1, 0.3, 0.3, 0.1]), 3) == ((0,), ())
    assert speaking(np.abs(values), 3) == ([0, 1, 6], [])
    capture, results = planted(3, 0)
    [scores] = results["saliency"].scores
    found = anchors.compute(capture, results)
    rows = [row for row in found.tables["anchors"].rows if row[0] == "rollout"]
    assert {row[3] for row in rows} == {"for", "against"}
    for _, _, token, speaks in rows:
        assert (scores.values[token] > 0) == (speaks == "for")
    said = finding(found, METHOD).statement
    assert "in the top fifth of both, too, but speak" in said
    assert all(f"“{TOKENS[token].text}”" in said for _, _, token, _ in rows)


def test_planted_anchors_are_found_in_a_record_and_over_the_corpus():
    capture, results = planted(3, 0.2)
    found = anchors.compute(capture, results)
    assert verdict_of(found) == "yes"
    over = anchors.aggregate(record_results(planted(seed, 0.8) for seed in range(20)))
    for name in (f"{METHOD}-top",):
        said = finding(over, name)
        assert said.level == "holds"
        assert said.n == 20
        assert said.interval[0] > said.null[1]


def test_shuffled_saliency_is_not_found():
    over = anchors.aggregate(record_results(shuffled(seed) for seed in range(20)))
    for name in (f"{METHOD}-top",):
        said = finding(over, name)
        assert said.level != "holds"
    verdicts = [verdict_of(anchors.compute(*shuffled(seed))) for seed in range(40)]
    assert verdicts.count("yes") <= 4


def test_attention_turned_round_is_contradicted():
    capture, results = planted(3, 0)
    [scores] = results["saliency"].scores
    turned = Scores(METHOD, (1 / np.abs(scores.values)).astype(np.float32))
    found = anchors.compute(capture, {"saliency": Result("saliency", scores=(turned,))})
    assert verdict_of(found) == "no"


def test_gradient_weighted_relevance_is_compared_as_rollout_is():
    capture, results = planted(3, 0.2)
    [scores] = results["saliency"].scores
    values = np.random.default_rng(9).permutation(np.abs(scores.values))
    for relevance, verdict in (
        (np.abs(scores.values), "yes"),
        (values, "no"),
    ):
        given = Result("relevance", scores=(Scores("relevance", relevance),))
        found = anchors.compute(capture, {**results, "relevance": given})
        said = finding(found, f"{METHOD}-relevance")
        assert (verdict_of(found, "relevance") == "yes") == (verdict == "yes")
        assert said.level == "described"
        assert "gradient-weighted relevance" in said.statement
        assert verdict_of(found) == "yes"
        rows = [row for row in found.tables["agreement"].rows if row[0] == "relevance"]
        [row] = [dict(zip(anchors.AGREEMENT, row, strict=True)) for row in rows]
        inside = slice(1, -1)
        pair = (relevance[inside], np.abs(scores.values)[inside])
        assert row["spearman"] == pytest.approx(spearmanr(*pair).statistic)
        assert row["kendall"] == pytest.approx(kendalltau(*pair).statistic)
        assert (row["n"], row["k"]) == (20, 4)


def test_both_views_are_judged_over_all_records():
    def given(seed):
        capture, results = planted(seed, 0.8)
        values = np.random.default_rng(500 + seed).random(len(TOKENS)).astype(np.float32)
        relevance = Result("relevance", scores=(Scores("relevance", values),))
        return capture, {**results, "relevance": relevance}

    pairs = [given(seed) for seed in range(20)]
    tops = anchors.aggregate(record_results(pairs))
    assert finding(tops, f"{METHOD}-top").level == "holds"
    assert finding(tops, f"{METHOD}-relevance-top").level in {"does not hold", "undecided"}
    orders = methods.compute(
        (c.record, {**results, "anchors": anchors.compute(c, results)}) for c, results in pairs
    )
    assert finding(orders, f"rollout-{METHOD}").level == "holds"
    assert finding(orders, f"relevance-{METHOD}").level in {"does not hold", "undecided"}


def test_special_tokens_take_no_part():
    capture, results = planted(3, 0.2)
    [scores] = results["saliency"].scores
    loud = scores.values.copy()
    loud[[0, -1]] = 1000
    again = anchors.compute(
        capture, {"saliency": Result("saliency", scores=(Scores(METHOD, loud),))}
    )
    assert again.tables == anchors.compute(capture, results).tables


def test_agreement_equals_scipy_and_counts_the_top_of_both():
    rng = np.random.default_rng(5)
    one, other = rng.normal(size=22), rng.normal(size=22)
    found = agreement(one, other)
    assert found.spearman == pytest.approx(spearmanr(one, other).statistic)
    assert found.kendall == pytest.approx(kendalltau(one, other).statistic)
    assert (found.n, found.k) == (22, 5)
    top = set(np.argsort(-one)[:5]) & set(np.argsort(-other)[:5])
    assert set(found.top) == top
    assert found.chance == pytest.approx(25 / 22)


def test_the_null_is_that_of_all_permutations():
    one = np.arange(6.0)
    every = [spearmanr(one, order).statistic for order in itertools.permutations(one)]
    low, high = np.quantile(every, (0.025, 0.975))
    found = agreement(one, one[::-1])
    assert found.null == pytest.approx((low, high), abs=0.08)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    truth, covered = 0.5, 0
    pearson = 2 * np.sin(np.pi * truth / 6)  # of a normal pair with this rank correlation
    for _ in range(400):
        pair = rng.multivariate_normal([0, 0], [[1, pearson], [pearson, 1]], 30)
        low, high = fisher(spearmanr(*pair.T).statistic, 30)
        covered += low <= truth <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_short_and_flat_texts_are_left_alone():
    assert agreement(np.arange(4.0), np.arange(4.0)) is None
    assert agreement(np.ones(9), np.arange(9.0)) is None
    assert anchors.compute(planted(0, 0)[0], {}).empty
    assert anchors.aggregate([]).findings == ()
