"""Which tokens a head links and where it is most itself, counted again in plain loops."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses import token_pairs
from attnatlas.analyses.token_pairs import PairCounts, compute
from attnatlas.capture import Token

from tests.analyses.small_maps import capture, random_map, record_results

TEXTS = (
    "[CLS] the dog saw the cat [SEP]",
    "[CLS] the cat ran [SEP]",
    "[CLS] a dog and a cat and a dog [SEP]",
)


def captures(causal=False):
    maps = [random_map(text, seed=seed, causal=causal) for seed, text in enumerate(TEXTS)]
    return [capture(one, record=f"r{number}") for number, one in enumerate(maps)]


def result_of(found):
    seen = PairCounts()
    for one in found:
        seen.add(one, {})
    return compute(record_results(found), seen)


def rows_of(result, name, **fixed):
    table = result.tables[name]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row[k] == v for k, v in fixed.items())]


def counted(found, layer, head):
    """Return {(query, key): [sum of weights, sum of uniform weights, places]} in loops."""
    pairs = defaultdict(lambda: [0.0, 0.0, 0])
    for one in found:
        (attention,) = one.maps
        for q, query in enumerate(attention.queries):
            seen = q + 1 if attention.causal else len(attention.keys)
            for k, key in enumerate(attention.keys[:seen]):
                entry = pairs[query.text, key.text]
                entry[0] += float(attention.weights[layer, head, q, k])
                entry[1] += 1 / seen
                entry[2] += 1
    return pairs


@pytest.mark.parametrize("causal", [False, True])
def test_pairs_are_those_counted_in_loops(causal):
    found = captures(causal)
    result = result_of(found)
    for layer, head in np.ndindex(3, 2):
        pairs = counted(found, layer, head)
        rows = rows_of(result, "links", layer=layer, head=head)
        for special, most in ((0, token_pairs.TOP), (1, token_pairs.TOP_SPECIAL)):
            shown = [row for row in rows if row["special"] == special]
            ours = {
                name: entry for name, entry in pairs.items()
                if any(text.startswith("[") for text in name) == special and entry[0] > entry[1]
            }  # fmt: skip
            expected = sorted(ours, key=lambda name: ours[name][1] - ours[name][0])[:most]
            assert [(row["query"], row["key"]) for row in shown] == expected
            for row in shown:
                total, null, n = pairs[row["query"], row["key"]]
                assert row["n"] == n
                assert row["mean"] == pytest.approx(total / n, rel=1e-5)
                assert row["null"] == pytest.approx(null / n, rel=1e-9)


def test_space_around_a_token_does_not_tell_it_apart():
    (one, *_) = captures()
    (attention,) = one.maps
    tokens = (Token("[CLS]", 0, special=True), *(replace(t, text=f" {t.text}")
              for t in attention.queries[1:]))  # fmt: skip
    spaced = replace(one, maps=(replace(attention, queries=tokens, keys=tokens),))
    assert result_of([one]).tables["links"] == result_of([spaced]).tables["links"]


def test_memory_is_bounded_and_what_stands_out_is_kept(monkeypatch):
    monkeypatch.setattr(token_pairs, "CELLS", 60 * (3 * 2 + 3 + 1))
    found = []
    for seed in range(40):
        words = " ".join(f"w{seed}x{place}" for place in range(6))
        one = random_map(f"king crown {words}", seed=seed, scale=0.5)
        weights = one.weights.copy()
        weights[:, :, 0] = 0.02
        weights[:, :, 0, 1] = 0.86
        found.append(capture(replace(one, weights=weights), record=f"r{seed}"))
    seen = PairCounts()
    for one in found:
        seen.add(one, {})
        assert len(seen.sums["self"].names) <= 60
        assert len(seen.sums["self"].n) <= 120
    result = compute(record_results(found), seen)
    first = rows_of(result, "links", layer=2, head=1)[0]
    assert (first["query"], first["key"], first["n"]) == ("king", "crown", 40)
    assert first["mean"] == pytest.approx(0.86)
    assert rows_of(result, "kept")[0]["let_go"] > 1000


def test_examples_are_the_records_in_which_a_head_is_most_itself():
    found = captures()
    result = result_of(found)
    grids = [heads.grid(one.maps[0]) for one in found]
    for measure in ("previous", "duplicate", "entropy"):
        values = np.stack([grid.values[heads.METRICS.index(measure)] for grid in grids])
        for layer, head in np.ndindex(3, 2):
            column = values[:, layer, head]
            order = [i for i in np.argsort(-column, kind="stable") if not np.isnan(column[i])]
            rows = rows_of(result, "examples", layer=layer, head=head, measure=measure)
            assert [row["record"] for row in rows] == order[:3]
            assert [row["value"] for row in rows] == pytest.approx(column[order[:3]])


def test_no_capture_has_no_links():
    assert compute([], PairCounts()).empty
