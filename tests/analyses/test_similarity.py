"""Jensen-Shannon distance between heads against the authors' numbers and its definition."""

import math

import numpy as np
from attnatlas.analyses.similarity.distances import js_distances
from attnatlas.statistics.entropy import entropy
from scipy.special import entr

from tests.analyses.small_maps import golden


def js_in_loops(first, second):
    """Return the mean over queries of the Jensen-Shannon divergence, term by term."""
    total = 0.0
    for row, other in zip(first.tolist(), second.tolist(), strict=True):
        for a, b in zip(row, other, strict=True):
            middle = (a + b) / 2
            total += sum(x / 2 * math.log(x / middle) for x in (a, b) if x > 0)
    return total / len(first)


def test_distances_equal_the_authors_code():
    expected = [0, 1.66726908, 0.5910112, 2.61594758, 1.82067079, 3.01902883]
    found = js_distances(golden(), smooth=0.001)[0] * 5  # theirs are summed over the five queries
    np.testing.assert_allclose(found, expected, atol=5e-9)


def test_distances_follow_their_definition():
    weights = golden(causal=True)
    found = js_distances(weights)
    flat = weights.reshape(6, 5, 5)
    for one, other in np.ndindex(6, 6):
        np.testing.assert_allclose(
            found[one, other], js_in_loops(flat[one], flat[other]), atol=1e-12
        )


def test_distances_are_symmetric_and_lie_between_0_and_ln_2():
    found = js_distances(golden())
    np.testing.assert_array_equal(found, found.T)
    assert not found.diagonal().any()
    assert (found >= 0).all()
    apart = np.eye(4)[None, None] * np.ones((1, 2, 1, 1))
    apart[0, 1] = np.roll(apart[0, 1], 1, axis=1)
    np.testing.assert_allclose(js_distances(apart)[0, 1], math.log(2))


def test_entropy_equals_that_of_scipy_and_nothing_adds_nothing():
    shares = np.random.default_rng(0).dirichlet(np.full(9, 0.1), size=(3, 4)).astype(np.float32)
    shares[0, 0] = np.eye(9, dtype=np.float32)[2]
    expected = entr(shares.astype(np.float64)).sum(axis=-1)
    np.testing.assert_allclose(entropy(shares), expected, rtol=1e-14, atol=1e-300)
    assert entropy(shares)[0, 0] == 0


def test_heads_that_attend_the_same_are_at_distance_0():
    one = golden()[:1, :1]
    assert not js_distances(np.concatenate([one, one, one], axis=1)).any()
