"""The same word in two texts: planted differences are found, identical rows give 0."""

import numpy as np
import pytest
from attnatlas.analyses.context import record as context
from attnatlas.analyses.context.pairs import compared, divergence, keys_of, partition, shared
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.corpus import Record, load_corpus, record_from_json
from attnatlas.results.shapes import Result
from scipy.spatial.distance import jensenshannon

from tests.analyses.small_maps import softmax
from tests.analyses.trees import pieces

ONE = "the old bank of this river lies low"
OTHER = "my big bank of that city pays well"


def pair(number, one=ONE, other=OTHER, group=None):
    name = group or f"g{number}"
    texts = (one, other)
    return [Record(f"r{number}{n}", text, group=name) for n, text in enumerate(texts)]


def capture(record, weights, prediction=None):
    tokens = pieces(record)
    part = AttentionMap("self", tokens, tokens, weights.astype(np.float32))
    return Capture(ModelInfo("m", "encoder"), record, (part,), prediction or {"task": "none"})


def by_word(record, seed, own):
    """Return attention [2, 2, token, token] that is `own` to each word, and the rest to chance."""
    tokens = pieces(record)
    names = [token.text.strip() for token in tokens]
    weights = softmax(
        np.random.default_rng((seed, 1)).normal(0, 1.5, (2, 2, len(names), len(names)))
    )
    for place, name in enumerate(names):
        habit = np.random.default_rng(sum(name.encode())).normal(0, 2, (2, 2, 60))
        columns = np.arange(len(names)) - place + 30
        weights[..., place, :] *= 1 - own
        weights[..., place, :] += own * softmax(habit[..., columns])
    return weights


def record_results(records, make):
    return [
        (r, {"context": context.compute(capture(r, make(r, n)))}) for n, r in enumerate(records)
    ]


def finding(result):
    (found,) = result.findings
    return found


def rows(result):
    table = result.tables["pairs"]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_the_divergence_is_that_of_scipy_on_the_parts_both_texts_have():
    labels = (["a", "b", "c", " [CLS]", " [SEP]"], ["b", "c", "d", " [CLS]", " [SEP]"])
    one, other = np.array([0.1, 0.3, 0.2, 0.15, 0.25]), np.array([0.4, 0.1, 0.2, 0.2, 0.1])
    found = divergence(one, other, partition((5, 5), shared(labels), (1, 0)))
    # parts: all else, the word itself, then c, [CLS] and [SEP]
    parts = ([0.1, 0.3, 0.2, 0.15, 0.25], [0.2, 0.4, 0.1, 0.2, 0.1])
    assert found == pytest.approx(jensenshannon(*parts) ** 2)


def test_what_both_texts_have_keeps_its_order():
    labels = (["x", "w", "z", "y", " [SEP]"], ["w", "z", "x", " [SEP]"])
    common = shared(labels)
    assert common == [(1, 0), (2, 1), (4, 3)]
    first, second = partition((5, 4), common, (1, 0))
    assert first.tolist() == [1, 0, 3, 1, 4]
    assert second.tolist() == [0, 3, 1, 4]


def test_identical_rows_give_0():
    records = [r for n in range(6) for r in pair(n, ONE, ONE)]
    result = context.aggregate(record_results(records, lambda r, n: by_word(r, n // 2, 0.5)))
    assert finding(result).value == 0
    assert "attention differs by 0% of the most possible" in finding(result).statement
    assert {row["divergence"] for row in rows(result)} == {0}
    assert all(value == 0 for value in result.series[0].y)


def test_words_that_keep_their_habit_are_told_from_chance():
    records = [r for n in range(10) for r in pair(n)]
    result = context.aggregate(record_results(records, lambda r, n: by_word(r, n, 0.97)))
    found = finding(result)
    assert found.level == "described"  # words of one place attend alike in any model
    assert found.n == 10
    assert found.value < found.interval[1] < found.null[0]


def test_words_that_their_context_decides_differ_as_much_as_different_words():
    judged = []
    for trial in range(12):
        records = [r for n in range(6) for r in pair(n)]
        made = record_results(records, lambda r, n, trial=trial: by_word(r, 50 * trial + n, 0))
        found = finding(context.aggregate(made))
        assert found.value > 0.05
        judged.append(found.interval[1] < found.null[0])
    assert sum(judged) <= 1


def test_a_planted_change_of_context_stands_first_in_the_table():
    def make(record, number):
        weights = by_word(record, 0, 1)
        if record.id.endswith("1"):
            weights[..., 3, :] = np.eye(len(weights[0, 0]))[-1] * 0.98 + 0.02 / len(weights[0, 0])
        return weights

    records = pair(0, ONE, ONE)
    found = rows(context.aggregate(record_results(records, make)))
    by = {row["word"]: row["divergence"] for row in found}
    assert max(by, key=by.get) == "bank"
    assert by["bank"] > 0.2
    assert all(value == 0 for word, value in by.items() if word != "bank")


def test_the_words_compared_are_those_that_are_named_or_marked():
    one, other = pair(0, group="bank")
    assert compared(one, other, "group bank") == [(2, 2)]
    tagged = Record("a", ONE, tags=("bank", "hard"))
    assert keys_of(tagged) == ["tag bank"]
    assert keys_of(Record("a", ONE, tags=("polysemy",))) == []
    rows = [
        {"id": str(n), "text": f"The {who} told me that she was late.", "group": "g",
         "mention": "she", "candidates": [f"The {who}"]}
        for n, who in enumerate(("nurse", "doctor"))
    ]  # fmt: skip
    marked = [record_from_json(row) for row in rows]
    assert compared(*marked, "group g") == [(5, 5)]
    assert compared(*pair(0), "group g0") == [(2, 2), (3, 3)]


def test_the_showcase_compares_bank_with_bank():
    known = {record.id: record for record in load_corpus("showcase").records}
    one, other = known["bank-river"], known["bank-money"]
    assert keys_of(one) == ["group bank"]
    assert [one.text.split()[i] for i, _ in compared(one, other, "group bank")] == ["bank"]


def test_the_change_of_a_classifier_stands_beside():
    one, other = pair(0, group="bank")
    made = []
    for record, share in ((one, 0.9), (other, 0.3)):
        said = {"task": "classification", "labels": {"good": share, "bad": 1 - share}}
        found = context.compute(capture(record, by_word(record, 0, 0.5), said))
        made.append((record, {"context": found}))
    (row,) = rows(context.aggregate(made))
    assert row["answer"] == pytest.approx(0.6)
    assert (row["first"], row["second"], row["word"]) == ("r00", "r01", "bank")
    assert finding(context.aggregate(made)).level == "described"


def test_only_texts_that_wait_for_another_are_held():
    records = [r for n in range(30) for r in pair(n)]
    made = record_results(records, lambda r, n: by_word(r, n, 0.5))
    alive = []

    class Stream:
        def __iter__(self):
            yield from made

    walk = context.text_pairs(Stream(), "self")
    for _ in walk:
        alive.append(len(walk.gi_frame.f_locals["waiting"]))
    assert len(alive) == 30
    assert max(alive) == 0


def test_records_without_a_key_and_no_records_say_nothing():
    record = Record("r", ONE)
    assert context.compute(capture(record, by_word(record, 0, 0.5))).empty
    assert context.aggregate([]).empty
    assert context.aggregate([(Record("r", "t"), {"context": Result("context")})]).empty
    alone = pair(0)[:1]
    assert context.aggregate(record_results(alone, lambda r, n: by_word(r, n, 0.5))).empty
