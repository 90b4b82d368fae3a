"""Paired differences: p-values counted by hand, and intervals that keep their word."""

import numpy as np
import pytest
from attnatlas.statistics.paired import paired_mean


def test_five_of_one_sign_are_tested_as_by_hand():
    found = paired_mean([0.1, 0.2, 0.3, 0.2, 0.2])
    assert found.value == pytest.approx(0.2)
    assert found.signs == pytest.approx(2 / 32)
    assert found.permutation == pytest.approx(2 / 32)
    low, high = found.interval
    assert low < 0.2 < high


def test_pairs_of_one_group_count_once():
    alone = paired_mean([0.3, 0.1, 0.2, 0.4, 0.5] * 3)
    grouped = paired_mean([0.3, 0.1, 0.2, 0.4, 0.5] * 3, list("abcde") * 3)
    assert (grouped.n, grouped.clusters, alone.clusters) == (15, 5, 15)
    assert np.ptp(grouped.interval) > np.ptp(alone.interval)


def test_four_clusters_say_nothing_of_how_sure_they_are():
    found = paired_mean([0.1, 0.2, 0.3, 0.2])
    assert (found.interval, found.signs, found.permutation) == (None, None, None)
    with pytest.raises(ValueError, match="no pair"):
        paired_mean([])


@pytest.mark.parametrize("clusters", [8, 30])
def test_ninety_five_in_a_hundred_intervals_hold_the_mean(clusters):
    random = np.random.default_rng(5)
    inside = []
    for seed in range(300):
        means = random.normal(0.1, 0.2, clusters)
        values = np.repeat(means, 2) + random.normal(0, 0.1, 2 * clusters)
        low, high = paired_mean(
            values.tolist(), np.repeat(np.arange(clusters), 2).tolist(), 400, seed
        ).interval
        inside.append(low <= 0.1 <= high)
    assert 0.92 <= np.mean(inside) <= 0.985
