"""Two models on the same texts: changes counted by hand, a planted head found, gaps told apart."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import compare
from attnatlas.analyses.analysis import Read
from attnatlas.analyses.compare import gaps
from attnatlas.corpus import Record
from attnatlas.results.shapes import Partial, Result
from attnatlas.statistics.paired import paired_mean

from tests.analyses.small_maps import capture, random_map

LABELS = ("good", "bad")
SAID = {
    "before": ("good", "good", "bad", "bad", "good", "bad"),
    "after": ("good", "bad", "bad", "good", "good", "good"),
}
GOLD = ("good", "bad", "bad", "bad", None, None)


class Everything:
    """Twelve texts, four of them labelled, as read before and after head L1H0 was changed."""

    def __init__(self, skipped=()):
        info = capture(random_map("x y")).model
        self.models = tuple(replace(info, name=name) for name in SAID)
        self.skipped = skipped

    def reads(self, model):
        for number in range(12):
            if (model.name, number) in self.skipped:
                continue
            part = random_map("a b c d e", seed=number)
            weights = np.array(part.weights)
            if model.name == "after":
                weights[1, 0] = np.eye(5)
            label = SAID[model.name][number % 6]
            share = 0.8 if model.name == "before" else 0.7
            labels = {one: share if one == label else 1 - share for one in LABELS}
            said = {"task": "classification", "label": label, "score": share, "labels": labels}
            record = Record(
                str(number), "a b c d e", label=GOLD[number] if number < 6 else None,
                group=f"g{number // 2}", variant="female" if number % 2 else "male",
            )  # fmt: skip
            one = capture(replace(part, weights=weights.astype(np.float32)))
            gap = 0.3 if model.name == "before" else 0.1
            high = 0.5 + (gap if number % 2 else 0)
            answer = Partial("answer", np.tile([1 - high, high], (3, 1)), LABELS)
            results = {"choice": Result("choice", partials=(answer,))}
            yield Read(model, "c", replace(one, record=record, prediction=said), results)

    def of_model(self, model):
        return {}


@pytest.fixture(scope="module")
def result():
    return compare.ANALYSIS.compute(Everything())


def rows(result, name):
    table = result.tables[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_answers_are_fixed_broken_changed_or_the_same(result):
    changes = {row["record"]: row["change"] for row in rows(result, "answers")}
    assert changes["1"] == "fixed"
    assert changes["3"] == "broken"
    assert changes["5"] == "changed"
    assert changes["0"] == changes["2"] == changes["4"] == "same"
    assert rows(result, "answers")[0]["change"] == "broken"
    said = next(one for one in result.findings if one.id.startswith("compare-answers"))
    assert said.statement == (
        "after is right as often as before: of 4 labelled texts it fixes 1 and breaks 1."
    )
    assert said.level == "described"


def test_the_head_that_was_changed_moved_most_and_others_not_at_all(result):
    moved = {row["name"]: row["moved"] for row in rows(result, "heads")}
    assert rows(result, "heads")[0]["name"] == "L1H0"
    assert moved["L1H0"] > 0.1
    assert max(value for name, value in moved.items() if name != "L1H0") < 1e-6
    [said] = [one for one in result.findings if "heads" in one.id]
    assert said.statement.startswith("From before to after, attention of L1H0 moved most, by ")
    assert (said.n, said.clusters, said.interval) == (6, 3, None)  # pairs count as one text each


def test_the_gap_of_the_same_pairs_is_smaller_by_twenty_points(result):
    [row] = rows(result, "gaps")
    assert (row["gap"], row["other_gap"]) == pytest.approx((0.3, 0.1))
    assert row["difference"] == pytest.approx(-0.2)
    said = next(one for one in result.findings if "gap" in one.id)
    assert said.level == "holds"
    assert "at least five points smaller in after than in before: by 20 points." in said.sentence


@pytest.mark.parametrize(
    ("gap", "other", "moved", "words"),
    [
        (0.034, -0.033, -0.067, "is 3.4 points in a, 3.3 points the other way in b."),
        (-0.3, -0.42, 0.12, "is 12 points larger in b than in a."),
        (-0.3, -0.1, -0.2, "is 20 points smaller in b than in a."),
        (0.2, -0.00004, -0.2, "is 20 points smaller in b than in a."),
        (0.2, 0.2, 0, "is the same in a and b."),
    ],
)
def test_a_gap_that_turns_round_is_not_called_smaller_and_a_larger_one_is_drawn_as_more(
    gap, other, moved, words
):
    row = ("big", "small", "who", "the first", 1, gap, other, other - gap, None, None, None)
    said = gaps.finding(("a", "b"), row, paired_mean([other - gap]))
    assert said.sentence == f"The gap between big and small texts (who) {words}"
    assert said.value == pytest.approx(moved, abs=1e-4)


def test_a_turned_gap_is_claimed_to_have_moved():
    row = ("x", "y", "who", "the first", 6, 0.2, -0.2, -0.4, -0.41, -0.39, 0.03)
    said = gaps.finding(("a", "b"), row, paired_mean([-0.4, -0.41, -0.39, -0.4, -0.4, -0.4]))
    assert said.level == "holds"
    assert said.sentence == (
        "The gap between x and y texts (who) moves by at least five points: 20 points in a, "
        "20 points the other way in b."
    )


def test_a_gap_below_nought_that_grows_is_claimed_to_be_larger():
    row = ("x", "y", "who", "the first", 6, -0.2, -0.4, -0.2, -0.21, -0.19, 0.03)
    said = gaps.finding(("a", "b"), row, paired_mean([-0.2, -0.21, -0.19, -0.2, -0.2, -0.2]))
    assert (said.level, said.value) == ("holds", pytest.approx(0.2))
    assert said.interval[0] < said.value < said.interval[1]
    assert "at least five points larger in b than in a: by 20 points." in said.sentence


def test_a_gap_that_hardly_changed_is_not_said_to_have():
    row = ("x", "y", "who", "the first", 6, 0.2, 0.18, -0.02, -0.03, -0.01, 0.03)
    said = gaps.finding(("a", "b"), row, paired_mean([-0.02, -0.03, -0.01, -0.02, -0.02, -0.02]))
    assert said.level == "does not hold"
    assert said.sentence == (
        "The gap between x and y texts (who) may be at least five points smaller in b than in a; "
        "measured are 2.0 points."
    )


def test_answers_of_near_copies_count_their_texts_and_their_groups(result):
    [said] = [one for one in result.findings if one.id.startswith("compare-answers")]
    assert (said.n, said.clusters) == (4, 2)


def test_texts_that_one_model_could_not_read_are_passed_over():
    skipped = {("before", 3), ("after", 0), ("after", 7)}
    found = rows(compare.ANALYSIS.compute(Everything(skipped)), "answers")
    assert sorted(int(row["record"]) for row in found) == [1, 2, 4, 5, 6, 8, 9, 10, 11]
