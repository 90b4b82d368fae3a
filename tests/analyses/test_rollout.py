"""Rollout against the authors' numbers, its invariants, and the definition written out in loops."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import rollout as module
from attnatlas.analyses.rollout import (
    causal_null,
    cross_rollout,
    fused,
    mask_share,
    rollout,
)

from tests.analyses.small_maps import capture, golden, random_map, softmax

TEXT = "[CLS] the old dog saw the cat [SEP]"


def test_the_golden_weights_are_the_ones_meant():
    expected = [0.53545891, 0.00830338, 0.00257905, 0.22479383, 0.22886483]
    np.testing.assert_allclose(golden()[0, 0, 1], expected, atol=5e-9)


def test_rollout_equals_the_authors_code():
    last = rollout(golden())[-1]
    expected = [0.10707958, 0.24189772, 0.23999756, 0.17241129, 0.23861386]
    np.testing.assert_allclose(last[-1], expected, atol=5e-9)
    first = [0.27149251, 0.07203433, 0.2655144, 0.29216838, 0.09879038]
    np.testing.assert_allclose(last[0], first, atol=5e-9)


def test_causal_rollout_equals_the_authors_code():
    expected = [0.36730262, 0.25431404, 0.17300878, 0.00460468, 0.20076988]
    np.testing.assert_allclose(rollout(golden(causal=True))[-1, -1], expected, atol=5e-9)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("discard", [0.0, 0.6])
def test_rows_sum_to_one_after_every_layer(causal, fusion, discard):
    values = rollout(golden(causal), fusion=fusion, discard=discard)
    assert values.shape == (3, 5, 5)
    np.testing.assert_allclose(values.sum(axis=-1), 1)


def test_causal_rollout_is_lower_triangular():
    assert not np.triu(rollout(golden(causal=True)), 1).any()


def test_one_layer_is_half_attention_half_identity():
    attention = golden()[:1]
    expected = (attention.mean(axis=1)[0] + np.eye(5)) / 2
    np.testing.assert_allclose(rollout(attention)[0], expected, atol=1e-15)


def test_every_layer_is_the_rollout_of_the_layers_up_to_it():
    whole = rollout(golden())
    for layer in range(3):
        np.testing.assert_allclose(whole[layer], rollout(golden()[: layer + 1])[-1], atol=1e-15)


def test_a_start_leaves_out_the_layers_below():
    values = rollout(golden(), start=1)
    np.testing.assert_array_equal(values[0], np.eye(5))
    np.testing.assert_allclose(values[-1], rollout(golden()[1:])[-1], atol=1e-15)


def test_fusion_takes_the_mean_the_largest_or_the_smallest_head():
    for name in ("mean", "max", "min"):
        np.testing.assert_array_equal(fused(golden(), name), getattr(np, name)(golden(), axis=1))


def test_discarding_zeroes_the_smallest_weights_but_never_the_first():
    attention = golden()[:1]
    attention[0, :, 0, 0] = 1e-9
    kept = fused(attention, discard=0.5)[0]
    plain = fused(attention)[0]
    smallest = np.sort(plain.ravel())[:12]
    assert kept[0, 0] == plain[0, 0]
    assert (kept == 0).sum() == 11
    assert set(plain[kept == 0]) <= set(smallest)


def test_a_row_that_goes_nowhere_keeps_its_own_token():
    nowhere = np.zeros((2, 1, 3, 3))
    np.testing.assert_array_equal(rollout(nowhere)[-1], np.eye(3))


@pytest.mark.parametrize(("tokens", "share"), [(6, 0.8925), (64, 0.6254), (512, 0.3657)])
def test_uniform_causal_attention_already_favours_the_first_token(tokens, share):
    assert causal_null(12, tokens)[-1, -1, 0] == pytest.approx(share, abs=1e-4)


def cross_in_loops(encoder, decoder, cross):
    """Return C and R after each layer, each step of the definition written out for one cell."""
    layers, targets, sources = len(decoder), decoder.shape[2], encoder.shape[2]
    source = rollout(encoder)[-1]
    r, c, steps = np.eye(targets), np.zeros((targets, sources)), []
    for layer in range(layers):
        a = decoder[layer].mean(axis=0) + np.eye(targets)
        a /= a.sum(axis=1, keepdims=True)
        x = cross[layer].mean(axis=0)
        new_r, new_c = np.zeros_like(r), np.zeros_like(c)
        for i in range(targets):
            for j in range(targets):
                new_r[i, j] = sum(a[i, k] * r[k, j] for k in range(targets)) / 2
            for j in range(sources):
                carried = sum(a[i, k] * c[k, j] for k in range(targets))
                read = sum(x[i, k] * source[k, j] for k in range(sources))
                new_c[i, j] = (carried + read) / 2
        r, c = new_r, new_c
        steps.append((c, r))
    return steps


def random_stack(layers, queries, keys, seed, causal=False):
    scores = np.random.default_rng(seed).normal(0, 2, (layers, 2, queries, keys))
    if causal:
        scores = np.where(np.tril(np.ones((queries, keys), dtype=bool)), scores, -np.inf)
    return softmax(scores)


def test_cross_rollout_follows_its_definition():
    encoder, decoder = random_stack(4, 5, 5, 1), random_stack(3, 4, 4, 2, causal=True)
    cross = random_stack(3, 4, 5, 3)
    values = cross_rollout(encoder, decoder, cross)
    steps = cross_in_loops(encoder, decoder, cross)
    for layer, (c, r) in enumerate(steps):
        np.testing.assert_allclose(c.sum(axis=1) + r.sum(axis=1), 1)
        np.testing.assert_allclose(c.sum(axis=1), 1 - 2.0 ** -(layer + 1))
        np.testing.assert_allclose(values[layer], c / c.sum(axis=1, keepdims=True))


def test_one_layer_of_cross_rollout_is_what_it_reads_through_the_encoder():
    encoder, decoder, cross = (random_stack(1, 4, 4, seed) for seed in range(3))
    expected = cross[0].mean(axis=0) @ rollout(encoder)[-1]
    np.testing.assert_allclose(cross_rollout(encoder, decoder, cross)[0], expected)


def test_an_encoder_decoder_gets_three_matrices():
    maps = (
        random_map("a b c d </s>", kind="encoder"),
        random_map("</s> x y", kind="decoder", causal=True),
        random_map("</s> x y", keys="a b c d </s>", kind="cross"),
    )
    found = {matrix.kind: matrix.values for matrix in module.compute(capture(*maps)).matrices}
    assert {kind: values.shape for kind, values in found.items()} == {
        "encoder": (3, 5, 5), "decoder": (3, 3, 3), "cross": (3, 3, 5),
    }  # fmt: skip
    assert all(values.dtype == np.float32 for values in found.values())
    np.testing.assert_allclose(found["encoder"], rollout(maps[0].weights), rtol=1e-6)


def test_cross_rollout_is_left_out_where_a_map_is_missing_or_does_not_fit():
    decoder = random_map("x y", kind="decoder", causal=True)
    cross = random_map("x y", keys="a b", kind="cross")
    encoder = random_map("a b", kind="encoder")
    short = replace(cross, weights=cross.weights[:2])
    for maps in ((decoder, cross), (encoder, decoder, short)):
        assert "cross" not in {matrix.kind for matrix in module.compute(capture(*maps)).matrices}


def test_a_single_stack_gets_one_matrix():
    (matrix,) = module.compute(capture(random_map(TEXT))).matrices
    assert (matrix.kind, matrix.values.shape) == ("self", (3, 8, 8))


@pytest.mark.parametrize(("layers", "tokens"), [(1, 2), (3, 7), (12, 30)])
def test_the_share_of_the_mask_is_that_of_the_whole_null(layers, tokens):
    assert mask_share(layers, tokens) == pytest.approx(causal_null(layers, tokens)[-1, -1, 0])


def test_causal_rollout_is_told_beside_its_null():
    result = module.compute(capture(random_map("a b c d e", causal=True)))
    (finding,) = result.findings
    share = float(result.matrices[0].values[-1, -1, 0])
    assert finding.value == pytest.approx(share)
    assert finding.null == pytest.approx((mask_share(3, 5),) * 2)
    assert "uniform causal attention would send 0." in finding.statement
    assert finding.level == "described"
    for other in (random_map("a b"), random_map("a", causal=True)):
        assert module.compute(capture(other)).findings == ()
    windowed = replace(random_map("a b c", causal=True), window=(2, 2, 2))
    assert module.compute(capture(windowed)).findings == ()


def test_tokens_can_be_left_out_before_anything_is_multiplied():
    weights = golden()
    inner = weights[:, :, 1:-1, 1:-1]
    expected = rollout(inner / inner.sum(axis=-1, keepdims=True), fusion="max", start=1)
    found = rollout(weights, fusion="max", start=1, without=(0, 4))
    assert found.shape == (3, 3, 3)
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(found.sum(axis=-1), 1)
