"""Erasure against an independent re-implementation, a model that reads one word, and chance."""

import math

import numpy as np
import pytest
import torch
from attnatlas.analyses import relevance, saliency
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.analyses.faithfulness.all_records import aggregate
from attnatlas.analyses.faithfulness.orders import (
    OTHER_ORDERS,
    method_sizes,
    random_orders,
    random_sizes,
    size,
    sizes,
)
from attnatlas.analyses.faithfulness.tables import AOPC, ASKED, TWIN
from attnatlas.corpus import Record
from attnatlas.probes import ExplainedInput
from attnatlas.probes.randomized_model import randomized_model
from attnatlas.results.shapes import Result, Table
from attnatlas.results.wording import points, say
from scipy.stats import spearmanr

from tests.probes.conftest import asked  # noqa: F401


def test_sizes_are_the_ceilings_with_equal_ones_merged():
    assert sizes(100) == [1, 5, 10, 20, 50]
    assert sizes(9) == [1, 2, 5]
    assert sizes(22) == [1, 2, 3, 5, 11]
    for n in range(1, 300):
        assert sizes(n) == sorted({math.ceil(p * n / 100) for p in (1, 5, 10, 20, 50)})


def test_a_long_text_is_asked_about_fewer_shares():
    assert random_sizes(11, 13) == sizes(11)
    assert random_sizes(22, 24) == [2, 3, 11]
    assert random_sizes(62, 64) == [7, 31]
    assert random_sizes(118, 120) == [12]
    assert method_sizes(22, 24, 7) == sizes(22)
    for tokens in range(7, 600):
        n = tokens - 2
        assert set(random_sizes(n, tokens)) <= set(method_sizes(n, tokens, 7)) <= set(sizes(n))
        assert size(0.1, n) in random_sizes(n, tokens)


def test_every_text_has_orders_of_its_own_and_as_many():
    one, other = (random_orders(ids, 9) for ids in ((1, 2, 3), (1, 2, 4)))
    assert one.shape == other.shape == (50, 9)
    assert (np.sort(one, axis=1) == np.arange(9)).all()
    assert (one != other).any()
    assert (one == random_orders((1, 2, 3), 9)).all()
    firsts = np.bincount(random_orders((5,), 4, 4000)[:, 0], minlength=4)
    assert np.abs(firsts / 4000 - 0.25).max() < 0.04


def erased_by_hand(loaded, ids, places, at):
    ids = [loaded.tokenizer.mask_token_id if n in places else i for n, i in enumerate(ids)]
    with torch.no_grad():
        return float(loaded.model(torch.tensor([ids])).logits[0].softmax(-1)[at])


def naive(loaded, capture):
    """Return a function: an order of places -> the falls without k and with k alone, by k."""
    tokens = capture.maps[0].queries
    ids = [token.id for token in tokens]
    content = [place for place, token in enumerate(tokens) if not token.special]
    at = int(np.argmax(list(capture.prediction["labels"].values())))
    full = erased_by_hand(loaded, ids, (), at)

    def falls(order, k):
        return (
            full - erased_by_hand(loaded, ids, order[:k], at),
            full - erased_by_hand(loaded, ids, order[k:], at),
        )

    return content, falls


def test_aopc_and_the_bins_of_eraser_equal_an_independent_implementation(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    found = saliency.compute(capture, loaded, {})
    given = {"saliency": found, "relevance": relevance.compute(capture, loaded, {})}
    result = faithfulness.compute(capture, loaded, given)
    aopc = {row[0]: row[1:] for row in result.tables["aopc"].rows}
    content, falls = naive(loaded, capture)
    assert set(aopc) >= {"integrated_gradients", "relevance", "rollout"}
    for scores in (*found.scores, *given["relevance"].scores):
        order = sorted(content, key=lambda place: -scores.values[place])
        bins = [-(-p * len(content) // 100) for p in (1, 5, 10, 20, 50)]
        merged = [falls(order, k) for k in sorted(set(bins))]
        eraser = [falls(order, k) for k in bins]
        expected = (*np.mean(merged, axis=0), *np.mean(eraser, axis=0))
        assert aopc[scores.name] == pytest.approx(expected, abs=1e-5), scores.name


def test_what_is_masked_is_deleted_too_at_a_fifth(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    given = {"saliency": saliency.compute(capture, loaded, {})}
    rows = faithfulness.compute(capture, loaded, given).tables["otherwise"].rows
    named = {name: value for name, by, value in rows if by == "deletion"}
    assert list(named) == ["integrated_gradients", "rollout", "attention", *range(OTHER_ORDERS)]
    content, _ = naive(loaded, capture)
    [scores] = [one for one in given["saliency"].scores if one.name == "integrated_gradients"]
    first = sorted(content, key=lambda place: -scores.values[place])
    gone = set(first[: -(-len(content) // 5)])
    ids = [token.id for at, token in enumerate(capture.maps[0].queries) if at not in gone]
    at = int(np.argmax(list(capture.prediction["labels"].values())))
    whole = erased_by_hand(loaded, [token.id for token in capture.maps[0].queries], (), at)
    expected = whole - erased_by_hand(loaded, ids, (), at)
    assert named["integrated_gradients"] == pytest.approx(expected, abs=1e-5)


def test_the_band_of_chance_is_that_of_many_more_orders(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    given = {"saliency": saliency.compute(capture, loaded, {})}
    result = faithfulness.compute(capture, loaded, given)
    drawn = np.array([row[1] for row in result.tables["random"].rows])
    content, falls = naive(loaded, capture)
    ks = sorted({-(-p * len(content) // 100) for p in (1, 5, 10, 20, 50)})
    rng = np.random.default_rng(9)
    orders = [list(map(int, rng.permutation(content))) for _ in range(200)]
    many = np.array([[falls(order, k)[0] for k in ks] for order in orders])
    error = many.mean(axis=1).std() * np.sqrt(1 / 50 + 1 / 200)
    assert abs(drawn.mean() - many.mean()) < 3 * error
    assert 0.6 < drawn.std() / many.mean(axis=1).std() < 1.6
    for k, _, mean, low, high, *_ in result.tables["chance"].rows:
        column = many[:, ks.index(k)]
        assert abs(mean - column.mean()) < 3 * column.std() * np.sqrt(1 / 50 + 1 / 200)
        assert low <= np.median(column) <= high


def test_relevance_is_held_against_a_model_with_shuffled_weights(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    given = {"saliency": saliency.compute(capture, loaded, {})}
    given["relevance"] = relevance.compute(capture, loaded, {})
    result = faithfulness.compute(capture, loaded, given)
    rows = {row[0]: row[2] for row in result.tables["weights"].rows}
    assert rows.keys() == {"gradient", "gradient_x_input", "relevance"}
    explained = ExplainedInput.of(loaded, capture)
    other = relevance.of_answer(
        ExplainedInput(randomized_model(loaded), capture, explained.target), capture
    )
    places = list(explained.content)
    pair = (given["relevance"].scores[0].values[places], other[places])
    assert rows["relevance"] == pytest.approx(spearmanr(*pair).statistic)


def test_the_same_orders_come_out_every_time(asked):  # noqa: F811
    loaded, capture = asked("gpt2")
    found = {"saliency": saliency.compute(capture, loaded, {})}
    assert faithfulness.compute(capture, loaded, found) == faithfulness.compute(
        capture, loaded, found
    )


def test_a_text_of_few_tokens_and_a_model_without_an_answer_are_left_out(asked):  # noqa: F811
    loaded, capture = asked("bert")
    assert saliency.compute(capture, loaded, {}).empty
    assert faithfulness.compute(capture, loaded, {}).empty


def entry(number, gain, rng, by="the mask token"):
    """Return a record whose rollout takes more from the answer than random orders, by `gain`."""
    random = tuple((n, *rng.normal(0.1, 0.05, 4)) for n in range(50))
    found = ("rollout", *(rng.normal(0.1, 0.02, 4) + np.array([gain, -gain, gain, -gain])))
    tables = {
        "asked": Table(ASKED, (("the answer", 0.9, "probability", by, 50, 300),)),
        "aopc": Table(AOPC, (found,)),
        "random": Table(AOPC, random),
    }
    return Record(str(number), "text"), {"faithfulness": Result("faithfulness", tables=tables)}


@pytest.mark.parametrize(
    ("gain", "level"), [(0.2, "holds"), (0.05, "undecided"), (0.0, "does not hold")]
)
def test_an_order_is_judged_against_random_ones(gain, level):
    rng = np.random.default_rng(1)
    [found] = aggregate([entry(number, gain, rng) for number in range(40)]).findings
    assert found.level == level
    assert found.n == 40


def test_the_sentence_says_points_and_the_band_is_the_spread_of_the_mean():
    rng = np.random.default_rng(2)
    entries = [entry(number, 0.3, rng) for number in range(30)]
    [found] = aggregate(entries).findings
    falls = points(found.value), points(np.mean(found.null))
    first = "Hiding the words that attention rollout ranks first"
    assert found.statement == (
        f"{first} costs the answer at least five points more than hiding random ones: {falls[0]} "
        f"points, against {falls[1]}."
    )
    assert found.plain == (
        f"{first} lowers the answer’s probability by {falls[0]} points; hiding random ones, by "
        f"{falls[1]}."
    )
    assert np.diff(found.null)[0] == pytest.approx(2 * 1.96 * 0.05 / np.sqrt(30), rel=0.2)
    deleted = aggregate([entry(number, 0.3, rng, "deletion") for number in range(5)]).findings
    assert deleted[0].statement.startswith("Deleting the words")


def weights(values):
    for number, value in enumerate(values):
        rows = (("gradient", 12, value),)
        tables = {"weights": Table(TWIN, rows)}
        yield Record(str(number), "t"), {"faithfulness": Result("faithfulness", tables=tables)}


def test_a_check_with_shuffled_weights_is_no_verdict():
    values = np.random.default_rng(0).normal(0.4, 0.1, 30)
    [found] = aggregate(list(weights(values))).findings
    assert found.level == "described"
    assert f"(rank correlation {say(found.value)}), so it depends" in found.statement
    assert found.value == pytest.approx(values.mean())
