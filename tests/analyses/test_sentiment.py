"""What drives answers: signed means by hand, adjectives first, aspects beside erasing."""

from dataclasses import replace

import pytest
from attnatlas.analyses.analysis import Read
from attnatlas.analyses.sentiment.report import compute
from attnatlas.analyses.word_erasure.record import ANSWER, ASPECTS, WORDS
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Table

from tests.analyses.small_maps import capture, random_map

ANSWERED = ("the class", "probability", 0.9, "integrated_gradients", 0.3, "mask", None, None)


def erased(words, aspects=()):
    rows = [(word, at, share, None, None) for at, (word, share) in enumerate(words)]
    tables = {"answer": Table(ANSWER, (ANSWERED,)), "words": Table(WORDS, tuple(rows))}
    if aspects:
        tables["aspects"] = Table(ASPECTS, tuple(aspects))
    return Result("word_erasure", tables=tables)


class Everything:
    """Texts as one model answered them: (record, label predicted, words, aspects) each."""

    def __init__(self, *read):
        self.read = read
        self.models = (capture(random_map("x y")).model,)

    def reads(self, model):
        for record, label, words, aspects in self.read:
            labels = {"good": 0.9, "bad": 0.1} if label == "good" else {"good": 0.1, "bad": 0.9}
            said = {"task": "classification", "label": label, "labels": labels, "score": 0.9}
            one = replace(capture(random_map("fine thing")), record=record, prediction=said)
            yield Read(model, "corpus", one, {"word_erasure": erased(words, aspects)})


def rows(result, name):
    table = result.tables[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def text(name, label="good", **more):
    return Record(name, "fine thing", label=label, **more)


def test_a_word_speaks_by_its_signed_mean_and_against_one_label_is_for_the_other():
    result = compute(
        Everything(
            (text("a"), "good", (("Lovely", 0.6), ("box", 0.4)), ()),
            (text("b"), "good", (("lovely", 0.2), ("rude", -0.5)), ()),
            (text("c"), "bad", (("rude", 0.7), ("box", 0.3)), ()),
        )
    )
    found = {(row["label"], row["word"]): row for row in rows(result, "words")}
    assert found["good", "lovely"]["share"] == pytest.approx(0.4)
    assert found["bad", "rude"]["share"] == pytest.approx(0.6)  # 0.7, and -(-0.5)
    assert found["good", "box"]["share"] == pytest.approx(0.05)  # 0.4 and -0.3
    assert ("bad", "lovely") not in found
    assert found["good", "lovely"]["part of speech"] == "ADJ"
    assert [row["word"] for row in rows(result, "words") if row["label"] == "good"] == [
        "lovely",
        "box",
    ]
    said = (
        "The adjectives that weigh most in the answers of m, each in 2 texts or more: for “good”: "
        "“lovely”; for “bad”: “rude”."
    )
    assert result.findings[0].statement == said
    assert result.findings[0].n == 2


def test_a_word_is_named_only_where_it_carries_some_of_the_answer_and_surely():
    words = (("lovely", 0.6), ("rude", 0.04), ("big", 0.9), ("box", 0.9))
    turned = (("lovely", 0.5), ("rude", 0.04), ("big", -0.6), ("box", 0.9))
    read = [(text(f"t{at}"), "good", words if at % 2 else turned, ()) for at in range(8)]
    (said,) = compute(Everything(*read)).findings
    assert said.statement.endswith("each in 8 texts or more: for “good”: “lovely”.")
    assert said.n == 8


def test_a_word_of_one_group_of_near_copies_is_named_nowhere():
    words = (("lovely", 0.6), ("late", 0.7))
    group = {"group": "she-he"}
    read = [
        (text("a", **group), "good", words, ()),
        (text("b", **group), "good", words, ()),
        (text("c"), "good", words[:1], ()),
    ]
    result = compute(Everything(*read))
    assert [row["word"] for row in rows(result, "words") if row["label"] == "good"] == ["lovely"]
    assert "late" not in result.findings[0].statement


def test_parts_of_speech_of_the_corpus_come_before_our_list():
    tree = {"words": ("lovely", "thing"), "upos": ("PROPN", "ADJ")}
    record = replace(text("a"), text="lovely thing", **tree)
    words = (("lovely", 0.5), ("thing", 0.4))
    both = Everything((record, "good", words, ()), (replace(record, id="b"), "good", words, ()))
    table = Table(WORDS, (("lovely", 0, 0.5, None, None), ("thing", 7, 0.4, None, None)))

    def reads(model):
        for one in Everything.reads(both, model):
            result = one.results["word_erasure"]
            tables = {**result.tables, "words": table}
            yield replace(one, results={"word_erasure": replace(result, tables=tables)})

    both.reads = reads
    found = {row["word"]: row for row in rows(compute(both), "words") if row["label"] == "good"}
    assert [(w, r["part of speech"], r["told by"]) for w, r in found.items()] == [
        ("thing", "ADJ", "upos"),
        ("lovely", "PROPN", "upos"),
    ]


def aspect(name, share, without, alone):
    return (name, 0, f"the {name}", 0, share, without, alone)


def test_an_aspect_leads_by_its_words_and_erasing_agrees_or_not():
    agrees = (aspect("service", -0.1, 0.95, 0.2), aspect("product", 0.7, 0.2, 0.9))
    differs = (aspect("soup", 0.5, 0.85, 0.9), aspect("room", 0.3, 0.4, 0.8))
    alone = (aspect("product", 0.5, 0.5, 0.5),)
    result = compute(
        Everything(
            (text("a", "bad"), "good", (("x", 1.0),), agrees),
            (text("b"), "good", (("x", 1.0),), differs),
            (text("c"), "good", (("x", 1.0),), alone),
        )
    )
    first, second = rows(result, "texts")
    assert (first["record"], first["leads"], first["erasing"]) == ("b", "soup", "room")
    assert (first["agrees"], first["mixed"]) == ("no", "no")
    assert (second["agrees"], second["mixed"], second["follows"]) == ("yes", "yes", "product")
    by_name = {row["aspect"]: row for row in rows(result, "aspects")}
    product = by_name["product"]
    assert (product["texts"], product["leads"], product["with others"]) == (2, 1, 1)
    assert product["share"] == pytest.approx(0.6)
    assert product["fall"] == pytest.approx((0.7 + 0.4) / 2)
    said = [finding.statement for finding in result.findings]
    assert said[-2].startswith("In 1 of 2 texts, the aspect whose words weigh most for m is")
    assert said[-1] == (
        "In 1 labelled text the aspects speak for different answers; m follows the wrong one in 1."
    )
    assert all(finding.interval is None for finding in result.findings)  # below five clusters


def test_without_erased_words_there_is_no_report():
    nothing = Everything()
    assert compute(nothing).empty
