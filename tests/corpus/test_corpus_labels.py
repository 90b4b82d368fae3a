"""Gold labels as people write them, beside the labels that models have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from attnatlas.corpus import Record, corpus_from_records, record_from_json, record_to_json
from attnatlas.corpus.labels import agrees, gold, gold_words, match, unmatched

MOODS = ["NEGATIVE", "POSITIVE"]
PLAIN = ["LABEL_0", "LABEL_1"]


def said(names: list[str], best: int) -> dict[str, Any]:
    """Return what a classifier that prefers one label says."""
    scores = {name: 0.9 if at == best else 0.1 for at, name in enumerate(names)}
    return {"task": "classification", "label": names[best], "score": 0.9, "labels": scores}


def labelled(value: object, **more: object) -> Record:
    return record_from_json({"id": "a", "text": "b c", "label": value, **more})


@pytest.mark.parametrize(
    ("value", "names", "at", "rule"),
    [
        ("POSITIVE", MOODS, 1, "name"),
        ("Positive", MOODS, 1, "spelling"),
        (" positive", MOODS, 1, "spelling"),
        ("very_good", ["bad", "Very good"], 1, "spelling"),
        (1, MOODS, 1, "place"),
        ("1", MOODS, 1, "place"),
        ("1.0", MOODS, 1, "place"),
        ("1,0", MOODS, 1, "place"),
        (1.0, MOODS, 1, "place"),
        (True, MOODS, 1, "place"),
        ("FALSE", MOODS, 0, "place"),
        ("LABEL_1", MOODS, 1, "place"),
        ("label 1", MOODS, 1, "place"),
        ("LABEL_1", PLAIN, 1, "name"),
        (0, PLAIN, 0, "place"),
        ("1", ["1", "0"], 0, "name"),
        ("true", ["false", "true", "unknown"], 1, "name"),
    ],
)
def test_the_rules_in_their_order(value: object, names: list[str], at: int, rule: str) -> None:
    (found,) = gold(labelled(value), names)
    assert found is not None
    assert (found.at, found.rule) == (at, rule)


@pytest.mark.parametrize("value", ["good", 2, -1, 1.5, "LABEL_7", True])
def test_what_matches_none_is_none(value: object) -> None:
    names = ["a", "b", "c"] if value is True else MOODS
    assert gold(labelled(value), names) == (None,)
    assert unmatched(labelled(value), said(names, 0)) == (labelled(value).label,)
    assert agrees(labelled(value), said(names, 0)) is None


def test_two_names_that_differ_in_case_alone_are_not_guessed_between() -> None:
    assert match("POS", ["pos", "Pos"]) is None
    assert match("Pos", ["pos", "Pos"]) == match("Pos", ["pos", "Pos"])


def test_the_place_in_the_data_set_comes_last() -> None:
    found = match("pos", PLAIN, 1)
    assert found is not None
    assert (found.at, found.rule) == (1, "data set")
    (named,) = gold(labelled("POSITIVE", label_index=0), MOODS)
    assert named is not None
    assert (named.at, named.rule) == (1, "name")
    assert match("pos", PLAIN, 5) is None


@pytest.mark.parametrize("labels", [[1, 5, 3], ["1", "2"], [1.0, 4.5], ["LABEL_1", "LABEL_2"]])
def test_numbers_are_no_places_where_the_data_set_has_more_labels_than_the_model(
    labels: list[object],
) -> None:
    corpus = corpus_from_records([{"text": "a b", "label": label} for label in labels])
    assert [gold(record, MOODS) for record in corpus.records] == [(None,)] * len(labels)
    again = [record_from_json(record_to_json(record)) for record in corpus.records]
    assert [gold(record, MOODS) for record in again] == [(None,)] * len(labels)
    stars = [f"{number} stars" for number in range(6)]
    assert all(found for record in corpus.records for found in gold(record, stars)) is (
        4.5 not in labels
    )


def test_a_place_in_the_data_set_means_nothing_among_another_number_of_labels() -> None:
    three = ["LABEL_0", "LABEL_1", "LABEL_2"]
    assert gold(labelled("pos", label_index=1, label_count=2), three) == (None,)
    assert gold(labelled("pos", label_index=1, label_count=2), PLAIN) != (None,)
    assert gold(labelled("pos", label_index=1, label_count=4), PLAIN) == (None,)


def test_zeros_and_ones_say_nothing_of_how_many_labels_there_are() -> None:
    corpus = corpus_from_records([{"text": "a b", "label": label} for label in (0, 1, "x")])
    assert {record.label_count for record in corpus.records} == {None}


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        (["joy", "Fear"], {"joy", "fear"}),
        ([0, 2], {"joy", "fear"}),
        ([1.0, 0.0, 1.0], {"joy", "fear"}),
        ([0, 0, 0], set()),
    ],
)
def test_several_labels_hold(value: list[object], holds: set[str]) -> None:
    names = ["joy", "grief", "fear"]
    found = gold(labelled(value), names)
    assert {names[one.at] for one in found if one} == holds
    every: dict[str, Any] = {"labels": dict.fromkeys(names, 0.6), "holds": ["fear", "joy"]}
    assert agrees(labelled(value), every) is (holds == {"joy", "fear"} if holds else None)


def test_right_wrong_or_untold() -> None:
    assert agrees(labelled("positive"), said(MOODS, 1)) is True
    assert agrees(labelled(0), said(MOODS, 1)) is False
    assert agrees(labelled(None), said(MOODS, 1)) is None
    assert agrees(labelled("x"), {"task": "causal-lm"}) is None
    assert gold_words(labelled(0), said(MOODS, 1)) == "NEGATIVE"
    assert gold_words(labelled("x"), said(MOODS, 1)) == "x"


@pytest.mark.parametrize(
    "prediction",
    [{"labels": {"LABEL_0": 4.2}}, {"labels": {"a": 1.0, "b": 2.0}, "problem_type": "regression"}],
)
def test_a_value_is_neither_right_nor_wrong(prediction: Mapping[str, Any]) -> None:
    assert agrees(labelled(4.5), prediction) is None
    assert gold_words(labelled(4.5), prediction) == "4.5"
    assert unmatched(labelled(4.5), prediction) == ()
    assert unmatched(labelled("good"), prediction) == ("good",)
