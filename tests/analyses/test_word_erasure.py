"""Words for and against: erased by hand in the ids, shares that add up, and parts of sentences."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import faithfulness, saliency, word_erasure
from attnatlas.analyses.word_erasure.parts import parts_of
from attnatlas.analyses.word_erasure.pieces import pieces
from attnatlas.analyses.word_erasure.record import LEAST_PART, MOVES, against_its_sign, questions
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.pages.record.reasons import Reason, Reasons
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
        fall = row["share"] * (answer["full"] - row["without"])
        side = "for" if row["share"] > 0 else "against"
        if abs(answer["full"] - row["without"]) > MOVES:
            side = side if fall > 0 else "otherwise"
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


def test_a_word_that_erasing_contradicts_is_on_neither_side():
    assert against_its_sign(0.4, 0.19, 0.25)  # named for the answer, which is likelier without it
    assert not against_its_sign(0.4, 0.25, 0.19)
    assert against_its_sign(-0.4, 0.25, 0.19)
    assert not against_its_sign(-0.4, 0.19, 0.25)
    assert not against_its_sign(0.4, 0.9990, 0.9995)  # no move that anybody would see
    assert against_its_sign(0.4, -3.0, -2.9)  # the value of a regression


def reason(*listed, contradicted=(), full=0.6, together=None):
    words = tuple(Reason("w", 0.3, without) for without in listed)
    odd = tuple(Reason("odd", 0.3, without) for without in contradicted)
    return Reasons("negative", True, full, "occlusion", words, (), odd, (), together, "“a” and “b”")


def test_the_sentence_is_true_of_the_words_that_are_listed():
    each = "Erasing agrees: without each word for it the answer gets weaker."
    assert reason(0.2, 0.4).says == each
    assert reason(0.2).says == "Erasing agrees: without the word for it the answer gets weaker."
    assert reason(0.2, 0.6, 0.59).says == "Erasing agrees for one of three words for it."
    assert reason(0.6, 0.59, together=0.3).says.startswith("No single word decides")
    assert reason(0.6, 0.59, together=0.58).says.startswith("Erasing does not confirm")
    assert reason(contradicted=(0.9,)).says == ""
    assert reason(None).says == "None of the words for it was erased, so nothing confirms them."
