"""Flow from every token: the authors' numbers, in the analysis, the files and a second site."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import flow, flow_all_rows
from attnatlas.build import build_site
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.data.record_files import read_arrays, write_record

from tests.analyses.small_maps import capture, golden, random_map, words


def both(one):
    """Return the results of the usual flow and of that from every token."""
    usual = flow.compute(one)
    return usual, flow_all_rows.compute(one, {"flow": usual})


def of_golden():
    tokens = words("a b c d e")
    part = AttentionMap("self", tokens, tokens, golden().astype(np.float32))
    return Capture(ModelInfo("m", "encoder", source="arrays"), Record("r", "text"), (part,))


def test_every_row_equals_the_authors_code():
    [matrix] = both(of_golden())[1].matrices
    assert matrix.values.dtype == np.float32
    last = [0.10418489, 0.23600362, 0.22020955, 0.2211964, 0.21840554]
    np.testing.assert_allclose(matrix.values[4], last, atol=1e-6)
    inner = [0.10764573, 0.12622253, 0.42892495, 0.26715056, 0.07005623]
    np.testing.assert_allclose(matrix.values[2], inner, atol=1e-6)


def test_rows_that_are_known_are_taken_over_and_the_rest_computed(monkeypatch):
    one, asked = capture(random_map("a b c d")), []
    usual = flow.compute(one)
    monkeypatch.setattr(
        flow_all_rows, "flow", lambda weights, rows: asked.append(rows) or flow.flow(weights, rows)
    )
    [matrix] = flow_all_rows.compute(one, {"flow": usual}).matrices
    assert asked == [[1, 2]]
    np.testing.assert_array_equal(matrix.values[[0, 3]], usual.matrices[0].values[[0, 3]])
    whole = flow.flow(one.maps[0].weights).astype(np.float32)
    np.testing.assert_array_equal(matrix.values, whole)


def test_each_stack_has_every_row_and_what_has_them_already_says_nothing_more():
    maps = (
        random_map("a b", kind="encoder"),
        random_map("x y z", kind="decoder", causal=True),
        random_map("x y z", keys="a b", kind="cross"),
    )
    found = both(capture(*maps))[1].matrices
    assert [(part.kind, part.values.shape) for part in found] == [
        ("encoder", (2, 2)), ("decoder", (3, 3)),
    ]  # fmt: skip
    assert not any(np.isnan(part.values).any() for part in found)
    assert both(capture(random_map("a b")))[1].empty


def test_without_the_usual_flow_it_is_computed_whole():
    one = capture(random_map("a b c", causal=True))
    [matrix] = flow_all_rows.compute(one, {}).matrices
    expected = flow.flow(one.maps[0].weights).astype(np.float32)
    np.testing.assert_array_equal(matrix.values, expected)


@pytest.mark.parametrize("also", [(), ("flow_all_rows",)])
def test_files_hold_the_rows_that_were_asked_for_and_give_the_same_site_again(tmp_path, also):
    write_record(tmp_path / "in" / "r.safetensors", of_golden(), numbers="float32")
    settings = Settings(
        arrays=tmp_path / "in", output=tmp_path / "one", store=tmp_path / "store",
        numbers="float32", also=also,
    )  # fmt: skip
    build_site(settings)
    build_site(
        replace(settings, arrays=tmp_path / "one" / "data", output=tmp_path / "two", also=())
    )
    [first], [second] = (read_arrays(tmp_path / site / "data") for site in ("one", "two"))
    rows = np.flatnonzero(~np.isnan(first.flow["self"]).any(axis=1)).tolist()
    assert rows == ([0, 1, 2, 3, 4] if also else [0, 4])
    np.testing.assert_array_equal(second.flow["self"], first.flow["self"])
    for site in ("one", "two"):
        [page] = (tmp_path / site / "records").rglob("*.html")
        assert (flow_all_rows.ANALYSIS.title in page.read_text("utf-8")) == bool(also)
