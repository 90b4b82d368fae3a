"""Small changes: flips come first, equal maps have not moved, changed ones have."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import counterfactuals
from attnatlas.analyses.analysis import Read
from attnatlas.capture import Token
from attnatlas.corpus import Record
from attnatlas.pages.counterfactuals import counterfactual_view

from tests.analyses.small_maps import capture, random_map

TEXTS = (
    ("flip", "a", "the tea was good", "good", 0.9),
    ("flip", "b", "the tea was cold", "bad", 0.7),
    ("stays", "a", "we saw him there", "good", 0.6),
    ("stays", "b", "we saw her there", "good", 0.8),
    ("stays", "c", "we saw them there", "good", 0.65),
    ("alone", "a", "one text only here", "bad", 0.8),
)


def read(model, group, variant, text, label, share, turned):
    words, start, tokens = text.split(), 0, []
    for word in words:
        tokens.append(Token(word, len(tokens) + 1, start=start, end=start + len(word)))
        start += len(word) + 1
    part = random_map("x y z q", seed=1)
    weights = np.array(part.weights)
    if turned:
        weights = weights[..., ::-1].copy()
    part = replace(part, queries=tuple(tokens), keys=tuple(tokens), weights=weights)
    other = "bad" if label == "good" else "good"
    said = {"task": "classification", "label": label, "labels": {label: share, other: 1 - share}}
    record = Record(f"{group}-{variant}", text, group=group, variant=variant)
    return Read(model, "c", replace(capture(part), record=record, prediction=said), {})


class Everything:
    def __init__(self):
        self.models = (capture(random_map("x y")).model,)

    def reads(self, model):
        for group, variant, *rest in TEXTS:
            yield read(model, group, variant, *rest, turned=(group, variant) == ("stays", "b"))

    def of_model(self, model):
        return {}


@pytest.fixture(scope="module")
def result():
    return counterfactuals.compute(Everything())


def rows(result, name="pairs"):
    table = result.tables[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_answers_that_flip_come_first_then_those_that_move_most(result):
    found = rows(result)
    assert [row["second_record"] for row in found] == ["flip-b", "stays-b", "stays-c"]
    assert [row["flips"] for row in found] == ["yes", "no", "no"]
    assert found[0]["moved"] == pytest.approx(0.6)
    assert found[1]["moved"] == pytest.approx(0.2)
    assert (
        result.findings[0].statement == "Of 3 small changes to a text, 1 changes the answer of m."
    )


def made_of(*texts):
    some = Everything()
    some.reads = lambda model: (read(model, *one, turned=False) for one in texts)
    return counterfactuals.compute(some)


def test_texts_with_little_in_common_stand_apart_and_are_counted_only_where_they_are_all_there_is():
    far = (
        ("far", "a", "our bank is muddy", "bad", 0.9),
        ("far", "b", "their bank raised rates", "good", 0.8),
    )
    both = made_of(*TEXTS, *far)
    said = [one.statement for one in both.findings]
    assert said == ["Of 3 small changes to a text, 1 changes the answer of m."]
    assert both.findings[0].n == 3
    view = counterfactual_view(both)
    assert [one.row["second_record"] for one in view.larger["m"]] == ["far-b"]
    assert "far-b" not in [one.row["second_record"] for one in view.shown["m"]]
    alone = made_of(*far)
    said = [one.statement for one in alone.findings]
    assert said == ["Of 1 larger change to a text, 1 changes the answer of m."]
    view = counterfactual_view(alone)
    assert (len(view.shown["m"]), view.larger["m"]) == (1, ())


def test_equal_maps_have_not_moved_and_turned_ones_have(result):
    found = {row["second_record"]: row for row in rows(result)}
    assert found["flip-b"]["attention"] == pytest.approx(0, abs=1e-9)
    assert found["stays-c"]["rollout"] == pytest.approx(0, abs=1e-9)
    assert 0.05 < found["stays-b"]["attention"] <= 1
    assert 0 < found["stays-b"]["rollout"] <= 1


def test_what_can_be_expected_of_pairs_is_counted(result):
    found = {row["key"]: row for row in rows(result, "checks")}
    assert found["must_not_change"]["share"] == pytest.approx(2 / 3)
    assert (found["must_not_change"]["n"], found["must_not_change"]["clusters"]) == (3, 2)
    assert found["must_not_change"]["low"] is None  # two groups have no interval
    assert found["must_not_change.c"]["share"] == 1
    assert found["must_fall.good"]["share"] == pytest.approx(1 / 3)  # 0.9 to 0.3, the others rise
    assert found["must_rise.bad.b"]["share"] == pytest.approx(1 / 2)


def test_a_group_whose_variants_stand_in_two_files_is_a_pair():
    two = Everything()
    whole = two.reads
    two.reads = lambda model: (
        replace(one, corpus=f"{one.corpus}-{one.capture.record.variant}") for one in whole(model)
    )
    made = counterfactuals.compute(two)
    assert sorted(row["second_record"] for row in rows(made)) == ["flip-b", "stays-b", "stays-c"]
    assert made.findings[0].n == 3
    both = Everything()
    both.reads = lambda model: (
        replace(one, corpus=corpus) for corpus in ("c", "d") for one in whole(model)
    )
    again = rows(counterfactuals.compute(both))
    assert sorted((row["corpus"], row["second_record"]) for row in again) == [
        (corpus, name) for corpus in "cd" for name in ("flip-b", "stays-b", "stays-c")
    ]


def test_groups_of_one_frame_count_as_one():
    framed = Everything()
    whole = framed.reads
    framed.reads = lambda model: (
        replace(one, capture=replace(one.capture, record=replace(one.capture.record, frame="f")))
        for one in whole(model)
    )
    made = counterfactuals.compute(framed)
    assert len(rows(made)) == 3  # pairs are of one group all the same
    assert {row["clusters"] for row in rows(made, "checks")} == {1}
    assert (made.findings[0].n, made.findings[0].clusters) == (3, 1)


def test_a_model_that_answers_nothing_has_its_attention_compared():
    said = Everything()
    whole = said.reads
    said.reads = lambda model: (
        replace(one, capture=replace(one.capture, prediction={})) for one in whole(model)
    )
    result = counterfactuals.compute(said)
    moved = [row["attention"] for row in rows(result)]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > moved[-1]
    assert counterfactual_view(result).kinds == {"m": ""}
    assert not result.findings


def test_another_translation_of_another_text_is_no_flip_but_stands_beside_it():
    said = Everything()
    whole = said.reads
    said.reads = lambda model: (
        replace(
            one,
            capture=replace(
                one.capture, prediction={"text": f"Il dit {one.capture.record.variant}."}
            ),
        )
        for one in whole(model)
    )
    result = counterfactuals.compute(said)
    assert not result.findings  # what is true of any translation is no finding
    view = counterfactual_view(result)
    assert view.kinds == {"m": "translation"}
    assert view.shown["m"][0].written == (("Il dit", "Il dit"), ("a.", "b."))


def test_texts_without_a_partner_make_no_report():
    alone = Everything()
    alone.reads = lambda model: iter([read(model, *TEXTS[-1][:2], *TEXTS[-1][2:], turned=False)])
    assert counterfactuals.compute(alone).empty
