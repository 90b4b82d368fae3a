"""Records: spans, words, alignments, and the way to JSON and back."""

from __future__ import annotations

import json

import pytest
from attnatlas.corpus import (
    Link,
    Record,
    RecordError,
    Span,
    alignment_links,
    find_span,
    record_from_json,
    record_to_json,
    word_spans,
)


@pytest.mark.parametrize(
    ("text", "wanted", "start"),
    [
        ("Then he left.", "he", 5),
        ("The theatre, he said", "he", 13),
        ("She saw Sheila", "She", 0),
        ("Sheila and She", "She", 11),
        ("he's late", "he", 0),
        ("the well-known well", "well", 4),
        ("👩‍🚀 she flies", "she", 4),
        ("cafe\u0301 cafe", "cafe", 6),
        ("a_he he", "he", 5),
        ("wait ... what", "...", 5),
        ("x2 2", "2", 3),
    ],
)
def test_span_is_the_first_whole_word(text: str, wanted: str, start: int) -> None:
    assert find_span(text, wanted) == Span(wanted, start)


@pytest.mark.parametrize("wanted", ["he", "The", "theatr", "nothing"])
def test_no_span_inside_a_word_or_in_another_case(wanted: str) -> None:
    assert find_span("the theatre", wanted) is None


def test_span_end_is_counted_in_code_points() -> None:
    span = find_span("🙂🙂 naïve", "naïve")
    assert span is not None
    assert (span.start, span.end) == (3, 8)


def test_a_place_may_be_given_even_inside_a_word() -> None:
    row = {"id": "a", "text": "医生告诉他", "mention": {"text": "他", "start": 4}}
    assert record_from_json(row).mention == Span("他", 4)


def test_candidate_that_the_answer_repeats_gives_its_place() -> None:
    candidates = [{"text": "the man", "start": 12}, "a dog"]
    text = "the man saw the man and a dog"
    row = {"id": "a", "text": text, "candidates": candidates, "answer": "the man"}
    assert record_from_json(row).answer == Span("the man", 12)


def test_words_have_places_with_and_without_a_segmentation() -> None:
    assert word_spans("a  bc\n d") == (Span("a", 0), Span("bc", 3), Span("d", 7))
    words = ("do", "n't", "!")
    assert word_spans(" don't !", words) == (Span("do", 1), Span("n't", 3), Span("!", 7))


@pytest.mark.parametrize(
    "words", [["don't"], ["do", "not", "!"], ["don't", "!", "?"], ["on't", "!"]]
)
def test_words_that_are_not_the_text_are_an_error(words: list[str]) -> None:
    with pytest.raises(RecordError, match=r"in the text|has there"):
        word_spans("don't !", words)


def test_alignment_is_read_as_links() -> None:
    assert alignment_links("0-0 1p2") == (Link(0, 0), Link(1, 2, sure=False))


FULL = {
    "statistic": 0.91,
    "id": "all",
    "text": "She saw the red house .",
    "pair": "b",
    "target": "Elle a vu la maison rouge .",
    "label_index": 3,
    "label_count": 5,
    "label": "positive",
    "tags": ["x", "y"],
    "note": "n",
    "mention": {"text": "She", "start": 0},
    "candidates": [{"text": "the red house", "start": 8}],
    "contrast": ["she", "he"],
    "answer": {"text": "the red house", "start": 8},
    "group": "g",
    "variant": "v",
    "frame": "f",
    "aspects": [{"text": "house", "start": 16}],
    "alignment": "0-0 1p1 1-2",
    "words": ["She", "saw", "the", "red", "house", "."],
    "target_words": ["Elle", "a", "vu", "la", "maison", "rouge", "."],
    "upos": ["PRON", "VERB", "DET", "ADJ", "NOUN", "PUNCT"],
    "head": [2, 0, 5, 5, 2, 2],
    "deprel": ["nsubj", "root", "det", "amod", "obj", "punct"],
    "source_lang": "en",
    "target_lang": "fr",
    "prefix": "translate: ",
    "window": {"record": "w", "number": 2, "of": 3, "start": 5, "end": 28, "without": ["target"]},
}


def test_record_to_json_and_back_keeps_every_field() -> None:
    record = record_from_json(FULL)
    assert set(FULL) | {"labels", "chat", "markers"} == set(Record.__slots__)
    assert json.loads(json.dumps(record_to_json(record))) == FULL
    assert record_from_json(record_to_json(record)) == record


@pytest.mark.parametrize(
    ("given", "label", "labels"),
    [
        (1, "1", ()),
        (1.0, "1.0", ()),
        (4.5, "4.5", ()),
        (True, "true", ()),
        (" Positive", " Positive", ()),
        (["joy", "grief"], None, ("joy", "grief")),
        (["joy"], "joy", ()),
        ([0.0, 1.0, 1.0], None, ("0.0", "1.0", "1.0")),
        ([], None, ()),
        ("", None, ()),
        ("  ", None, ()),
        (None, None, ()),
        (float("nan"), None, ()),
        ("NaN", None, ()),
        ("<NA>", None, ()),
        (["joy", "nan"], "joy", ()),
        ("none", "none", ()),
        ({"a": 1}, '{"a": 1}', ()),
        ([["B"], ["I", "O"]], None, ('["B"]', '["I", "O"]')),
    ],
)
def test_a_label_of_any_kind_is_kept(
    given: object, label: str | None, labels: tuple[str, ...]
) -> None:
    record = record_from_json({"id": "a", "text": "b", "label": given})
    assert (record.label, record.labels) == (label, labels)
    assert record_from_json(record_to_json(record)) == record


def test_empty_fields_are_left_out_of_json() -> None:
    assert record_to_json(Record("a", "b")) == {"id": "a", "text": "b"}
    assert record_from_json({"id": "a", "text": "b", "pair": "", "tags": [], "label": None}) == (
        Record("a", "b")
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "no 'text'"),
        ({"text": " \n"}, "'text' is empty"),
        ({"text": 1.5}, "'text' is a number, not a text"),
        ({"text": ["a"]}, "'text' is a list, not a text"),
        ({"text": "a\0b"}, "'text' holds a NUL character"),
        ({"label": "\ud800"}, "'label' holds half of a surrogate pair, which is no character"),
        ({"lable": "x"}, "unknown field 'lable' (did you mean 'label'?)"),
        ({"zzz": "x"}, "unknown field 'zzz'"),
        ({"id": None}, "no 'id'"),
        ({"tags": "x"}, "'tags' is a text, not a list"),
        ({"tags": [1]}, "'tags' is a number, not a text"),
        ({"tags": [""]}, "'tags' holds an empty text"),
        (
            {"mention": "sh"},
            "'mention' 'sh' is not a whole word of the text (case counts); "
            "to mean a part of a word, give its text and start",
        ),
        ({"mention": {"text": "She", "start": 1}}, "'mention' 'She' does not start at 1"),
        ({"mention": {"text": "She", "start": -23}}, "'mention' 'She' does not start at -23"),
        (
            {"mention": {"text": "She"}},
            "'mention' needs a text and a start and no more, as {text, start}",
        ),
        ({"mention": 3}, "'mention' is a number, not a text"),
        ({"candidates": "She"}, "'candidates' is a text, not a list"),
        ({"answer": "She"}, "'answer' is none of the candidates"),
        ({"alignment": "0-0 1:1"}, "'alignment' holds '1:1'; write links as 0-0, possible as 0p1"),
        ({"alignment": "0-0 0p0"}, "'alignment' gives 0 to 0 twice"),
        ({"alignment": "6-0"}, "'alignment' names source word 6, but the last one is 5"),
        ({"alignment": "0-7"}, "'alignment' names target word 7, but the last one is 6"),
        ({"alignment": "0-" + "9" * 5000}, "write links as 0-0"),
        ({"words": ["She", "sees"]}, "word 2, 'sees', is not what the text has there"),
        ({"words": ["She", "saw"]}, "its words end before 'the red house .' in the text"),
        ({"target": None}, "'alignment' and 'target_words' need a 'target'"),
        ({"upos": ["X"]}, "'upos' has 1 entries for 6 words"),
        ({"head": [9, 0, 0, 0, 0, 0]}, "'head' names a word beyond the last one, 6"),
        ({"head": [-1, 0, 0, 0, 0, 0]}, "'head' holds '-1', not a whole number from 0"),
    ],
)
def test_each_record_error_names_its_field(change: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError) as caught:
        record_from_json(FULL | change)
    assert message in str(caught.value)


def test_numbers_become_ids_and_labels() -> None:
    record = record_from_json({"id": 7, "text": "a", "label": 1})
    assert (record.id, record.label) == ("7", "1")


def test_a_contrast_is_two_different_words() -> None:
    row = {"id": "a", "text": "she left", "contrast": ["she", "he"]}
    record = record_from_json(row)
    assert record.contrast == ("she", "he")
    assert record_from_json(record_to_json(record)) == record
    for wrong in (["she"], ["she", "she"], ["she", "he", "it"]):
        with pytest.raises(RecordError, match="'contrast' needs two different words"):
            record_from_json({**row, "contrast": wrong})


@pytest.mark.parametrize(("given", "read"), [(0.5, 0.5), ("0.25", 0.25), ("91%", 0.91), ("", None)])
def test_a_statistic_is_a_number(given: object, read: float | None) -> None:
    record = record_from_json({"id": "a", "text": "x", "statistic": given})
    assert record.statistic == read


@pytest.mark.parametrize("given", ["many", True, "inf"])
def test_a_statistic_that_is_no_number_is_refused(given: object) -> None:
    with pytest.raises(RecordError, match="'statistic' is"):
        record_from_json({"id": "a", "text": "x", "statistic": given})
