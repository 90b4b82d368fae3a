"""Erasure against an independent re-implementation, a model that reads one word, and chance."""

import math

import numpy as np
import pytest
import torch
from attnatlas.analyses import relevance, saliency
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.analyses.faithfulness.all_records import aggregate
from attnatlas.analyses.faithfulness.record import questions, sizes
from attnatlas.corpus import Record
from attnatlas.probes import ExplainedInput
from attnatlas.probes.gradients import MOST, STEPS
from attnatlas.probes.randomized_model import randomized_model
from attnatlas.results.shapes import Result, Table
from scipy.stats import spearmanr

from tests.probes.conftest import asked  # noqa: F401


def test_sizes_are_the_ceilings_with_equal_ones_merged():
    assert sizes(100) == [1, 5, 10, 20, 50]
    assert sizes(9) == [1, 2, 5]
    assert sizes(22) == [1, 2, 3, 5, 11]
    for n in range(1, 300):
        assert sizes(n) == sorted({math.ceil(p * n / 100) for p in (1, 5, 10, 20, 50)})


def test_a_long_text_is_asked_fewer_questions_about_fewer_shares():
    assert [questions(n, STEPS) for n in (12, 32, 64, 120, 512)] == [36, 32, 16, 16, 16]
    assert sizes(118, 2) == [12, 59]
    assert sizes(62, 3) == [4, 7, 31]
    assert sizes(23, 5) == sizes(23)
    for tokens in range(7, 600):
        most = questions(tokens, STEPS)
        ks = sizes(tokens - 2, most // 8)
        assert len(ks) >= 2
        assert 8 * len(ks) <= most


def test_more_steps_of_integrated_gradients_are_paid_for_with_fewer_questions():
    assert questions(20, 0) == questions(20, STEPS) == 36
    assert questions(20, STEPS + 1) == 33
    assert questions(12, 32) == 16  # two shares of four orders, erased and kept
    assert questions(60, MOST) == 8
    for tokens in (5, 20, 60, 120, 512):
        for steps in range(STEPS, MOST + 1):
            fixed = 3 * 2  # the gradient, another answer, and the shuffled weights
            most = questions(tokens, steps)
            assert most >= 8  # four orders, erased and kept
            if tokens >= 60:
                assert fixed + 2 * steps + most <= 40


def erased_by_hand(loaded, ids, places, at):
    ids = [loaded.tokenizer.mask_token_id if n in places else i for n, i in enumerate(ids)]
    with torch.no_grad():
        return float(loaded.model(torch.tensor([ids])).logits[0].softmax(-1)[at])


def test_aopc_equals_an_independent_implementation(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    found = saliency.compute(capture, loaded, {})
    given = {"saliency": found, "relevance": relevance.compute(capture, loaded, {})}
    result = faithfulness.compute(capture, loaded, given)
    aopc = {row[0]: row[1:] for row in result.tables["aopc"].rows}
    tokens = capture.maps[0].queries
    ids = [token.id for token in tokens]
    content = [place for place, token in enumerate(tokens) if not token.special]
    at = int(np.argmax(list(capture.prediction["labels"].values())))
    full = erased_by_hand(loaded, ids, (), at)
    assert set(aopc) >= {"integrated_gradients", "relevance", "rollout", "random 0"}
    for scores in (*found.scores, *given["relevance"].scores):
        if scores.name not in aopc:
            continue
        order = sorted(content, key=lambda place: -scores.values[place])
        ks = sorted({-(-p * len(content) // 100) for p in (1, 5, 10, 20, 50)})
        without = [full - erased_by_hand(loaded, ids, order[:k], at) for k in ks]
        alone = [full - erased_by_hand(loaded, ids, order[k:], at) for k in ks]
        expected = (np.mean(without), np.mean(alone))
        assert aopc[scores.name] == pytest.approx(expected, abs=1e-5), scores.name


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


def entry(number, gain, rng):
    """Return a record whose rollout beats random orders by `gain`, on average."""
    rows = [(f"random {n}", *rng.normal(0.1, 0.05, 2)) for n in range(4)]
    rows.append(("rollout", *(rng.normal(0.1, 0.05, 2) + np.array([gain, -gain]))))
    tables = {"aopc": Table(faithfulness.AOPC, tuple(rows))}
    return Record(str(number), "text"), {"faithfulness": Result("faithfulness", tables=tables)}


@pytest.mark.parametrize(
    ("gain", "level"),
    [(0.1, "holds"), (0.0, "does not hold"), (-0.1, "does not hold"), (0.05, "undecided")],
)
def test_an_order_is_judged_against_random_ones(gain, level):
    rng = np.random.default_rng(1)
    [found] = aggregate([entry(number, gain, rng) for number in range(40)]).findings
    assert found.level == level
    assert found.n == 40


def weights(values):
    for number, value in enumerate(values):
        rows = (("gradient", 12, value),)
        tables = {"weights": Table(faithfulness.TWIN, rows)}
        yield Record(str(number), "t"), {"faithfulness": Result("faithfulness", tables=tables)}


@pytest.mark.parametrize("mean", [0.0, 0.5, 0.9])
def test_shuffled_weights_are_a_check_that_claims_nothing(mean):
    values = np.random.default_rng(0).normal(mean, 0.1, 30)
    [found] = aggregate(list(weights(values))).findings
    assert (found.level, found.claim) == ("described", None)
    assert found.value == pytest.approx(values.mean())
