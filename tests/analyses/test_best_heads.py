"""The best head for each pattern, chosen and measured fairly, beside luck."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import best_heads
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses.best_heads import Shuffles, compute, null_values
from attnatlas.analyses.profile.roles import PATTERNS

from tests.analyses.small_maps import capture, random_map, record_results

WORDS = ["the", "old", "dog", "saw", "a", "cat", "and", "then", "the", "home"]


def text_of(number):
    return " ".join(["[CLS]", *WORDS[: 6 + number % 5], "[SEP]"])


def found_in(maps):
    captures = [capture(one, record=f"r{number}") for number, one in enumerate(maps)]
    spooled, seen = record_results(captures), Shuffles()
    for one, (_, results) in zip(captures, spooled, strict=True):
        seen.add(one, results)
    return compute(spooled, seen), spooled


def rows_of(result):
    table = result.tables["best"]
    return {row[1]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def planted(seed):
    noise = random_map(text_of(seed), layers=3, heads_=4, seed=seed, scale=0.5)
    weights = noise.weights * 0.3
    length = weights.shape[-1]
    weights[1, 2, np.arange(1, length), np.arange(length - 1)] += 0.7
    weights[1, 2, 0] /= 0.3
    untouched = np.ones((3, 4), dtype=bool)
    untouched[1, 2] = False
    weights[untouched] /= 0.3
    return replace(noise, weights=weights)


def test_a_planted_head_is_chosen_and_measured_on_the_other_half():
    result, spooled = found_in([planted(seed) for seed in range(12)])
    row = rows_of(result)["previous"]
    place = heads.METRICS.index("previous")
    values = np.array([r["heads"].grids[0].values[place, 1, 2] for _, r in spooled])
    assert (row["layer"], row["head"], row["chosen_n"], row["n"], row["heads"]) == (1, 2, 6, 6, 12)
    assert row["chosen"] == pytest.approx(values[::2].mean())
    assert row["value"] == pytest.approx(values[1::2].mean())
    assert row["beyond_chance"] == "yes"
    assert row["null_high"] < 0.2
    said = {finding.id: finding for finding in result.findings}["self-best-previous"]
    assert said.sentence.startswith("L1H2 has the habit of looking at the token before: ")
    assert said.sentence.endswith("%, in six texts not used to choose it.")
    assert said.null_says == "the best of 12 heads with the weights of each row in random order"


def test_the_best_of_heads_without_habits_is_luck():
    maps = [random_map(text_of(seed), layers=4, heads_=8, seed=seed) for seed in range(20)]
    rows = rows_of(found_in(maps)[0])
    for pattern in ("previous", "next", "self", "first"):
        assert rows[pattern]["beyond_chance"] != "yes", pattern


def test_luck_is_what_shuffled_weights_would_measure():
    attention = random_map(text_of(4), layers=1, heads_=3, causal=True)
    found = np.concatenate(
        [null_values(attention, np.random.default_rng(seed)) for seed in range(20)]
    )
    grid = heads.grid(attention)
    for place, pattern in enumerate(PATTERNS):
        null = grid.null[heads.METRICS.index(pattern)]
        values = found[:, place]
        error = values.std() / len(values) ** 0.5
        np.testing.assert_allclose(values.mean(axis=0), null[0], atol=5 * error + 1e-7)


def test_long_texts_are_shuffled_in_an_even_sample_of_rows(monkeypatch):
    attention = random_map(text_of(4), scale=0.01)
    monkeypatch.setattr(best_heads, "ROWS", 4)
    found = null_values(attention, np.random.default_rng(0))
    for pattern in ("previous", "next", "self", "first", "delimiter"):
        share = found[:, PATTERNS.index(pattern)].mean()
        assert share == pytest.approx(1 / attention.weights.shape[-1], rel=0.1), pattern


def test_habits_that_a_model_cannot_have_are_left_out():
    maps = [random_map(text_of(s)[6:-6], causal=True, seed=s) for s in range(6)]
    assert not {"next", "delimiter"} & set(rows_of(found_in(maps)[0]))
    cross = [random_map("a b c", keys="[CLS] x y z [SEP]", kind="cross", seed=s) for s in range(6)]
    result, _ = found_in(cross)
    assert set(rows_of(result)) == {"delimiter"}  # no punctuation in the texts, no order across
    assert result.findings[0].level == "described"
    assert "has the habit" not in result.findings[0].sentence
    assert result.findings[0].sentence.startswith("In the cross-attention, ")
    assert found_in([])[0].empty


def test_one_record_has_no_best_head():
    assert found_in([planted(1)])[0].empty
