"""Flows that are proved to be as large as an end lets through, against a search for each."""

import numpy as np
import pytest
from attnatlas.analyses.flow import UNIT, _search
from attnatlas.analyses.rollout import fused, with_residual
from attnatlas.analyses.saturation import saturated

from tests.analyses.small_maps import random_map

WORDS = " ".join(map(str, range(16)))


def capacities(weights):
    return np.rint(with_residual(fused(weights)) * UNIT).astype(np.int64)


def searched(whole, rows):
    found = np.zeros((len(rows), whole.shape[-1]), np.int64)
    _search(found, np.ones(found.shape, np.bool_), whole, rows)
    return found


def divided(seed, layers=12, tokens=12):
    """Return attention of two halves that hardly look at each other, as [layer, head, q, k]."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.full(tokens, 1), (layers, 4, tokens))
    half = np.arange(tokens) < tokens // 2
    weights[..., half[:, None] != half] *= random.uniform(0.001, 0.04)
    return weights / weights.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_proved_is_what_a_search_finds(seed):
    for weights in (divided(seed), random_map(WORDS, layers=12, heads_=12, seed=seed).weights):
        whole, rows = capacities(weights), np.array([0, 5, weights.shape[-1] - 1])
        most, proved = saturated(whole, rows, UNIT)
        found = searched(whole, rows)
        assert proved.any()
        np.testing.assert_array_equal(found[proved], most[proved])


def test_most_flows_of_many_mixing_layers_are_proved():
    whole = capacities(random_map(WORDS, layers=12, heads_=12).weights)
    _, proved = saturated(whole, np.array([0, 15]), UNIT)
    assert proved.all()


@pytest.mark.parametrize("seed", range(6))
def test_ends_that_let_almost_the_same_through_are_proved(seed):
    weights = np.random.default_rng(seed).dirichlet(np.full(25, 0.1), (12, 12, 25))
    whole, rows = capacities(weights), np.array([0, 24])
    most, proved = saturated(whole, rows, UNIT)
    assert proved.all()
    np.testing.assert_array_equal(searched(whole, rows), most)


def test_nothing_is_proved_where_nothing_mixes():
    for weights in (
        random_map(WORDS, layers=12, heads_=12, causal=True).weights,
        random_map(WORDS, layers=2, heads_=12).weights,
    ):
        _, proved = saturated(capacities(weights), np.array([15]), UNIT)
        assert not proved.any()
