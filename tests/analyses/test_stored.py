"""Results survive the way to arrays and JSON and back."""

import json

import numpy as np
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses import rollout
from attnatlas.analyses.profile import all_records as profile
from attnatlas.results.codec import result_from_arrays, result_to_arrays
from attnatlas.results.shapes import Finding, Result, Series, Table

from tests.analyses.small_maps import capture, random_map, record_results


def round_trip(result):
    arrays, header = result_to_arrays(result)
    return result_from_arrays(arrays, json.loads(json.dumps(header, allow_nan=False)))


def assert_same(found, expected):
    assert (found.analysis, found.series, found.findings) == (
        expected.analysis, expected.series, expected.findings,
    )  # fmt: skip
    assert found.tables == expected.tables
    for one, other in zip(found.matrices, expected.matrices, strict=True):
        assert (one.kind, one.name) == (other.kind, other.name)
        assert one.values.dtype == other.values.dtype
        np.testing.assert_array_equal(one.values, other.values)
    for one, other in zip(found.grids, expected.grids, strict=True):
        assert (one.kind, one.metrics) == (other.kind, other.metrics)
        for name in ("values", "null", "low", "high", "n"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_results_of_every_analysis_come_back_as_they_were():
    maps = [capture(random_map("[CLS] a b a [SEP]", seed=i)) for i in range(3)]
    for result in (
        rollout.compute(maps[0]),
        heads.compute(maps[0]),
        profile.compute(record_results(maps)),
    ):
        assert_same(round_trip(result), result)


def test_every_shape_comes_back_as_it_was():
    result = Result(
        "all",
        tables={"t": Table(("a", "b"), ((1, None), ("x", 0.5)))},
        series=(Series("s", (0.0, 1.0), (None, 0.25), null=(0.1, None)),),
        findings=(Finding("f", "Said.", "p", 0.5, 2, (0.1, 0.9), None), Finding("g", "Bare.")),
    )
    assert round_trip(result) == result
