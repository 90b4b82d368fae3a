"""Correlations equal those of scipy; their intervals hold the truth as often as they say."""

import numpy as np
import pytest
from attnatlas.statistics.correlation import correlated
from scipy import stats


def test_both_equal_those_of_scipy_ties_too():
    random = np.random.default_rng(3)
    one, other = random.normal(size=30), random.integers(0, 5, 30).astype(float)
    found = correlated(one, other)
    assert found.pearson == pytest.approx(stats.pearsonr(one, other).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr(one, other).statistic)
    assert found.spearman_ends[0] < found.spearman < found.spearman_ends[1]


def test_too_few_and_flat_ones_have_none():
    assert correlated(np.array([1.0, 2]), np.array([1.0, 2])) is None
    assert correlated(np.ones(9), np.arange(9.0)) is None
    four = correlated(np.arange(4.0), np.array([0.0, 2, 1, 3]))
    assert four.pearson_ends is None


def test_unrelated_numbers_are_called_so_nearly_always():
    random = np.random.default_rng(0)
    covered = 0
    for _ in range(100):
        low, high = correlated(*random.normal(size=(2, 40))).spearman_ends
        covered += low <= 0 <= high
    assert 90 <= covered <= 100
