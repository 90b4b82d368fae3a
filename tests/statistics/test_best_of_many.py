"""The best head: chosen on one half, measured on the other, beside the best of many by chance."""

import numpy as np
import pytest
from attnatlas.analyses.best_heads import claimed
from attnatlas.statistics.best_of_many import best_head, best_heads


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def level(best):
    claim = claimed(best, 0.25)
    return claim.level() if claim else "described"


def planted(records=40, heads=16, head=5, by=2.0):
    values = noise(records, heads)
    values[:, head] += by
    return values


def test_a_head_is_chosen_on_one_half_and_measured_on_the_other():
    values = noise(11, 7)
    found = best_head(values)
    assert found.head == values[::2].mean(axis=0).argmax()
    assert found.chosen == pytest.approx(values[::2, found.head].mean())
    assert found.value == pytest.approx(values[1::2, found.head].mean())
    assert (found.chosen_n, found.n, found.heads) == (6, 5, 7)
    assert found.interval[0] < found.value < found.interval[1]
    assert (found.null, found.null_mean, level(found)) == (None, None, "described")


def test_the_null_is_the_best_of_as_many_heads_in_the_measuring_half():
    values, null = planted(), noise(50, 40, 16, seed=1)
    found = best_head(values, null)
    reached = null[:, 1::2].mean(axis=1).max(axis=1)
    assert found.null_mean == pytest.approx(reached.mean())
    assert found.null == pytest.approx(tuple(np.quantile(reached, [0.025, 0.975])))


def test_a_planted_head_is_found_and_beats_luck():
    found = best_head(planted(), noise(50, 40, 16, seed=1))
    assert (found.head, level(found), found.beyond) == (5, "holds", True)
    assert found.value == pytest.approx(2, abs=0.5)


def test_the_best_of_many_random_heads_is_no_better_than_chance():
    levels = [
        level(best_head(noise(30, 100, seed=seed), noise(40, 30, 100, seed=1000 + seed)))
        for seed in range(20)
    ]
    assert set(levels) == {"described"}
    in_sample = [noise(30, 100, seed=seed).mean(axis=0).max() for seed in range(20)]
    assert min(in_sample) > 0.3  # what a reader would be told if one half did both


def test_a_rare_measure_is_halved_among_the_records_that_have_it():
    values = np.full((12, 2, 3), np.nan)
    values[:, 0] = noise(12, 3)
    values[1::2, 1] = noise(6, 3, seed=1)  # never in the first half of all records
    often, rare = best_heads(values)
    assert (often.chosen_n, often.n) == (6, 6)
    assert (rare.chosen_n, rare.n) == (3, 3)
    chosen, measured = values[[1, 5, 9], 1], values[[3, 7, 11], 1]
    assert rare.head == chosen.mean(axis=0).argmax()
    assert rare.value == pytest.approx(measured[:, rare.head].mean())


def test_several_measures_at_once_are_those_one_by_one():
    values, null = noise(9, 3, 5), noise(9, 20, 3, 5, seed=1)
    together = best_heads(values, null)
    for measure, found in enumerate(together):
        alone = best_head(values[:, measure], np.moveaxis(null[:, :, measure], 1, 0))
        assert found == alone


def test_records_may_pass_by_one_at_a_time():
    values, null = noise(9, 2, 5), noise(9, 20, 2, 5, seed=1)

    class Stream:
        def __init__(self, array):
            self.array = array

        def __iter__(self):
            yield from self.array

    assert best_heads(Stream(values), Stream(null)) == best_heads(values, null)


def test_heads_without_a_value_are_never_chosen():
    values = noise(6, 3)
    values[:, 1] = np.nan
    values[:, 0] = -5
    found = best_head(values)
    assert (found.head, found.heads) == (2, 2)


def test_too_few_records_have_no_best_head():
    assert best_head(noise(1, 4)) is None
    assert best_heads(np.full((5, 2, 3), np.nan)) == (None, None)
    two = best_head(noise(2, 4), noise(10, 2, 4))
    assert (two.n, two.interval, level(two)) == (1, None, "described")


def test_records_and_their_null_must_match():
    with pytest.raises(ValueError, match=r"zip\(\)"):
        best_head(noise(6, 3), noise(10, 5, 3))
