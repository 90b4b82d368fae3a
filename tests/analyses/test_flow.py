"""Flow against the authors' numbers, another solver, and its bounds."""

from dataclasses import replace

import networkx
import numpy as np
import pytest
from attnatlas.analyses import flow as module
from attnatlas.analyses import rollout
from attnatlas.analyses.flow import column_bound, flow
from attnatlas.analyses.rollout import fused, with_residual
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.corpus import Record
from attnatlas.pages.record.token_bars import bar_islands

from tests.analyses.small_maps import capture, golden, random_map, words


def test_flow_equals_the_authors_code():
    found = flow(golden(), [2, 4])
    expected = [0.10418489, 0.23600362, 0.22020955, 0.2211964, 0.21840554]
    np.testing.assert_allclose(found[4], expected, atol=5e-9)
    expected = [0.10764573, 0.12622253, 0.42892495, 0.26715056, 0.07005623]
    np.testing.assert_allclose(found[2], expected, atol=5e-9)


def test_causal_flow_equals_the_authors_code():
    expected = [0.31256976, 0.30692763, 0.16143311, 0.00529609, 0.21377341]
    np.testing.assert_allclose(flow(golden(causal=True), [4])[4], expected, atol=5e-9)


def edmonds_karp(steps, row, key):
    """Return the maximum flow by another method, on capacities as they are."""
    layers = len(steps)
    graph = networkx.DiGraph()
    for layer, q, k in np.ndindex(steps.shape):
        graph.add_edge((layer + 1, q), (layer, k), capacity=steps[layer, q, k])
    solver = networkx.algorithms.flow.edmonds_karp
    return networkx.maximum_flow_value(graph, (layers, row), (0, key), flow_func=solver)


@pytest.mark.parametrize("causal", [False, True])
def test_flow_equals_another_solver(causal):
    weights = random_map("a b c d e f", layers=4, causal=causal).weights
    steps = with_residual(fused(weights))
    for row in (0, 3, 5):
        expected = np.array([edmonds_karp(steps, row, key) for key in range(6)])
        np.testing.assert_allclose(flow(weights, [row])[row], expected / expected.sum(), atol=1e-8)
        assert (expected <= column_bound(weights) + 1e-12).all()


@pytest.mark.parametrize(("causal", "keys"), [(True, range(16)), (False, (0, 7, 15))])
def test_flow_of_the_benchmark_equals_another_solver(causal, keys):
    words_ = " ".join(map(str, range(16)))
    weights = random_map(words_, layers=12, heads_=12, causal=causal).weights
    expected = np.array([edmonds_karp(with_residual(fused(weights)), 15, key) for key in keys])
    found = flow(weights, [15])[15, list(keys)]
    np.testing.assert_allclose(found / found.sum(), expected / expected.sum(), atol=1e-6)


def test_flow_of_one_layer_is_its_attention():
    np.testing.assert_allclose(flow(golden()[:1]), with_residual(fused(golden()[:1]))[0], atol=1e-8)


def test_rows_sum_to_one_and_causal_flow_is_lower_triangular():
    for causal in (False, True):
        found = flow(golden(causal))
        np.testing.assert_allclose(found.sum(axis=1), 1)
        assert not (causal and np.triu(found, 1).any())


def test_rows_not_asked_for_are_undefined():
    undefined = np.isnan(flow(golden(), [1])).all(axis=1)
    assert undefined.tolist() == [True, False, True, True, True]


def rows_of(part, source="hub"):
    one = capture(part)
    one = replace(one, model=ModelInfo("m", one.model.family, source=source))
    (matrix,) = module.compute(one).matrices
    assert matrix.values.dtype == np.float32
    return np.flatnonzero(~np.isnan(matrix.values[:, 0])).tolist()


def test_flow_starts_at_the_last_token_and_in_an_encoder_also_at_the_first():
    assert rows_of(random_map("a b c d")) == [0, 3]
    assert rows_of(random_map("a b c d", causal=True)) == [3]
    assert rows_of(random_map("a")) == [0]


def test_arrays_without_a_model_get_the_same_rows():
    assert rows_of(random_map("a b c", causal=True), "arrays") == [2]
    assert rows_of(random_map("a b c d"), "arrays") == [0, 3]


def test_flow_is_computed_for_each_stack_but_not_between_them():
    maps = (
        random_map("a b", kind="encoder"),
        random_map("x y z", kind="decoder", causal=True),
        random_map("x y z", keys="a b", kind="cross"),
    )
    found = module.compute(capture(*maps)).matrices
    assert [(part.kind, part.values.shape) for part in found] == [
        ("encoder", (2, 2)), ("decoder", (3, 3)),
    ]  # fmt: skip


def test_the_page_gets_the_authors_numbers():
    tokens = words("a b c d e")
    part = AttentionMap("self", tokens, tokens, golden().astype(np.float32))
    one = Capture(ModelInfo("m", "encoder"), Record("r", "text"), (part,))
    results = {"flow": module.compute(one), "rollout": rollout.compute(one)}
    shown = bar_islands(one, results)["flow"]["self"]
    assert shown["from"] == "a"
    expected = flow(golden())[0]
    np.testing.assert_allclose(shown["sides"]["flow"], expected, atol=2e-4)
    [matrix] = results["flow"].matrices
    last = [0.10418489, 0.23600362, 0.22020955, 0.2211964, 0.21840554]
    np.testing.assert_allclose(matrix.values[-1], last, atol=1e-6)
    assert np.isnan(matrix.values[1:-1]).all()
    np.testing.assert_allclose(
        shown["sides"]["rollout"],
        [0.27149251, 0.07203433, 0.2655144, 0.29216838, 0.09879038],
        atol=2e-4,
    )
