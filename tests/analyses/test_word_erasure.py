"""Words for and against: erased by hand in the ids, shares that add up, and parts of sentences."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import faithfulness, saliency, word_erasure
from attnatlas.analyses.word_erasure.moves import side_of
from attnatlas.analyses.word_erasure.parts import parts_of
from attnatlas.analyses.word_erasure.pieces import pieces
from attnatlas.analyses.word_erasure.record import LEAST_PART, questions
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.pages.record.reasons import Part, Reason, Reasons, leading
from attnatlas.probes import ExplainedInput, answers

from tests.probes.conftest import asked  # noqa: F401

SERVICE = "The customer service was terrible but the product quality is great"


def span(text, piece):
    return Span(piece, text.index(piece))


def spoken(text, *aspects):
    return [part.text for part in parts_of(text, [span(text, one) for one in aspects])]


def test_a_sentence_is_divided_among_its_aspects():
    parts = ["The customer service was terrible", "the product quality is great"]
    assert spoken(SERVICE, "customer service", "product quality") == parts
    text = "Sadly, the soup and bread were cold. We left. Still, the waiter smiled, and tips us."
    assert spoken(text, "soup", "waiter") == [
        "Sadly, the soup and bread were cold",
        "Still, the waiter smiled, and tips us",
    ]
    text = "Great but and ampersands, said the but-and shop."
    assert spoken(text, "but and ampersands") == [text.rstrip(".")]


def test_aspects_of_one_piece_share_it():
    assert len(set(spoken("Dull plot with a bright cast.", "plot", "cast"))) == 1


def rows(result, name):
    table = result.tables[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def found(asked):  # noqa: F811
    loaded, _ = asked("bert-classifier")
    record = Record("r", SERVICE, aspects=(span(SERVICE, "service"), span(SERVICE, "quality")))
    [(_, capture)] = capture_records(loaded, [record], Settings())
    results = {}
    for one in (saliency, faithfulness, word_erasure):
        results[one.ANALYSIS.name] = one.ANALYSIS.compute(capture, loaded, results)
    return loaded, capture, results


def without(loaded, capture, places):
    ids = [token.id for token in capture.maps[0].queries]
    ids = [loaded.tokenizer.mask_token_id if at in places else i for at, i in enumerate(ids)]
    at = int(np.argmax(list(capture.prediction["labels"].values())))
    with torch.no_grad():
        return float(loaded.model(torch.tensor([ids])).logits[0].softmax(-1)[at])


def tokens_in(capture, start, end):
    return {
        at
        for at, token in enumerate(capture.maps[0].queries)
        if not token.special and token.start < end and token.end > start
    }


def test_what_is_left_without_a_word_is_what_the_masked_text_gives(found):
    loaded, capture, results = found
    words = [row for row in rows(results["word_erasure"], "words") if row["without"] is not None]
    [answer] = rows(results["word_erasure"], "answer")
    assert words
    for row in words:
        start = row["start"]
        places = tokens_in(capture, start, start + len(row["word"]))
        assert row["without"] == pytest.approx(without(loaded, capture, places), abs=1e-5)
        fall = answer["full"] - row["without"]
        room = answer["full"] if fall > 0 else 1 - answer["full"]
        side = "for" if row["share"] > 0 else "against"
        if abs(fall) < min(0.05, room / 2):
            side = "idle"
        elif fall * row["share"] < 0:
            side = "otherwise"
        assert row["side"] == side


def test_an_aspect_is_erased_and_read_alone(found):
    loaded, capture, results = found
    row, _ = rows(results["word_erasure"], "aspects")
    part = tokens_in(capture, row["part start"], row["part start"] + len(row["part"]))
    every = tokens_in(capture, 0, len(SERVICE))
    assert row["without"] == pytest.approx(without(loaded, capture, part), abs=1e-5)
    assert row["alone"] == pytest.approx(without(loaded, capture, every - part), abs=1e-5)


def test_shares_are_sums_over_the_tokens_of_a_word_by_the_method_that_erasing_confirms(found):
    _, capture, results = found
    [answer] = rows(results["word_erasure"], "answer")
    confirmed = {row[0]: row[1] for row in results["faithfulness"].tables["aopc"].rows}
    signed = ("integrated_gradients", "gradient_x_input", "occlusion")
    assert answer["comprehensiveness"] == max(confirmed[n] for n in signed if n in confirmed)
    values = {s.name: s.values for s in results["saliency"].scores}[answer["method"]]
    sums = pieces(capture, range(len(capture.maps[0].queries))).sums(values)
    words = rows(results["word_erasure"], "words")
    assert [row["share"] for row in words] == pytest.approx(sums / np.abs(sums).sum(), abs=1e-5)
    strongest = max(abs(row["share"]) for row in words)
    named = [abs(row["share"]) for row in words if row["side"]]
    assert min(named) >= LEAST_PART * strongest * 0.999


def test_a_long_text_is_asked_fewer_questions():
    assert [questions(n) for n in (12, 256, 512, 4096)] == [16, 16, 8, 4]


def test_of_a_language_model_only_words_before_the_answer_are_erased(asked):  # noqa: F811
    loaded, capture = asked("gpt2")
    results = {}
    for one in (saliency, faithfulness, word_erasure):
        results[one.ANALYSIS.name] = one.ANALYSIS.compute(capture, loaded, results)
    explained = ExplainedInput.of(loaded, capture)
    words = rows(results["word_erasure"], "words")
    assert words
    end = max(capture.maps[0].queries[place].end for place in explained.content)
    assert all(row["start"] + len(row["word"]) <= end for row in words)
    [answer] = rows(results["word_erasure"], "answer")
    said = answers(explained, [frozenset()], explained.erased_target.confidence)
    assert answer["full"] == pytest.approx(float(said[0]), rel=1e-4)


def test_a_word_is_for_an_answer_only_where_erasing_moves_it_that_way():
    assert side_of(0.4, 0.84, 0.18, True) == "for"
    assert side_of(-0.4, 0.84, 0.97, True) == "against"
    assert side_of(0.4, 0.84, 0.82, True) == "idle"  # two points: nothing that anybody would see
    assert side_of(-0.4, 0.84, 0.86, True) == "idle"
    assert side_of(0.4, 0.19, 0.25, True) == "otherwise"  # named for what is likelier without it
    assert side_of(-0.4, 0.25, 0.19, True) == "otherwise"
    assert side_of(0.4, 0.84, None, True) == "for"  # not asked: by its sign


def test_where_an_answer_has_no_five_points_left_half_of_what_is_left_counts():
    assert side_of(0.4, 0.03, 0.01, True) == "for"
    assert side_of(0.4, 0.03, 0.02, True) == "idle"
    assert side_of(-0.4, 0.97, 0.99, True) == "against"
    assert side_of(-0.4, 0.97, 0.98, True) == "idle"
    assert side_of(0.4, 0.0, 0.0, True) == "idle"
    assert side_of(0.4, 1.0, 1.0, True) == "idle"
    assert side_of(0.4, -3.0, -2.9, False) == "idle"  # the value of a regression: a twentieth of it
    assert side_of(0.4, -3.0, -2.8, False) == "otherwise"
    assert side_of(0.4, -3.0, -3.2, False) == "for"


def reason(*listed, idle=(), contradicted=(), unasked=(), full=0.6, together=None):
    groups = (tuple(Reason("w", 0.3, x) for x in one) for one in (listed, idle, contradicted))
    listed, idle, contradicted = groups
    return Reasons(
        "negative", True, full, "occlusion", listed, (), idle, contradicted,
        tuple(Reason("w", 0.3, None) for _ in unasked),
        together=together, words_together="“a” and “b”",
    )  # fmt: skip


def test_the_sentence_is_true_of_the_words_that_are_listed():
    each = "Each was erased by itself: the arrow says what becomes of the answer."
    assert reason(0.2, 0.4).says == reason(0.2, idle=(0.58,)).says == each
    assert reason(idle=(0.6, 0.59), together=0.3).says == "No single word decides."
    none = "Erasing confirms no word for this answer."
    assert reason(idle=(0.6, 0.59), together=0.58).says == none
    assert reason(contradicted=(0.9,)).says == none
    assert reason().says == ""
    unasked = "None of the words for it was erased, so nothing confirms them."
    assert reason(unasked=("w",)).says == unasked


def test_words_together_are_quoted_only_where_they_say_more_than_each():
    assert not reason(0.18, together=0.2, full=0.84).tells_together
    assert not reason(0.2, together=0.18, full=0.84).tells_together
    assert reason(0.8, together=0.64, full=0.93).tells_together
    assert reason(idle=(0.83, 0.82), together=0.5, full=0.84).tells_together
    assert not reason(idle=(0.83, 0.82), together=0.82, full=0.84).tells_together


def part(aspect, share, without, text="x"):
    return Part(aspect, f"{text} {aspect}", share, without, 0.5, start=len(aspect))


def test_the_aspect_that_carries_an_answer_is_said_with_one_number():
    service, quality = part("service", 0.01, 0.97), part("quality", 0.49, 0.027)
    assert leading((service, quality), 0.97, True) == (
        "“quality” carries the answer most: without what speaks of it, the answer falls from 97% "
        "to 2.7%."
    )
    idle = part("quality", 0.49, 0.96)
    assert leading((service, idle), 0.97, True).endswith("erasing none weakens it.")
    assert "“service” costs it more" in leading((part("service", 0.01, 0.1), idle), 0.97, True)


def test_a_listed_word_outside_of_every_aspect_is_said_to_be():
    inside, outside = Reason("great", 0.3, 0.1, 12), Reason("but", 0.5, 0.03, 40)
    parts = (Part("service", "x" * 20, 0.1, 0.9, 0.5, 5),)
    found = Reasons("positive", True, 0.97, "occlusion", (outside, inside), (), parts=parts)
    assert found.of_no_aspect == (outside,)
    assert Reasons("positive", True, 0.97, "occlusion", (outside,), ()).of_no_aspect == ()
