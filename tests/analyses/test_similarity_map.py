"""Heads on a map and in groups: known maps come back, planted twins are found, random ones not."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from attnatlas.analyses.similarity.clusters import NEAR, clusters_of
from attnatlas.analyses.similarity.distances import Distances, _measured, compute, js_distances
from attnatlas.capture.masks import visible
from attnatlas.statistics.mds import between, metric_map
from attnatlas.statistics.permutations import sample_rows, shuffled, shuffled_keys
from scipy.spatial.distance import jensenshannon

from tests.analyses.small_maps import capture, random_map

TEXT = "[CLS] the old dog saw a cat and then ran home [SEP]"


def seen(*maps):
    distances = Distances()
    for number, attention in enumerate(maps):
        distances.add(capture(attention, record=f"r{number}"), {})
    return compute([], distances)


def said(result):
    return {finding.id: finding for finding in result.findings}


def twin_of(attention, pairs):
    """Return the map with some heads made copies of others, a little off."""
    weights = attention.weights.copy()
    for (layer, head), source in pairs.items():
        weights[layer, head] = 0.97 * weights[source] + 0.03 / weights.shape[-1]
    return replace(attention, weights=weights)


def test_sentences_count_near_copies_as_one_beside_their_texts():
    distances = Distances()
    for number in range(24):
        one = capture(random_map(TEXT, seed=number), record=f"r{number}")
        frame = f"f{number // 3}" if number < 12 else None
        record = replace(one.record, group=f"g{number}", frame=frame)
        distances.add(replace(one, record=record), {})
    found = said(compute([], distances))
    assert {(found[f"self-{name}"].n, found[f"self-{name}"].clusters)
            for name in ("twins", "layers-alike")} == {(24, 4 + 12)}  # fmt: skip


def test_a_flat_configuration_comes_back_up_to_rotation():
    points = np.random.default_rng(3).normal(size=(25, 2))
    found, stress = metric_map(between(points))
    assert stress < 1e-6
    np.testing.assert_allclose(between(found), between(points), atol=1e-5)
    turn = np.linalg.lstsq(found, points - points.mean(axis=0), rcond=None)[0]
    np.testing.assert_allclose(turn @ turn.T, np.eye(2), atol=1e-4)


def test_a_map_has_one_orientation_and_says_how_far_it_is_off():
    points = np.random.default_rng(4).normal(size=(12, 5))
    distances = between(points)
    found, stress = metric_map(distances)
    apart = between(found)
    expected = math.sqrt(((apart - distances) ** 2).sum() / (apart**2).sum())
    assert stress == pytest.approx(expected)
    assert 0.05 < stress < 0.5
    order = np.random.default_rng(5).permutation(12)
    again, _ = metric_map(distances[np.ix_(order, order)])
    np.testing.assert_allclose(again, found[order], atol=1e-3)
    assert found[:, 0].var() > found[:, 1].var()


def test_heads_without_any_distance_lie_on_one_point():
    found, stress = metric_map(np.zeros((4, 4)))
    assert stress == 0
    assert not found.any()


def test_distances_equal_those_of_scipy():
    weights = random_map(TEXT).weights.astype(np.float64)
    flat = weights.reshape(6, *weights.shape[2:])
    theirs = np.array([[np.mean(jensenshannon(a, b, axis=1) ** 2) for b in flat] for a in flat])
    np.testing.assert_allclose(js_distances(weights), theirs, atol=1e-7)


def test_distances_of_single_precision_are_off_by_a_millionth_at_most():
    weights = random_map(TEXT).weights
    assert weights.dtype == np.float32
    np.testing.assert_allclose(
        js_distances(weights), js_distances(weights.astype(float)), atol=1e-6
    )
    twice = np.concatenate([weights, weights])
    assert not np.diagonal(js_distances(twice), len(twice) * weights.shape[1] // 2).any()


def test_distances_are_means_over_records():
    maps = [random_map(TEXT, seed=seed) for seed in range(7)]
    (pairs,) = seen(*maps).distances
    expected = np.mean([js_distances(one.weights) for one in maps], axis=0)
    np.testing.assert_allclose(pairs.values, expected, atol=1e-6)


def test_planted_twins_are_found_and_counted():
    pairs = {(0, 1): (0, 0), (2, 1): (1, 0)}
    maps = [twin_of(random_map(TEXT, seed=seed), pairs) for seed in range(12)]
    result = seen(*maps)
    heads = [dict(zip(result.tables["heads"].columns, r, strict=True))
             for r in result.tables["heads"].rows]  # fmt: skip
    groups = {(row["layer"], row["head"]): row["group"] for row in heads}
    assert groups[0, 0] == groups[0, 1]
    assert groups[1, 0] == groups[2, 1]
    assert len(set(groups.values())) == 4
    near = {(r["layer"], r["head"]): (r["nearest_layer"], r["nearest_head"]) for r in heads}
    assert near[0, 1] == (0, 0)
    assert near[2, 1] == (1, 0)
    twins = said(result)["self-twins"]
    assert twins.value == pytest.approx(4 / 6)
    assert twins.level == "holds"
    assert twins.sentence.startswith("More heads attend almost as another head does than by chance")
    assert ": 4 of 6, by chance none, in texts" in twins.sentence
    assert "make 4 groups" in said(result)["self-groups"].statement


def test_random_heads_have_no_twin_and_make_no_group():
    result = seen(*(random_map(TEXT, layers=4, heads_=4, seed=seed) for seed in range(12)))
    assert ": none of 16, by chance none, in" in said(result)["self-twins"].sentence
    assert said(result)["self-twins"].level == "does not hold"
    assert "about as far from each other" in said(result)["self-layers-alike"].statement
    groups = [row[5] for row in result.tables["heads"].rows]
    assert sorted(groups) == list(range(1, 17))


def test_heads_that_are_alike_because_they_spread_are_alike_by_chance_too():
    maps = [random_map(TEXT, seed=seed, scale=0.05) for seed in range(12)]
    twins = said(seen(*maps))["self-twins"]
    assert twins.value == 1
    assert twins.null == (1, 1)
    assert twins.level == "does not hold"
    few = said(seen(*maps[:8]))["self-twins"]  # four parts measure: too few for an interval
    assert (few.interval, few.level, few.null) == (None, "described", (1, 1))
    assert few.sentence.startswith("6 of 6 heads attend almost as another head does")


def test_layers_whose_heads_are_alike_are_told():
    def alike(seed):
        one = random_map(TEXT, layers=4, heads_=4, seed=seed)
        return replace(one, weights=(one.weights + 3 * one.weights[:, :1]) / 4)

    found = said(seen(*(alike(seed) for seed in range(10))))["self-layers-alike"]
    assert found.level == "described"
    assert found.interval[0] > found.null[1]
    assert found.statement.startswith("Heads of one layer are nearer to each other than")


def test_groups_hold_heads_that_are_near_each_other_on_average():
    points = np.array([0, 0.01, 0.02, 0.5, 0.51, 3])
    of, order = clusters_of(np.abs(points[:, None] - points))
    assert of.tolist() == [1, 1, 1, 2, 2, 3]
    assert {abs(a - b) for a, b in pairwise(order)} == {1}
    assert len(set(clusters_of(np.array([[0, NEAR * 1.01], [NEAR * 1.01, 0]]))[0])) == 2


def test_shuffling_keeps_what_may_be_seen_and_how_it_is_spread():
    attention = random_map(TEXT, causal=True)
    allowed = visible(attention, 0)
    places = shuffled_keys(allowed, np.random.default_rng(0))
    moved = shuffled(attention.weights, places)
    assert not moved[..., ~allowed].any()
    np.testing.assert_array_equal(np.sort(moved, -1), np.sort(attention.weights, -1))
    assert (moved != attention.weights).any()
    counts = np.zeros((4, 4))
    for seed in range(3000):
        drawn = shuffled_keys(np.ones((1, 4), dtype=bool), np.random.default_rng(seed))[0]
        counts[np.arange(4), drawn] += 1
    np.testing.assert_allclose(counts / 3000, 0.25, atol=0.03)


def test_long_texts_lend_an_even_sample_of_their_rows(monkeypatch):
    assert sample_rows(5, 9).tolist() == [0, 1, 2, 3, 4]
    assert sample_rows(9, 3).tolist() == [1, 4, 7]
    monkeypatch.setattr("attnatlas.analyses.similarity.distances.WORK", 6 * 6 * 12 * 3 // 2)
    attention = random_map(TEXT)
    (pairs,) = seen(attention).distances
    expected = [js_distances(attention.weights[:, :, [a, a + 4, a + 8]]) for a in range(4)]
    assert min(np.abs(pairs.values - one).max() for one in expected) < 1e-6


def test_each_row_of_a_long_text_is_as_likely_to_be_in_its_sample():
    random = np.random.default_rng(0)
    drawn = [sample_rows(11, 3, random.random()) for _ in range(4000)]
    assert {len(np.unique(rows)) for rows in drawn} == {3}
    np.testing.assert_allclose(np.bincount(np.concatenate(drawn)) / 4000, 3 / 11, atol=0.03)


def test_later_texts_of_a_long_corpus_lend_fewer_rows(monkeypatch):
    monkeypatch.setattr("attnatlas.analyses.similarity.distances.WORK", 6 * 6 * 12 * 8 // 2)
    attention, read = random_map(TEXT), []
    monkeypatch.setattr(
        "attnatlas.analyses.similarity.distances.js_distances",
        lambda weights: read.append(weights.shape[2]) or js_distances(weights),
    )
    for number in (0, 15, 16, 33, 800):
        _measured(attention, number)
    assert read[::2] == read[1::2] == [8, 8, 4, 2, 1]


def test_one_record_is_described_and_one_head_is_not_compared():
    alone = seen(random_map(TEXT))
    assert {finding.level for finding in alone.findings} == {"described"}
    assert {finding.interval for finding in alone.findings} == {None}
    assert seen(random_map(TEXT, layers=1, heads_=1)).empty
    assert compute([], Distances()).empty


def test_each_kind_has_a_map_of_its_own():
    distances = Distances()
    for seed in range(3):
        distances.add(
            capture(
                random_map("a b c </s>", kind="encoder", seed=seed),
                random_map("</s> x y", kind="decoder", causal=True, seed=seed),
                random_map("</s> x y", keys="a b c </s>", kind="cross", seed=seed),
            ),
            {},
        )
    result = compute([], distances)
    assert [pairs.kind for pairs in result.distances] == ["encoder", "decoder", "cross"]
    assert len(result.tables["heads"].rows) == 18
