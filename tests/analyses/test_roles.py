"""Roles: the rule, and heads planted where it should find them."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses.profile import all_records as profile
from attnatlas.analyses.profile.roles import PATTERNS, ROLES, Measures, assign

from tests.analyses.small_maps import capture, random_map, record_results

TEXTS = (
    "[CLS] the old dog , saw the cat . [SEP]",
    "[CLS] the cat saw the dog , and the dog saw the cat , too . [SEP]",
    "[CLS] no one saw the old , old cat [SEP]",
    "[CLS] old dogs , old cats , old friends . [SEP]",
    "[CLS] a dog saw a cat , and a cat , a dog . [SEP]",
)


def role_of(entropy_share=0.5, eligible=True, **shares):
    """Return the role of one head with the patterns given, the null being 0.1 everywhere."""
    patterns = np.array([shares.get(name, 0.1) for name in PATTERNS])[:, None, None]
    measures = Measures(
        patterns,
        np.full((len(PATTERNS), 1), 0.1),
        np.full((1, 1), 2 * entropy_share),
        np.array([2.0]),
    )
    return ROLES[assign(measures, np.full(patterns.shape, eligible))[0, 0]]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_well_above_its_null_is_the_role(pattern):
    assert role_of(**{pattern: 0.36}) == pattern
    assert role_of(**{pattern: 0.34}) == "none"


def test_the_largest_margin_wins():
    assert role_of(previous=0.4, next=0.5) == "next"
    assert role_of(duplicate=0.6, induction=0.5) == "duplicate"


def test_places_to_rest_are_considered_last():
    assert role_of(previous=0.4, delimiter=0.6, first=0.5) == "previous"
    assert role_of(delimiter=0.6, first=0.5) == "delimiter"


def test_habits_about_every_token_come_before_those_about_repeated_ones():
    assert role_of(punctuation=0.5, duplicate=0.9) == "punctuation"
    assert role_of(delimiter=0.9, duplicate=0.5) == "duplicate"


def test_a_habit_whose_interval_reaches_the_null_is_no_role():
    assert role_of(previous=0.9, eligible=False) == "none"


def test_an_even_head_is_broad_and_nan_is_no_habit():
    assert role_of(entropy_share=0.95) == "broad"
    assert role_of(entropy_share=0.85, previous=np.nan) == "none"


def test_nothing_is_broad_where_there_is_nothing_to_choose_from():
    single = Measures(np.zeros((8, 1, 1)), np.zeros((8, 1)), np.zeros((1, 1)), np.zeros(1))
    assert ROLES[assign(single, np.ones((8, 1, 1), dtype=bool))[0, 0]] == "none"


def pattern_alone(name, attention):
    """Return attention that does nothing but one pattern, [query, key]."""
    texts = [token.text for token in attention.keys]
    n = len(texts)
    queries, keys = np.ogrid[:n, :n]
    if name in ("induction", "duplicate"):
        shift = name == "induction"
        wanted = np.zeros((n, n), dtype=bool)
        for q, k in np.ndindex(n, n):
            wanted[q, k] = 0 <= k - shift < q and texts[k - shift] == texts[q]
    else:
        wanted = {
            "previous": keys == queries - 1,
            "next": keys == queries + 1,
            "self": keys == queries,
            "first": (keys == 0) & (queries >= 0),
            "delimiter": np.array([[text == "[SEP]" for text in texts]] * n),
            "punctuation": np.array([[text in ",." for text in texts]] * n),
            "broad": np.ones((n, n), dtype=bool),
        }[name]
    rows = wanted.astype(float)
    rows[rows.sum(axis=1) == 0] = np.array([text == "[SEP]" for text in texts])
    return rows / rows.sum(axis=1, keepdims=True)


def planted(names, sinks=0.0, seed=0):
    """Return records whose layer 0 holds one head a name, each with a share on [SEP]."""
    found = []
    for number, text in enumerate(TEXTS):
        noise = random_map(text, layers=1, heads_=len(names), seed=seed + number)
        clean = np.stack([pattern_alone(name, noise) for name in names])
        clean = (1 - sinks) * clean + sinks * pattern_alone("delimiter", noise)
        weights = (0.9 * clean + 0.1 * noise.weights[0])[None].astype(np.float32)
        found.append(capture(replace(noise, weights=weights), record=f"r{number}"))
    return record_results(found)


def roles_of(records):
    table = profile.compute(records).tables["roles"]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_planted_heads_are_found():
    names = [name for name in ROLES if name != "none"]
    rows = roles_of(planted(names))
    assert [row["role"] for row in rows] == names
    for row in rows:
        assert row["n"] == len(TEXTS)
        assert row["margin"] == pytest.approx(row["score"] - row["null"])
        assert row["low"] <= row["score"] <= row["high"]
        assert row["measure"] == ("entropy" if row["role"] == "broad" else row["role"])


def test_planted_heads_are_found_also_when_every_head_has_sinks():
    names = ["previous", "next", "self", "punctuation", "first"]
    assert [row["role"] for row in roles_of(planted(names, sinks=0.5))][:4] == names[:4]


def test_what_a_head_does_when_it_works_is_told_apart_from_where_it_rests():
    rows = roles_of(planted(["previous", "delimiter"], sinks=0.8))
    working, resting = rows
    assert (working["role"], working["working_role"]) == ("previous", "previous")
    assert working["rest"] > 0.7
    assert working["rest_on"] == "[SEP]"
    assert working["working_low"] <= working["working_score"] <= working["working_high"]
    assert working["working_score"] > 0.6
    words = sum(len(text.split()) - 2 for text in TEXTS)
    assert words - len(TEXTS) <= working["working_n"] <= words
    assert (resting["role"], resting["working_role"]) == ("delimiter", None)


def test_a_text_without_special_tokens_rests_on_its_first():
    found = []
    for number, text in enumerate(TEXTS):
        noise = random_map(" ".join(text.split()[1:-1]), layers=1, heads_=1, causal=True)
        rows = 0.3 * noise.weights
        rows[..., 0] += 0.7
        found.append(capture(replace(noise, weights=rows), record=f"r{number}"))
    (row,) = roles_of(record_results(found))
    assert row["rest_on"] == "the first token"
    assert row["rest"] > 0.7
    words = sum(len(text.split()) - 3 for text in TEXTS)
    assert words - len(TEXTS) <= row["working_n"] <= words


def test_too_few_texts_name_no_head():
    names = [name for name in ROLES if name not in ("none", "broad")]
    few = planted(names)[:4]
    assert {row["role"] for row in roles_of(few)} == {"none"}
    assert all(row["n"] <= 4 for row in roles_of(few))


def test_heads_of_noise_have_no_role():
    texts = [capture(random_map(text, seed=number)) for number, text in enumerate(TEXTS)]
    for row in roles_of(record_results(texts)):
        assert row["role"] == "none"
        assert row["measure"] in PATTERNS
        assert row["margin"] < 0.25
