"""What the list of texts says that models answered: every model's answer, by its name."""

import json
from dataclasses import replace

import numpy as np
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record, corpus_from_records
from attnatlas.pages.errors import ErrorsView, answers_bytes, of_unlabelled
from attnatlas.pages.home import entries
from attnatlas.pages.model.answers import model_answers
from attnatlas.pages.plan import plan
from attnatlas.pages.reading_summary import MapShape, RecordSummary
from attnatlas.pages.record.looked_for import looked_for
from attnatlas.pages.telling_head import TellingHead


def summaries(*predictions, label="good"):
    """Return one text as several models answered it."""
    corpus = corpus_from_records([{"id": "a", "text": "Fine.", "label": label}])
    models = [ModelInfo(f"model-{i}", "encoder") for i in range(len(predictions))]
    laid = plan([replace(corpus, name="made")], models)
    telling = TellingHead(0, 0, 0.0, 1, np.zeros((2, 2), np.uint8))
    return [
        RecordSummary(row[0], 3, said, 0, telling, ())
        for row, said in zip(laid.records, predictions, strict=True)
    ]


def classified(label, score):
    labels = {"good": score, "bad": 1 - score} if label == "good" else {"bad": score, "good": 0.1}
    return {"task": "classification", "label": label, "score": score, "labels": labels}


def test_every_model_is_quoted_by_name():
    [entry] = entries(summaries(classified("good", 0.9), classified("bad", 0.7)))
    said = entry.says.replace("\u2068", "").replace("\u2069", "")
    assert said == "model-0: good 90%, as labelled · model-1: bad 70%, labelled good"


def test_models_without_an_answer_are_passed_over_wherever_they_stand():
    [entry] = entries(summaries({"task": "causal-lm", "next": []}, classified("bad", 0.7)))
    said = entry.says.replace("\u2068", "").replace("\u2069", "")
    assert said == "model-1: bad 70%, labelled good"


def test_an_entry_opens_the_page_of_an_answer_that_it_quotes_a_wrong_one_first():
    silent = {"task": "causal-lm", "next": []}
    for said, model in (
        ((silent, silent), 0),
        ((silent, classified("good", 0.9)), 1),
        ((silent, classified("good", 0.9), classified("bad", 0.7)), 2),
        ((classified("good", 0.9), silent), 0),
    ):
        [entry] = entries(summaries(*said))
        assert entry.url == f"records/model-{model}/a.html"


def test_one_model_needs_no_name_and_no_answer_leaves_the_label():
    [entry] = entries(summaries(classified("good", 0.9)))
    assert entry.says == "good 90%, as labelled"
    [entry] = entries(summaries({"task": "causal-lm", "next": []}))
    assert entry.says == "labelled good"


def test_it_is_said_what_a_classifier_calls_texts_that_nobody_labelled():
    assert of_unlabelled("it", ["bad"] * 4) == ""  # so few are read at a glance
    said = of_unlabelled("it", [*["bad"] * 5, "good"])
    assert said == (
        "Of 6 texts that nobody labelled, it calls 5 “bad”: it has no other answers than its "
        "labels, fitting or not."
    )
    assert len(said.split()) <= 25
    read = [one for _ in range(6) for one in summaries(classified("bad", 0.9), label=None)]
    assert model_answers(read).unlabelled == ""  # one answer alone is no choice among few
    read += summaries(classified("good", 0.9), label=None)
    assert "Of 7 texts that nobody labelled, it calls 6 “bad”" in model_answers(read).unlabelled
    read += summaries(classified("good", 0.9))
    assert "Of 7 texts" in model_answers(read).unlabelled


def translated(*kinds):
    """Return a text with a translation as models with maps of these kinds read it."""
    corpus = corpus_from_records([{"id": "a", "text": "A cat.", "target": "Un chat."}])
    models = [ModelInfo(f"model-{i}", "encoder") for i in range(len(kinds))]
    laid = plan([replace(corpus, name="made")], models)
    telling = TellingHead(0, 0, 0.0, 1, np.zeros((2, 2), np.uint8))
    said = classified("good", 0.9)
    return [
        RecordSummary(row[0], 3, said, 0, telling, (MapShape(kind, 1, 1, 3, 3),))
        for row, kind in zip(laid.records, kinds, strict=True)
    ]


def test_an_entry_of_a_translation_opens_the_page_of_a_model_that_translates():
    [entry] = entries(translated("self", "cross", "self"))
    assert entry.url == "records/model-1/a.html"
    [entry] = entries(translated("self", "self"))
    assert entry.url == "records/model-0/a.html"


def read(kind, note, target=None, **prediction):
    shown = (Token("a"), Token("b"))
    info = ModelInfo("tiny", "encoder", layers=1, heads=1)
    weights = np.full((1, 1, 2, 2), 0.5, np.float32)
    record = Record("r", "a b", target=target, note=note)
    return Capture(info, record, (AttentionMap(kind, shown, shown, weights),), prediction)


def test_what_to_look_for_stands_where_the_model_can_show_it():
    assert looked_for(read("self", "Look at 'it'."), True) == "Look at 'it'."
    assert looked_for(read("self", "Where does “la” look?", "la chaise"), True) is None
    assert looked_for(read("self", "The cross-attention crosses over."), True) is None
    assert looked_for(read("cross", "The cross-attention crosses over.", "la chaise"), True)
    goes_on = read("self", "Goes on in French?", "la chaise", continuation={"text": "la"})
    assert looked_for(goes_on, True)


def test_what_to_look_for_is_lost_on_no_site_where_no_model_translates():
    for note in ("Where does “la” look?", "The cross-attention crosses over."):
        assert looked_for(read("self", note, "la chaise"), False) == note


def test_an_answer_for_which_no_word_is_confirmed_says_so_in_the_report():
    row = {
        "model": "m", "corpus": "c", "record": "r", "shown": "Not good.", "label": "",
        "predicted": "bad", "score": 0.9, "right": None, "for": "", "against": "", "tags": [],
    }  # fmt: skip
    place = ("m", "c", "r")
    view = ErrorsView(("m",), (), (row, row | {"for": "Not"}), (), (), {}, False)
    packed = answers_bytes(view, {place: "r.html"}, {place: "No single word decides."})
    assert [one[7] for one in json.loads(packed.tobytes())] == ["No single word decides.", "Not"]
