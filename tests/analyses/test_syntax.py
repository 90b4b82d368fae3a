"""Syntax: planted heads are found in both directions, luck is not, and numbers are re-computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import survival
from attnatlas.analyses.syntax import record as syntax
from attnatlas.analyses.syntax.all_records import ALL, DIRECTIONS
from attnatlas.analyses.syntax.sentences import most_by_luck, offset_words
from attnatlas.capture import Token
from attnatlas.capture.words import owners, to_words, words_of
from attnatlas.corpus import Record, load_corpus
from attnatlas.results.shapes import Result
from scipy.stats import binom

from tests.analyses.small_maps import CLS, SEP, golden
from tests.analyses.trees import following, noise, pieces, read, record_results, tree

RECORDS = [tree(seed) for seed in range(40)]


def rows(result):
    table = result.tables["relations"]
    return {row[1]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def said(result):
    return {finding.id: finding for finding in result.findings}


def test_the_golden_word_merge():
    owner = np.array([0, 1, 1, 2, 3])
    merged = to_words(golden(), owner, owner, 4)[0, 0]
    rows = [[0.33994404, 0.09971868, 0.01576639, 0.54457088],
            [0.32422074, 0.02265922, 0.52643007, 0.12668996]]  # fmt: skip
    np.testing.assert_allclose(merged[:2], rows, atol=1e-8)
    np.testing.assert_allclose(merged.sum(axis=-1), 1)


def merged_by_hand(weights, tokens, record):
    """Return attention between words in plain loops, from the places of the tokens."""
    spans, place = [], 0
    for word in record.words or record.text.split():
        start = record.text.index(word, place)
        spans.append((start, place := start + len(word)))
    of = []
    for token in tokens:
        inside = [
            n
            for n, (start, end) in enumerate(spans)
            if token.start is not None and token.start < end and start < token.end
        ]
        of.append(inside[0] if inside else None)
    found = np.zeros((len(spans), len(spans)))
    for word in range(len(spans)):
        queries = [q for q, owner in enumerate(of) if owner == word]
        for query in queries:
            for key, owner in enumerate(of):
                if owner is not None:
                    found[word, owner] += weights[query, key] / len(queries)
    return found


def test_every_share_is_what_plain_loops_find():
    records = [tree(seed, length=6 + seed % 4) for seed in range(12)]
    split = (1, 4)
    hits, cases = np.zeros((2, 2, 3)), 0
    for seed, record in enumerate(records):
        tokens = pieces(record, split)
        weights = noise(record, tokens, seed).astype(np.float32)
        for layer, head in np.ndindex(2, 3):
            between = merged_by_hand(weights[layer, head], tokens, record)
            for word, above in enumerate(record.head):
                others = [w for w in range(len(record.head)) if w != word]
                if above:
                    cases += layer == head == 0
                    to_head = max(others, key=lambda w: between[word, w])
                    from_head = max(others, key=lambda w: between[w, word])
                    hits[0, layer, head] += to_head == above - 1
                    hits[1, layer, head] += from_head == above - 1
    (grid,) = syntax.aggregate(record_results(noise, records, split)).grids
    np.testing.assert_allclose(grid.values[:2], hits / cases)
    np.testing.assert_allclose(grid.values[2], (hits / cases).max(axis=0))
    assert set(grid.n.ravel()) == {cases}
    assert (grid.low <= grid.values).all()
    assert (grid.values <= grid.high).all()


def test_planted_heads_are_found_in_both_directions():
    result = syntax.aggregate(record_results(following, RECORDS))
    (grid,) = result.grids
    assert grid.values[0, 1, 2] == 1
    assert grid.values[1, 0, 1] == 1
    found = rows(result)
    assert list(found) == [ALL, *sorted(set(found) - {ALL}, key=list(found).index)]
    for row in found.values():
        place = (row["layer"], row["head"], row["direction"])
        assert place in {(1, 2, DIRECTIONS[0]), (0, 1, DIRECTIONS[1])}
        assert row["accuracy"] == 1
        assert row["beyond_chance"] == "yes"
        assert row["null_high"] < 0.6
    assert (said(result)["self-syntax"].value, said(result)["self-syntax"].among) == (3, 3)
    assert said(result)["self-syntax-all"].statement.startswith(
        "L1H2 joins a word to its syntactic head"
    )


def test_uniform_and_random_heads_are_not_found():
    def uniform(record, tokens, seed):
        return np.full((2, 3, len(tokens), len(tokens)), 1 / len(tokens))

    for make in (uniform, noise):
        result = syntax.aggregate(record_results(make, RECORDS))
        assert said(result)["self-syntax"].statement.startswith("Of 3 relations, none has a head")
        assert all(row["beyond_chance"] != "yes" for row in rows(result).values())


def chain(seed, away):
    """Return a record whose words all hang on the word `away` places on, as far as there is one."""
    length = 10 + seed % 3
    head = [word + away if word + away <= length else 0 for word in range(1, length + 1)]
    names = ["obj" if above else "root" for above in head]
    text = " ".join(f"w{n}" for n in range(length))
    return Record(f"c{seed}", text, head=tuple(head), deprel=tuple(names))


def test_the_best_fixed_offset_is_found_and_its_head_gains_nothing():
    def ahead(record, tokens, seed):
        weights = noise(record, tokens, seed)
        weights[0, 0] = np.eye(len(tokens), k=3) + np.eye(len(tokens)) * 0.01
        return weights / weights.sum(axis=-1, keepdims=True)

    result = syntax.aggregate(record_results(ahead, [chain(seed, 3) for seed in range(12)]))
    row = rows(result)["obj"]
    assert (row["layer"], row["head"], row["offset"], row["fixed"]) == (0, 0, 3, 1)
    assert (row["accuracy"], row["gain"], row["beyond_chance"]) == (1, 0, "no")
    assert result.tables["offsets"].rows[0][:3] == ("self", 3, 1)
    assert "“the third word after” finds 100%" in said(result)["self-syntax-obj"].statement


def test_the_half_that_chooses_does_not_leak_into_the_other():
    gains, above = [], 0
    for trial in range(25):
        records = [tree(1000 * trial + seed, length=8) for seed in range(12)]
        row = rows(syntax.aggregate(record_results(noise, records)))[ALL]
        gains.append(row["accuracy"] - 1 / 7)
        above += row["accuracy"] > row["null_high"]
    assert abs(np.mean(gains)) < 0.03  # the best of twelve on the half that chose it: 0.1 more
    assert above <= 2


def test_records_of_one_group_fall_into_the_same_half():
    pairs = [
        Record(f"p{n}", r.text, group=f"g{n // 2}", head=r.head, deprel=r.deprel)
        for n, r in enumerate(RECORDS)
    ]
    one = rows(syntax.aggregate(record_results(noise, pairs)))[ALL]
    words = [sum(above > 0 for above in record.head) for record in pairs]
    assert one["n"] == sum(count for n, count in enumerate(words) if n // 2 % 2)


def test_a_word_of_several_pieces_and_a_token_over_two_words():
    record = Record("r", "I don't know", words=("I", "do", "n't", "know"))
    tokens = (
        CLS,
        Token("I", start=0, end=1),
        Token(" don", start=1, end=5),
        Token("'t", start=5, end=7),
        Token(" know", start=7, end=12),
        SEP,
    )
    assert owners(tokens, words_of(record)).tolist() == [-1, 0, 1, 2, 3, -1]


def test_words_that_were_not_read_do_not_count():
    record = tree(3)
    tokens = pieces(record)
    cut = (*tokens[:6], tokens[-1])
    kept = [*range(6), len(tokens) - 1]
    weights = noise(record, tokens, 3)[..., kept, :][..., kept]
    result = syntax.compute(read(record, weights, cut))
    found = result.partials[0].values
    assert (found[..., 5:] == -2).all()
    assert (found[..., :5] >= 0).all()
    (grid,) = syntax.aggregate([(record, {"syntax": result})]).grids
    assert grid.n.max() == sum(0 < above <= 5 for above in record.head[:5])


def test_a_causal_model_has_no_word_before_the_first():
    record = tree(5)
    tokens = pieces(record)
    weights = noise(record, tokens, 5, causal=True)
    found = syntax.compute(read(record, weights, tokens, causal=True)).partials[0].values
    to_head, from_head = found.reshape(2, 2, 3, 9)
    assert (to_head[..., 0] == -1).all()
    assert (to_head[..., 1:] < np.arange(1, 9)).all()
    assert (from_head[..., :-1] > np.arange(8)).all()


def test_records_without_trees_and_no_records_at_all_say_nothing():
    record = Record("r", "w0 w1")
    tokens = pieces(record)
    assert syntax.compute(read(record, noise(record, tokens, 0), tokens)).empty
    assert syntax.aggregate([]).empty
    assert syntax.aggregate([(Record("r", "t"), {"syntax": Result("syntax")})]).empty
    assert syntax.aggregate([(record, {})]).empty


def test_records_are_streamed_and_two_runs_say_the_same():
    made = record_results(noise, RECORDS[:10])

    class Stream:
        reads = 0

        def __iter__(self):
            Stream.reads += 1
            yield from made

    assert syntax.aggregate(Stream()).findings == syntax.aggregate(made).findings
    assert Stream.reads > 1


def test_hostile_relations_stay_short_and_quoted():
    rough = "<b>" * 40
    records = [
        Record(
            r.id, r.text, head=r.head, deprel=tuple(rough if n != "root" else n for n in r.deprel)
        )
        for r in RECORDS[:8]
    ]
    found = said(syntax.aggregate(record_results(following, records)))
    (name,) = [key for key in found if key.startswith("self-syntax-b")]
    assert all(character.isalnum() or character == "-" for character in name)
    assert f"“{rough[:24]}”" in found[name].statement
    assert len(found[name].statement) < 250


@pytest.mark.parametrize(
    ("offset", "words"),
    [(1, "the word after"), (-1, "the word before"), (-2, "the second word before"),
     (10, "the 10th word after")],
)  # fmt: skip
def test_offsets_are_words(offset, words):
    assert offset_words(offset) == words


def test_the_bundled_trees_are_read_whole():
    records = load_corpus("syntax").records
    spans = [words_of(record) for record in records]
    assert [len(one) for one in spans] == [len(record.head) for record in records]


def test_a_claim_is_made_again_on_each_half_and_on_more_and_more_trees():
    found = list(record_results(following, RECORDS))
    claims = {one.id: one for one in syntax.aggregate(found).findings if one.claim}
    result = survival.surviving(survival.ANALYSIS.compute(found), Result("syntax", findings=(
        *claims.values(),
    )))  # fmt: skip
    [best] = [one for one in result.findings if one.level == "holds" and one.told][:1]
    ways = {way.name: way.claim for way in best.survival.ways}
    assert set(ways) == {"all texts", "one half of the texts", "the other half"}
    assert ways["all texts"] == best.claim
    assert [size for size, _ in best.survival.sizes] == [5, 10, 15, 20, 30, 40]
    assert best.survival.sizes[-1][1] == best.claim


BY_HAND = {
    "words as sums of pieces": lambda block: block.sum(axis=1).mean(),
    "first pieces alone": lambda block: block[0, 0],
    "words as means of pieces": lambda block: block.mean(),
    "the strongest of pieces": lambda block: block.max(),
}


def joined_by_hand(weights, tokens, record, merge):
    """Return the word that each is joined to [direction, word], from blocks of pieces."""
    starts = [record.text.index(word) for word in record.text.split()]
    own = [
        None if one.start is None else max(n for n, start in enumerate(starts) if start < one.end)
        for one in tokens
    ]
    pieces_of = [[at for at, word in enumerate(own) if word == n] for n in range(len(starts))]
    found = np.zeros((2, len(starts)), dtype=int)
    for one in range(len(starts)):
        others = [n for n in range(len(starts)) if n != one]
        to = {n: merge(weights[np.ix_(pieces_of[one], pieces_of[n])]) for n in others}
        of = {n: merge(weights[np.ix_(pieces_of[n], pieces_of[one])]) for n in others}
        found[:, one] = max(to, key=to.get), max(of, key=of.get)
    return found


def gain_by_hand(joined, records):
    """Return what the head that finds most words in even records gains in odd ones, all told."""
    hits, away, cases = np.zeros((2, joined[0].size // 9)), np.zeros((2, 41)), np.zeros(2)
    for number, (record, own) in enumerate(zip(records, joined, strict=True)):
        for word, above in enumerate(record.head):
            if above:
                half = number % 2
                hits[half] += own.reshape(-1, 9)[:, word] == above - 1
                away[half, above - 1 - word + 20] += 1
                cases[half] += 1
    return (hits[1, hits[0].argmax()] - away[1, away[0].argmax()]) / cases[1]


def test_pieces_are_merged_in_other_ways_as_blocks_by_hand_say():
    split, halves = (1, 4, 5), ("one half of the texts", "the other half")
    found = list(record_results(noise, RECORDS, split))
    texts = [(record, pieces(record, split)) for record in RECORDS]
    maps = [noise(record, tokens, seed) for seed, (record, tokens) in enumerate(texts)]
    by_way = {}
    for way, merge in BY_HAND.items():
        by_way[way] = [
            np.array([[joined_by_hand(one[layer, head].astype(np.float32), tokens, record, merge)
                       for head in range(3)] for layer in range(2)]).transpose(2, 0, 1, 3)
            for (record, tokens), one in zip(texts, maps, strict=True)
        ]  # fmt: skip
        name = "self" if "sums" in way else f"self/{way}"
        for (_, results), own in zip(found, by_way[way], strict=True):
            np.testing.assert_array_equal(results["syntax"].partial(name).values, own)
    assert len({str(own) for own in by_way.values()}) == 4
    ways = survival.ANALYSIS.compute(found).partial("syntax/self-syntax-all")
    values = dict(zip(ways.labels, ways.values[0], strict=True))
    assert set(values) == {f"{way}, {of}" for way in BY_HAND for of in ("all texts", *halves)}
    for way, own in by_way.items():
        assert values[f"{way}, all texts"] == pytest.approx(gain_by_hand(own, RECORDS))
        half = gain_by_hand(own[::2], RECORDS[::2])
        assert values[f"{way}, one half of the texts"] == pytest.approx(half)


def test_a_head_that_only_finds_long_words_does_not_survive_other_ways():
    """Even attention to all pieces is most to a word of several, which here is every head."""

    def even(record, tokens, seed):
        random = np.random.default_rng(seed).random((2, 3, len(tokens), len(tokens)))
        return (1 + 0.01 * random) / (len(tokens) * 1.01)

    records = [
        replace(r, head=tuple(0 if n == 4 else 5 for n in range(9)),
                deprel=tuple("root" if n == 4 else "det" for n in range(9)))
        for r in RECORDS
    ]  # fmt: skip
    found = list(record_results(even, records, (4,)))
    [told] = [one for one in syntax.aggregate(found).findings if one.id.endswith("-all")]
    assert told.claim.value > 0.8
    known = survival.surviving(survival.ANALYSIS.compute(found), Result("syntax", findings=(told,)))
    [survives] = [one.survival for one in known.findings]
    others = {way.name for way in survives.ways if not way.name.startswith("words as sums")}
    assert len(others) == 9
    assert set(survives.flips(())) == others


def test_how_many_relations_pass_by_luck_is_a_quantile_not_a_mean():
    for relations in range(1, 60):
        assert most_by_luck(relations) == binom.ppf(0.975, relations, 0.025)
