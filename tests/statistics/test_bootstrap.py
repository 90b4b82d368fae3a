"""Bootstrap intervals: those of scipy, whatever the blocks, for columns that are partly defined."""

import dataclasses

import numpy as np
import pytest
from attnatlas.corpus import Record, group_of
from attnatlas.statistics import bootstrap as intervals
from attnatlas.statistics.bootstrap import EDGES, LEAST, bounds, draws, estimate, widening
from scipy.stats import bootstrap, norm, t


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
def test_intervals_are_those_of_scipy_widened_as_student_asks(records):
    rows = rows_of(records)
    found = estimate(rows, resamples=20_000)
    np.testing.assert_allclose(found.value, rows.mean(axis=0))
    for column in range(3):
        data = (rows[:, column],)
        theirs = bootstrap(data, np.mean, method="percentile", n_resamples=20_000, rng=1)
        width = rows[:, column].std() / records**0.5
        mean = rows[:, column].mean()
        wider = t.ppf(0.975, records - 1) / norm.ppf(0.975) * np.sqrt(records / (records - 1))
        ends = [mean + wider * (end - mean) for end in theirs.confidence_interval]
        assert found.low[column] == pytest.approx(ends[0], abs=0.08 * width)
        assert found.high[column] == pytest.approx(ends[1], abs=0.08 * width)


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


@pytest.mark.parametrize("records", [9, 150])
def test_draws_that_are_not_held_are_the_same(records, monkeypatch):
    rows = rows_of(records)
    rows[2, 1] = rows[4:6, 2] = np.nan
    held = draws(rows, slice(None))
    monkeypatch.setattr(intervals, "HELD_DRAWS", 0)
    np.testing.assert_array_equal(draws(rows, slice(None)), held)


def test_columns_are_resampled_in_blocks(monkeypatch):
    rows = CountedRows(rows_of(11, 10))
    whole = estimate(rows)
    before, rows.reads = rows.reads, 0
    monkeypatch.setattr(intervals, "column_blocks", lambda n: intervals_of(n, 3))
    parts = estimate(rows)
    np.testing.assert_allclose(parts.low, whole.low, rtol=1e-12)
    np.testing.assert_allclose(parts.high, whole.high, rtol=1e-12)
    assert rows.reads > before


def intervals_of(columns, size):
    return [slice(start, min(start + size, columns)) for start in range(0, columns, size)]


def test_means_leave_out_the_records_without_a_value():
    rows = rows_of(12)
    rows[6:, 1] = np.nan
    rows[:, 2] = np.nan
    found = estimate(rows)
    assert found.n.tolist() == [12, 6, 0]
    assert found.value[1] == pytest.approx(rows[:6, 1].mean())
    assert found.low[1] < found.value[1] < found.high[1]
    assert np.isnan([found.value[2], found.low[2], found.high[2]]).all()


@pytest.mark.parametrize("records", [1, LEAST - 1])
def test_few_records_have_no_interval(records):
    found = estimate(rows_of(records))
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


def test_near_copies_are_one_cluster():
    rows = rows_of(24)
    groups = [("group", str(number // 4)) for number in range(24)]
    found, alone = estimate(rows, groups=groups), estimate(rows)
    assert (found.n.tolist(), found.clusters.tolist()) == ([24] * 3, [6] * 3)
    np.testing.assert_allclose(found.value, alone.value)
    copies = np.repeat(rows_of(6), 4, axis=0)
    together = estimate(copies, groups=groups)
    once = estimate(rows_of(6))
    np.testing.assert_allclose(together.high - together.low, once.high - once.low, rtol=0.15)
    assert (
        estimate(copies).high - estimate(copies).low < 0.6 * (together.high - together.low)
    ).all()
    few = estimate(copies, groups=[("group", str(number // 6)) for number in range(24)])
    assert np.isnan(few.low).all()


def test_clusters_need_not_stand_together_nor_be_in_every_column():
    rows = rows_of(12)
    groups = [("group", str(number % 6)) for number in range(12)]
    rows[6:, 1] = np.nan
    rows[:, 2] = np.nan
    rows[[0, 6, 1, 7], 2] = 1
    found = estimate(rows, groups=groups)
    assert found.clusters.tolist() == [6, 6, 2]
    often = draws(np.eye(12), slice(None), resamples=40, groups=groups) * 12
    np.testing.assert_allclose(often[:, :6], often[:, 6:])
    assert found.interval(2) is None
    assert found.interval(0) == (found.low[0], found.high[0])


def test_few_clusters_are_widened_most():
    assert [round(widening(count), 2) for count in (5, 10, 30, 1000)] == [1.58, 1.22, 1.06, 1.0]


SHAPES = {
    "normal": (lambda random, *size: random.normal(size=size), 0.0),
    "share": (lambda random, *size: random.beta(2, 5, size=size), 2 / 7),
    "correlation": (lambda random, *size: np.tanh(random.normal(0.5, 0.4, size)), None),
}


def covered(clusters, size, draw, truth, trials=1500):
    """Return how often the interval holds the true mean; members of a cluster are near copies."""
    random = np.random.default_rng((clusters, size))
    of_cluster = np.repeat(draw(random, clusters, trials), size, axis=0)
    rows = of_cluster + (size > 1) * random.normal(0, 0.05, of_cluster.shape)
    groups = [("group", str(number // size)) for number in range(clusters * size)]
    found = estimate(rows, groups=groups if size > 1 else None)
    return np.mean((found.low <= truth) & (truth <= found.high)), rows


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("clusters", "size"), [(5, 1), (8, 4), (12, 2), (30, 1), (60, 3)])
def test_intervals_cover_what_they_say(clusters, size, shape):
    draw, truth = SHAPES[shape]
    if truth is None:
        truth = float(draw(np.random.default_rng(0), 2_000_000).mean())
    share, _ = covered(clusters, size, draw, truth)
    assert 0.92 <= share <= 0.97


def test_copies_that_count_one_by_one_cover_far_less():
    draw, truth = SHAPES["normal"]
    _, rows = covered(8, 4, draw, truth)
    found = estimate(rows)
    share = np.mean((found.low <= truth) & (truth <= found.high))
    assert share < 0.75
    means = draws(rows, slice(None))
    low, high = np.quantile(means, EDGES, axis=0)
    assert np.mean((low <= truth) & (truth <= high)) < 0.75


@pytest.mark.parametrize(("frames", "pairs"), [(8, 4), (30, 3)])
def test_intervals_cover_frames_of_groups_that_resemble_each_other(frames, pairs):
    random, trials = np.random.default_rng((frames, pairs)), 1500
    of_frame = np.repeat(random.normal(size=(frames, trials)), 2 * pairs, axis=0)
    of_pair = np.repeat(random.normal(0, 0.4, (frames * pairs, trials)), 2, axis=0)
    rows = of_frame + of_pair + random.normal(0, 0.1, of_pair.shape)
    texts = [
        Record(f"r{at}", "x", group=f"pair {at // 2}", frame=f"frame {at // 2 // pairs}")
        for at in range(len(rows))
    ]
    framed = estimate(rows, groups=[group_of(text) for text in texts])
    without = [dataclasses.replace(text, frame=None) for text in texts]
    paired = estimate(rows, groups=[group_of(text) for text in without])
    covers, too_few = (np.mean((one.low <= 0) & (one.high >= 0)) for one in (framed, paired))
    assert (set(framed.clusters), set(paired.clusters)) == ({frames}, {frames * pairs})
    assert 0.92 <= covers <= 0.97
    assert too_few < 0.8


def test_an_interval_of_draws_that_are_nearly_all_alike_holds_them():
    means = np.full((1000, 1), 0.1875)
    means[:10] = 0.25  # too few to be an end, enough to move the mean of the draws
    low, high = bounds(means, 6)
    assert low[0] <= 0.1875 <= high[0]
    assert bounds(means[:, :1] * -1, 6)[1][0] >= -0.1875
