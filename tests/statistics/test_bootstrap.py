"""Bootstrap intervals: those of scipy, whatever the blocks, for columns that are partly defined."""

import numpy as np
import pytest
from attnatlas.statistics import bootstrap as intervals
from attnatlas.statistics.bootstrap import bounds, draws, estimate
from scipy.stats import bootstrap


def rows_of(records, columns=3, seed=0):
    return np.random.default_rng(seed).exponential(size=(records, columns))


class CountedRows:
    """Rows that remember how often they were read."""

    def __init__(self, rows):
        self.rows, self.reads = rows, 0

    def __iter__(self):
        self.reads += 1
        return iter(self.rows)


@pytest.mark.parametrize("records", [5, 30, 200])
def test_intervals_are_those_of_scipy(records):
    rows = rows_of(records)
    found = estimate(rows, resamples=20_000)
    np.testing.assert_allclose(found.value, rows.mean(axis=0))
    for column in range(3):
        data = (rows[:, column],)
        theirs = bootstrap(data, np.mean, method="percentile", n_resamples=20_000, rng=1)
        width = rows[:, column].std() / records**0.5
        assert found.low[column] == pytest.approx(theirs.confidence_interval.low, abs=0.06 * width)
        assert found.high[column] == pytest.approx(
            theirs.confidence_interval.high, abs=0.06 * width
        )


def test_every_draw_takes_as_many_records_as_there_are(monkeypatch):
    monkeypatch.setattr(intervals, "BLOCK", 7)
    which = np.eye(20)
    often = draws(which, slice(None), resamples=50) * 20
    np.testing.assert_allclose(often.sum(axis=1), 20)
    np.testing.assert_allclose(often, often.round())
    assert often.var(axis=0).mean() == pytest.approx(0.95, abs=0.2)


def test_draws_are_the_same_for_every_column_and_every_call():
    rows = np.repeat(rows_of(9, 1), 3, axis=1)
    means = draws(rows, slice(None))
    np.testing.assert_array_equal(means[:, 0], means[:, 2])
    np.testing.assert_allclose(means[:, [1]], draws(rows, np.array([1])), rtol=1e-14)


def test_columns_are_resampled_in_blocks(monkeypatch):
    rows = CountedRows(rows_of(11, 10))
    whole = estimate(rows)
    before, rows.reads = rows.reads, 0
    monkeypatch.setattr(intervals, "column_blocks", lambda n: intervals_of(n, 3))
    parts = estimate(rows)
    np.testing.assert_array_equal(parts.low, whole.low)
    np.testing.assert_array_equal(parts.high, whole.high)
    assert rows.reads > before


def intervals_of(columns, size):
    return [slice(start, min(start + size, columns)) for start in range(0, columns, size)]


def test_means_leave_out_the_records_without_a_value():
    rows = rows_of(12)
    rows[3:, 1] = np.nan
    rows[:, 2] = np.nan
    found = estimate(rows)
    assert found.n.tolist() == [12, 3, 0]
    assert found.value[1] == pytest.approx(rows[:3, 1].mean())
    assert rows[:3, 1].min() <= found.low[1] < found.value[1] < found.high[1] <= rows[:3, 1].max()
    assert np.isnan([found.value[2], found.low[2], found.high[2]]).all()


def test_one_record_has_no_interval():
    found = estimate(rows_of(1))
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert not np.isnan(found.value).any()


def test_the_same_number_everywhere_is_its_own_interval():
    found = estimate(np.full((6, 2), 0.25))
    np.testing.assert_allclose([found.low, found.high], 0.25)


def test_an_estimate_keeps_its_numbers_in_another_shape():
    found = estimate(rows_of(4, 6)).reshape(2, 3)
    assert {part.shape for part in (found.value, found.low, found.high, found.n)} == {(2, 3)}


def test_bounds_leave_out_draws_without_a_value():
    means = np.array([[0.0, np.nan], [1.0, np.nan], [np.nan, np.nan]])
    low, high = bounds(means)
    assert (low[0], high[0]) == pytest.approx((0.025, 0.975))
    assert np.isnan([low[1], high[1]]).all()
