"""How far methods agree: against scipy, planted agreement, shuffled texts, and methods to come."""

import numpy as np
import pytest
from attnatlas.analyses import agreement, rollout
from attnatlas.analyses.agreement import attributions
from attnatlas.analyses.analysis import RecordAnalysis
from attnatlas.analyses.attention_views import VIEWS
from attnatlas.analyses.compared_ranks import measured
from attnatlas.analyses.method_pairs import PAIRS
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Scores, Table
from attnatlas.results.wording import correlation
from scipy.stats import kendalltau, spearmanr

from tests.plugins import installed

TOKENS = 14


def record(rng, link, extra=()):
    """Return a record whose rollout follows integrated gradients as far as `link` says."""
    base = rng.normal(size=TOKENS + 2)
    mixed = link * base + (1 - link) * rng.normal(size=TOKENS + 2)
    content = tuple((place,) for place in range(1, TOKENS + 1))
    saliency = (
        scores("integrated_gradients", np.exp(base) * rng.choice([-1, 1], TOKENS + 2)),
        scores("gradient", np.exp(rng.normal(size=TOKENS + 2))),
    )
    tables = {"content": Table(("token",), content)}
    return Record("r", "text"), {
        "flow": Result("flow", scores=(scores("bound", base),)),
        "saliency": Result("saliency", scores=saliency),
        "contrast": Result("contrast", scores=(scores("contrast.gradient", base),)),
        "anchors": Result("anchors", tables=tables, scores=(scores("rollout", np.exp(mixed)),)),
        **{name: Result(name, scores=(scores(name, np.exp(base)),)) for name in extra},
    }


def scores(name, values):
    return Scores(name, np.asarray(values, dtype=np.float32))


def record_results(link, count=20, extra=()):
    rng = np.random.default_rng(3)
    return [record(rng, link, extra) for _ in range(count)]


def pair(result, one, other):
    rows = [dict(zip(PAIRS, row, strict=True)) for row in result.tables["pairs"].rows]
    [found] = [row for row in rows if (row["one"], row["other"]) == (one, other)]
    return found


def test_the_measures_are_those_of_scipy_with_ties_and_without():
    rng = np.random.default_rng(0)
    values = np.vstack([rng.normal(size=(3, 13)), rng.integers(0, 4, (2, 13))]).astype(float)
    spearman, kendall, overlap = measured(values)
    for i in range(5):
        for j in range(5):
            pairs = values[i], values[j]
            assert spearman[i, j] == pytest.approx(spearmanr(*pairs).statistic)
            assert kendall[i, j] == pytest.approx(kendalltau(*pairs).statistic)
    tops = [set(np.argsort(-line, kind="stable")[:3]) for line in values]
    assert overlap[0, 1] == pytest.approx(len(tops[0] & tops[1]) / 3)


def test_planted_agreement_is_found():
    result = agreement.compute(record_results(0.8))
    row = pair(result, "rollout", "integrated_gradients")
    assert (row["n"], row["beyond_chance"]) == (20, "yes")
    assert row["low"] > row["null_high"]
    [said] = [one for one in result.findings if one.id == "rollout-integrated_gradients"]
    assert said.level == "holds"
    assert said.statement.startswith(
        "Attention rollout and integrated gradients rank words alike, more than chance: rank corr"
    )


def test_methods_that_have_nothing_in_common_agree_no_more_than_chance():
    rng, beyond = np.random.default_rng(1), []
    for _ in range(30):
        result = agreement.compute([record(rng, 0.0) for _ in range(12)])
        row = pair(result, "rollout", "integrated_gradients")
        beyond.append(row["beyond_chance"])
        assert row["null_low"] < 0 < row["null_high"]
        assert row["null_high"] == pytest.approx(1.96 / np.sqrt(12 * (TOKENS - 1)), rel=0.2)
    assert beyond.count("yes") <= 1
    [said] = [
        f for f in agreement.compute(record_results(0.0)).findings if f.id.startswith("rollout-")
    ]
    assert said.level in ("undecided", "does not hold")
    assert "rank words alike, more than chance" in said.sentence


def test_methods_that_are_turned_round_agree_less_than_chance():
    turned = [
        (r, {**found, "anchors": _with(found["anchors"], 1 / found["anchors"].scores[0].values)})
        for r, found in record_results(1.0)
    ]
    result = agreement.compute(turned)
    assert pair(result, "rollout", "integrated_gradients")["beyond_chance"] == "no"


def _with(result, values):
    return Result("anchors", tables=result.tables, scores=(scores("rollout", values),))


def test_only_pairs_that_do_not_share_their_arithmetic_are_summed_up():
    """Two gradients are alike in any model: the closest pair is of attention and saliency."""
    result = agreement.compute(record_results(0.8))
    said = next(one for one in result.findings if one.id == "pairs")
    rows = [dict(zip(PAIRS, row, strict=True)) for row in result.tables["pairs"].rows]
    mixed = [row for row in rows if (row["one"] in VIEWS) != (row["other"] in VIEWS)]
    assert 1 < len(mixed) < len(rows)
    agree = sum(row["beyond_chance"] == "yes" for row in mixed)
    assert (said.value, said.among) == (agree, len(mixed))
    numbers = sorted(row["spearman"] for row in mixed)
    assert said.sentence.startswith(f"Of {len(mixed)} pairs of attention and saliency, ")
    assert f"({correlation(numbers[-1])}), farthest" in said.sentence
    assert said.sentence.endswith(f"({correlation(numbers[0])}).")


def test_correlations_are_said_with_the_digits_that_hold():
    numbers = (0.473, -0.0005, 0.0016, -0.099, 1.0, 0.996, -0.006)
    assert [correlation(one) for one in numbers] == [
        "0.47", "0.00", "0.00", "−0.10", "1.00", "1.00", "−0.01",
    ]  # fmt: skip


def test_a_method_that_comes_later_takes_part_and_has_its_sentence():
    words = dict.fromkeys(("title", "about", "reading", "limits", "cite"), "")
    later = RecordAnalysis(
        name="relevance_of_tomorrow", **words, compute=rollout.compute, method=True
    )
    found = record_results(0.5, extra=("relevance_of_tomorrow",))
    assert "relevance_of_tomorrow" not in attributions(found[0][1])
    with installed(later):
        result = agreement.compute(found)
    row = pair(result, "relevance_of_tomorrow", "integrated_gradients")
    assert row["spearman"] == pytest.approx(1)
    assert any(
        f.statement.startswith("Relevance of tomorrow and integrated gradients rank words alike")
        for f in result.findings
    )
    assert pair(result, "rollout", "relevance_of_tomorrow")["n"] == 20


def test_what_is_not_about_the_answer_takes_no_part():
    _, results = record_results(0.5)[0]
    assert set(attributions(results)) == {"rollout", "integrated_gradients", "gradient"}
    short = {**results, "cross": Result("cross", scores=(scores("cross", range(3)),))}
    assert set(attributions(short)) == set(attributions(results))


def test_special_tokens_take_no_part():
    _, results = record_results(0.5)[0]
    values = results["anchors"].scores[0].values.copy()
    values[[0, -1]] = 1000
    loud = {**results, "anchors": _with(results["anchors"], values)}
    np.testing.assert_array_equal(attributions(loud)["rollout"], attributions(results)["rollout"])


def test_one_text_is_described_and_none_says_nothing():
    one = agreement.compute(record_results(0.9, count=1))
    assert {row[-1] for row in one.tables["pairs"].rows} == {"open"}
    assert all(f.interval is None and f.level == "described" for f in one.findings)
    assert "too few texts to tell chance" in one.findings[-1].statement
    assert agreement.compute([]).empty
    assert agreement.compute([(Record("r", "t"), {})]).empty


def test_the_same_texts_give_the_same_numbers():
    assert agreement.compute(record_results(0.3)) == agreement.compute(record_results(0.3))
