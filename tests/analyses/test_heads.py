"""Every head metric against its definition written out in plain loops."""

import math
from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses.head_metrics import METRICS, entropy, grid
from attnatlas.capture import Token, masks

from tests.analyses.small_maps import capture, golden, random_map, words

TEXTS = (
    "[CLS] the old dog , the cat , saw . [SEP]",
    "[CLS] the dog [SEP] the dog saw [SEP]",
    "a b c d",
    "a a a",
    "word",
    "[CLS] [SEP]",
)
PUNCTUATION = {",", "."}


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def metrics_in_loops(row_of, queries, keys, sees, cross):
    """Return all metrics of one head; `row_of[q][k]` is a weight, `sees(q, k)` what is allowed."""
    n, m = range(len(queries)), range(len(keys))
    ids = [token.id for token in queries]
    copies = [[k for k in range(q) if ids[k] == ids[q] and not queries[q].special] for q in n]
    shares = []
    for q in n:
        inner = [row_of[q][k] for k in m if not keys[k].special]
        if not queries[q].special and sum(inner) > 0:
            shares.append(max(inner) / sum(inner))
    found = {
        "entropy": mean(-sum(a * math.log(a) for a in row_of[q] if a > 0) for q in n),
        "confidence": mean(max(row_of[q]) for q in n),
        "confidence_nospecial": mean(shares),
        "delimiter": mean(sum(row_of[q][k] for k in m if keys[k].text == "[SEP]") for q in n),
        "punctuation": mean(sum(row_of[q][k] for k in m if keys[k].text in PUNCTUATION) for q in n),
        "special": mean(sum(row_of[q][k] for k in m if keys[k].special) for q in n),
        "queries": len(queries),
        **working_in_loops(row_of, queries, keys, copies, cross),
    }
    if cross:
        return found
    importance = [sum(row_of[q][k] for q in n) / sum(sees(q, k) for q in n) for k in m]
    return found | {
        "distance": mean(sum(row_of[q][k] * abs(q - k) for k in m) for q in n),
        "previous": mean(row_of[q][q - 1] for q in n if q >= 1),
        "next": mean(row_of[q][q + 1] for q in n if q + 1 < len(queries)),
        "self": mean(row_of[q][q] for q in n),
        "first": mean(row_of[q][0] for q in n if q >= 1),
        "induction": mean(sum(row_of[q][k + 1] for k in copies[q]) for q in n if copies[q]),
        "duplicate": mean(sum(row_of[q][k] for k in copies[q]) for q in n if copies[q]),
        "sink_importance": max(importance),
    }


def working_in_loops(row_of, queries, keys, copies, cross):
    """Return what one head does without the tokens where heads rest, and how much rests there."""
    n, m = range(len(queries)), range(len(keys))
    rests = {k for k in m if keys[k].special} or (set() if cross else {0})
    rows = [q for q in n if not queries[q].special and (cross or q not in rests)]
    columns = [k for k in m if k not in rests]
    if not rows or not columns:
        return {"working_rows": 0}
    left = {q: sum(row_of[q][k] for k in columns) for q in rows}
    counted = [q for q in rows if left[q] >= 0.05]

    def share(looks):
        wanted = {q: [k for k in looks(q) if k in columns] for q in counted}
        return mean(sum(row_of[q][k] for k in ks) / left[q] for q, ks in wanted.items() if ks)

    punctuation = [k for k in columns if keys[k].text in PUNCTUATION]
    found = {
        "rest": mean(sum(row_of[q][k] for k in rests) for q in rows),
        "working_rows": len(counted),
        "working_punctuation": mean(
            sum(row_of[q][k] for k in punctuation) / left[q] for q in counted
        ),
    }
    if cross:
        return found
    return found | {
        "working_previous": share(lambda q: [q - 1]),
        "working_next": share(lambda q: [q + 1]),
        "working_self": share(lambda q: [q]),
        "working_induction": share(lambda q: [k + 1 for k in copies[q]]),
        "working_duplicate": share(lambda q: copies[q]),
    }


def assert_like_loops(attention, sees):
    values = grid(attention).values
    assert values.shape == (len(METRICS), attention.layers, attention.heads)
    for layer, head in np.ndindex(values.shape[1:]):
        rows = attention.weights[layer, head].astype(float).tolist()
        cross = attention.kind == "cross"
        expected = metrics_in_loops(rows, attention.queries, attention.keys, sees, cross)
        for name, value in zip(METRICS, values[:, layer, head], strict=True):
            assert value == pytest.approx(expected.get(name, math.nan), abs=1e-12, nan_ok=True), (
                name
            )


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("causal", [False, True])
def test_metrics_follow_their_definitions(text, causal):
    attention = random_map(text, causal=causal, seed=len(text))
    assert_like_loops(attention, lambda q, k: k <= q or not causal)


def test_metrics_between_two_sequences_have_no_positions():
    attention = random_map("</s> x y z", keys="a , b [SEP]", kind="cross")
    assert_like_loops(attention, lambda q, k: True)
    undefined = np.isnan(grid(attention).values).all(axis=(1, 2))
    assert {name for name, nan in zip(METRICS, undefined, strict=True) if nan} == {
        "distance", "previous", "next", "self", "first", "induction", "duplicate",
        "sink_importance", "working_previous", "working_next", "working_self",
        "working_induction", "working_duplicate",
    }  # fmt: skip


def test_blocks_of_layers_give_the_same_numbers(monkeypatch):
    attention = random_map(TEXTS[0], layers=5)
    whole = grid(attention).values
    monkeypatch.setattr(heads, "BLOCK", 1)
    np.testing.assert_array_equal(grid(attention).values, whole)


def test_smoothed_entropy_equals_the_authors_numbers():
    expected = [
        [0.76271447, 0.65577856],
        [0.74538158, 0.65582905],
        [0.65986735, 0.74486109],
    ]
    np.testing.assert_allclose(entropy(golden(), smooth=0.0001), expected, atol=5e-9)


@pytest.mark.parametrize("tokens", [1, 2, 7])
def test_entropy_of_uniform_attention_is_ln_n(tokens):
    uniform = np.full((1, 1, tokens, tokens), 1 / tokens)
    assert entropy(uniform)[0, 0] == pytest.approx(math.log(tokens))


@pytest.mark.parametrize("causal", [False, True])
def test_the_null_is_the_same_metric_of_uniform_attention(causal):
    attention = random_map(TEXTS[0], causal=causal, layers=2)
    allowed = np.ones((11, 11))
    even = np.tril(allowed) if causal else allowed
    even = (even / even.sum(axis=1, keepdims=True))[None, None].repeat(2, axis=0)
    uniform = grid(replace(attention, weights=even.astype(np.float32)))
    np.testing.assert_allclose(grid(attention).null, uniform.values[:, :, 0], atol=1e-6)


def test_each_layer_has_the_null_of_its_own_window():
    attention = random_map("a b c d e f", causal=True, layers=3)
    near = np.tril(np.ones((6, 6)), 0) * ~np.tril(np.ones((6, 6), dtype=bool), -2)
    weights = attention.weights.copy()
    weights[1] *= near
    weights /= weights.sum(axis=-1, keepdims=True)
    windowed = replace(attention, weights=weights, window=(None, 2, None))
    null = dict(zip(METRICS, grid(windowed).null, strict=True))
    assert null["previous"].tolist() == pytest.approx([0.29, 0.5, 0.29])
    assert null["entropy"][1] == pytest.approx(5 / 6 * math.log(2))


def test_a_window_without_direction_reaches_both_ways():
    attention = replace(random_map("a b c d e f"), window=(None, 2, 3))
    weights = attention.weights.copy()
    far = np.abs(np.arange(6)[:, None] - np.arange(6))
    weights[1] *= far < 2
    weights[2] *= far < 3
    attention = replace(attention, weights=weights)
    np.testing.assert_array_equal(masks.visible(attention, 1), far < 2)
    np.testing.assert_array_equal(masks.visible(attention, 2), far < 3)
    assert masks.visible(attention, 0).all()


def test_weight_counts_as_seen_whatever_the_declared_window():
    attention = replace(random_map("a b c d", causal=True), window=(1, 1, 1))
    np.testing.assert_array_equal(masks.visible(attention, 0), np.tril(np.ones((4, 4), dtype=bool)))


def test_attention_that_partly_goes_nowhere_is_taken_as_it_is():
    attention = random_map("a b c")
    sink = np.full((3, 2, 3), 0.5, dtype=np.float32)
    half = replace(attention, weights=attention.weights / 2, sink=sink)
    whole, found = (dict(zip(METRICS, grid(m).values, strict=True)) for m in (attention, half))
    for name in ("previous", "self", "confidence", "distance", "sink_importance"):
        np.testing.assert_allclose(found[name], whole[name] / 2)
    name = "confidence_nospecial"
    np.testing.assert_allclose(found[name], whole[name], rtol=1e-6)


def test_special_delimiters_and_punctuation_are_told_apart():
    tokens = (
        *words("[CLS] [SEP]"),
        *(
            Token(text, special=True)
            for text in ("</s>", "<|endoftext|>", "<eos>", "<s>", "[MASK]")
        ),
        *(Token(text) for text in (" ,", "...", "Ġ.", "▁!", "[SEP]", "'s", "$", " ", "«", "end")),
    )
    assert masks.special(tokens).tolist() == [True] * 7 + [False] * 10
    assert np.flatnonzero(masks.delimiter(tokens)).tolist() == [1, 2, 3, 4]
    assert np.flatnonzero(masks.punctuation(tokens)).tolist() == [7, 8, 9, 10, 15]


def test_copies_are_of_the_same_id_or_where_ids_are_unknown_the_same_text():
    tokens = (Token("a", 1), Token(" a", 1), Token("b"), Token("b"), Token("a", 2))
    pairs = np.argwhere(masks.earlier_copies(tokens)).tolist()
    assert pairs == [[1, 0], [3, 2]]


def test_a_result_names_the_special_tokens_of_each_kind():
    encoder, cross = (
        random_map("a [SEP]", kind="encoder"),
        random_map("x", keys="a b", kind="cross"),
    )
    result = heads.compute(capture(encoder, cross))
    assert [part.kind for part in result.grids] == ["encoder", "cross"]
    assert result.tables["special"].rows == (("encoder", "[SEP]"),)
