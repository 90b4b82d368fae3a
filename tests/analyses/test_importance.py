"""What silencing heads shows over records: a head that matters is named, chance is not."""

import numpy as np
import pytest
from attnatlas.analyses.head_metrics import METRICS
from attnatlas.analyses.importance import record as importance
from attnatlas.analyses.importance.all_records import aggregate, spearman
from attnatlas.corpus import Record
from attnatlas.results.codec import result_from_json, result_to_json
from attnatlas.results.shapes import Grid, Result, Table
from scipy.stats import spearmanr

from tests.probes.conftest import asked  # noqa: F401

SHAPE = (3, 4)
ASKED = Table(importance.ASKED, (("the class “x”", "logit", 2.0),))


def record_results(count, matter=0.0, everywhere=0.0, patterns=None, seed=0):
    """Return records in which head L1H2 has this much to say, and all heads `everywhere`."""
    random = np.random.default_rng(seed)
    for number in range(count):
        falls = random.normal(0, 0.1, SHAPE) + everywhere
        falls[1, 2] += matter
        found = Grid("self", ("importance",), falls[None], np.zeros((1, SHAPE[0])))
        results = {"importance": Result("importance", grids=(found,), tables={"asked": ASKED})}
        if patterns is not None:
            values = np.full((len(METRICS), *SHAPE), np.nan)
            values[METRICS.index("previous")] = patterns + random.normal(0, 0.02, SHAPE)
            null = np.zeros((len(METRICS), SHAPE[0]))
            results["heads"] = Result("heads", grids=(Grid("self", METRICS, values, null),))
        yield Record(f"r{number}", "text"), results


def said(records):
    return {f.id.removeprefix("self-"): f for f in aggregate(list(records)).findings}


def test_a_head_that_matters_is_found_and_judged_on_other_records():
    found = said(record_results(20, matter=1.0))["importance"]
    assert found.level == "holds"
    assert found.statement.startswith("One of 12 heads matters on its own: without L1H2")
    assert found.n == 10
    assert found.value == pytest.approx(1.0, abs=0.15)
    assert found.null[1] < found.interval[0]


def test_where_no_head_matters_that_is_said():
    judged = [said(record_results(20, seed=seed))["importance"] for seed in range(10)]
    assert sum(found.level == "holds" for found in judged) == 0
    nothing = next(found for found in judged if found.level == "does not hold")
    assert nothing.sentence.startswith("One of 12 heads matters on its own")
    assert nothing.alone.startswith("Does not hold: One of 12 heads matters")


def test_heads_that_all_matter_alike_do_not_stand_out():
    found = [said(record_results(20, everywhere=1.0, seed=seed))["importance"] for seed in range(5)]
    assert not {one.level for one in found} & {"holds", "described"}


def test_the_grid_has_means_intervals_and_no_effect_as_its_null():
    records = list(record_results(12, matter=1.0))
    [grid] = aggregate(records).grids
    stacked = np.stack([results["importance"].grids[0].values for _, results in records])
    np.testing.assert_allclose(grid.values, stacked.mean(axis=0))
    assert (grid.low <= grid.values).all()
    assert (grid.values <= grid.high).all()
    assert (grid.n == 12).all()
    assert not grid.null.any()


def test_too_few_records_are_not_judged():
    found = said(record_results(3, matter=1.0))
    assert "importance" not in found


def test_importance_that_follows_a_habit_is_told_from_one_that_does_not():
    random = np.random.default_rng(1)
    patterns = random.uniform(0, 1, SHAPE)
    records = list(record_results(16, patterns=patterns))
    alike = []
    for record, results in records:
        falls = patterns + random.normal(0, 0.05, SHAPE)
        grid = Grid("self", ("importance",), falls[None], np.zeros((1, SHAPE[0])))
        alike.append((record, results | {"importance": Result("importance", grids=(grid,))}))
    found = said(alike)["importance-habits"]
    assert found.level == "holds"
    assert found.value > 0.9
    assert found.interval[0] > found.null[1]
    other = said(records)["importance-habits"]
    assert other.level in ("undecided", "does not hold")


def test_rank_correlations_of_rows_equal_those_of_scipy():
    one, other = np.random.default_rng(0).normal(size=(2, 5, 9)).round(1)
    expected = [spearmanr(*pair).statistic for pair in zip(one, other, strict=True)]
    np.testing.assert_allclose(spearman(one, other), expected)


def test_what_one_text_shows_comes_back_from_json(asked):  # noqa: F811
    loaded, capture = asked("bart")
    result = importance.compute(capture, loaded, {})
    assert [grid.kind for grid in result.grids] == ["encoder", "decoder", "cross"]
    falls = [row[2] for row in result.tables["strongest"].rows]
    assert falls == sorted(falls, reverse=True)
    assert falls[0] == pytest.approx(max(grid.values.max() for grid in result.grids), rel=1e-5)
    header = result_to_json(result)
    again = result_from_json(header, {})
    assert again.tables == result.tables
    for one, two in zip(again.grids, result.grids, strict=True):
        np.testing.assert_array_equal(one.values, two.values)
