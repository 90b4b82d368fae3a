"""Errors first: counted as scikit-learn does, intervals over clusters, and what fits."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import errors
from attnatlas.analyses.analysis import Read
from attnatlas.analyses.errors.report import compute
from attnatlas.corpus import Record
from attnatlas.pages.errors import errors_view
from attnatlas.results.shapes import Result, Scores, Table
from attnatlas.statistics.clusters import share_interval
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, f1_score

from tests.analyses.small_maps import capture, random_map

NAMES = ("good", "fair", "bad")
ANSWERS = (
    ("a", "good", "good", 0.9),
    ("b", "bad", "good", 0.6),
    ("c", "bad", "good", 0.8),
    ("d", "good", "good", 0.55),
    ("e", "bad", "bad", 0.7),
)


def said(predicted, score, names=("good", "bad")):
    rest = (1 - score) / (len(names) - 1)
    labels = {name: score if name == predicted else rest for name in names}
    problem = "single_label_classification"
    found = {"task": "classification", "problem_type": problem, "labels": labels}
    return found | {"label": predicted, "score": score}


class Everything:
    """Texts as one model answered them: (record, prediction) each."""

    def __init__(self, *read):
        self.read = read
        self.models = (capture(random_map("x y")).model,)

    def reads(self, model):
        for record, prediction in self.read:
            one = replace(capture(random_map("fine thing")), record=record, prediction=prediction)
            count = len(one.maps[0].queries)
            values = np.linspace(0.5, -0.5, count, dtype=np.float32)
            results = {"saliency": Result("s", scores=(Scores("integrated_gradients", values),))}
            yield Read(model, "corpus", one, results)

    def of_model(self, model):
        return {}


def labelled(*answers, **more):
    pairs = [
        (Record(name, "fine thing", label=label, **more), said(predicted, score))
        for name, label, predicted, score in answers
    ]
    return Everything(*pairs)


def column(result, table, name):
    found = result.tables[table]
    return [row[found.columns.index(name)] for row in found.rows]


def measured(result):
    return dict(zip(column(result, "measures", "key"), result.tables["measures"].rows, strict=True))


def test_wrong_answers_come_first_the_surest_on_top_and_unlabelled_texts_last():
    result = compute(labelled(*ANSWERS, ("f", None, "good", 0.9)))
    assert column(result, "records", "record") == ["c", "b", "d", "e", "a", "f"]
    assert column(result, "records", "right") == ["no", "no", "yes", "yes", "yes", None]


def test_agreement_is_counted_with_its_interval_and_what_the_commonest_label_reaches():
    result = compute(labelled(*ANSWERS))
    [(_, n, clusters, right, accuracy, low, high, frequent)] = result.tables["accuracy"].rows
    assert (n, clusters, right, accuracy, frequent) == (5, 5, 3, 0.6, 0.6)
    wilson = binomtest(3, 5).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((wilson.low, wilson.high), abs=1e-9)
    first = result.findings[0]
    assert first.statement == "People labelled all 5 texts; m agrees on 3."
    assert first.key == "accuracy"
    assert sum(column(result, "confusion", "texts")) == 5


def test_records_of_one_group_are_one_cluster_and_below_five_there_is_no_interval():
    alone = compute(labelled(*ANSWERS, *ANSWERS))
    grouped = compute(labelled(*ANSWERS, group="one"))
    [row] = grouped.tables["accuracy"].rows
    assert row[2] == 1
    assert row[5:7] == (None, None)
    assert all(one[3] is None for one in measured(grouped).values())
    assert measured(alone)["accuracy"][6] == 5  # the same five, said twice


def test_counts_and_f1_equal_scikit_learn():
    random = np.random.default_rng(4)
    gold = [str(one) for one in random.choice(NAMES, 60)]
    given = [g if random.random() < 0.6 else str(random.choice(NAMES[:2])) for g in gold]
    scores = [float(one) for one in random.uniform(0.4, 0.99, 60)]
    pairs = [
        (Record(f"r{at}", "fine thing", label=g), said(p, s, NAMES))
        for at, (g, p, s) in enumerate(zip(gold, given, scores, strict=True))
    ]
    result = compute(Everything(*pairs))
    counts = {(row[1], row[2]): row[3] for row in result.tables["confusion"].rows}
    expected = confusion_matrix(gold, given, labels=NAMES)
    assert [[counts.get((a, b), 0) for b in NAMES] for a in NAMES] == expected.tolist()
    found = measured(result)
    assert found["macro_f1"][2] == pytest.approx(f1_score(gold, given, average="macro"), abs=1e-12)
    assert found["macro_f1"][3] < found["macro_f1"][2] < found["macro_f1"][4]
    shares = np.array([[p["labels"][name] for name in NAMES] for _, p in pairs])
    truth = np.array([[name == g for name in NAMES] for g in gold])
    assert found["brier"][2] == pytest.approx(((shares - truth) ** 2).sum(1).mean(), abs=1e-12)


def test_calibration_error_is_the_gap_between_probability_and_accuracy_in_each_bin():
    result = compute(labelled(("a", "good", "good", 0.9), ("b", "bad", "good", 0.85)))
    [row] = result.tables["calibration"].rows
    assert row[1:] == (0.8, 0.9, 2, pytest.approx(0.875), 0.5)  # 0.9 is the upper end of its bin
    assert measured(result)["ece"][2] == pytest.approx(0.375)


def test_slices_by_tag_aspect_and_length():
    one = Record("a", "fine thing", label="bad", tags=("odd",))
    other = Record("b", "word " * 12, label="good")
    result = compute(Everything((one, said("good", 0.7)), (other, said("good", 0.7))))
    found = {row[1:3]: row[5:7] for row in result.tables["slices"].rows}
    assert found["tag", "odd"] == (0, 0.0)
    assert found["words", "9 to 16"] == (1, 1.0)


def test_values_are_judged_by_their_distance_from_what_people_gave():
    values = {"task": "classification", "problem_type": "regression", "labels": {"LABEL_0": 3.5}}
    pairs = [(Record(n, "fine thing", label=g), values) for n, g in (("a", "4"), ("b", "1.5"))]
    result = compute(Everything(*pairs))
    assert column(result, "records", "record") == ["b", "a"]
    assert measured(result)["mean_absolute_error"][2] == pytest.approx(1.25)
    assert "accuracy" not in result.tables


def test_labels_that_hold_together_are_counted_each():
    problem = "multi_label_classification"
    labels = {"rude": 0.9, "loud": 0.8, "odd": 0.1}
    prediction = {"task": "classification", "problem_type": problem, "labels": labels}
    prediction["holds"] = ["rude", "loud"]
    record = Record("a", "fine thing", labels=("rude", "odd"))
    result = compute(Everything((record, prediction)))
    assert measured(result)["micro_f1"][2] == pytest.approx(0.5)
    rows = {row[1]: row[2:5] for row in result.tables["labels"].rows}
    assert rows == {"rude": (1, 1.0, 1.0), "loud": (0, 0.0, None), "odd": (1, None, 0.0)}


def test_without_labels_one_sentence_says_why_nothing_is_judged():
    result = compute(labelled(("f", None, "good", 0.9)))
    [(_, why)] = result.tables["why"].rows
    assert why == "No text has a label, so nothing says which answers are right."
    assert not result.findings
    [(_, why)] = compute(labelled(("f", "purple", "good", 0.9))).tables["why"].rows
    assert why.startswith("No label of these texts is one of the answers")
    assert compute(Everything((Record("a", "x"), {"task": "causal-lm", "next": []}))).empty


def test_the_interval_of_a_share_covers_as_often_as_it_says():
    random = np.random.default_rng(1)
    for truth in (0.6, 0.9):
        right = random.binomial(30, truth, 4000)
        ends = [share_interval(one / 30, 30) for one in right]
        assert 0.92 <= np.mean([low <= truth <= high for low, high in ends]) <= 0.98


def test_the_analysis_reads_what_it_counts():
    assert {"label", "labels", "label_index", "tags", "aspects"} <= {*errors.ANALYSIS.fields}


def test_the_accuracy_stands_beside_that_of_always_saying_the_most_frequent_label():
    said = labelled(("a", "good", "good", 0.9), ("b", "bad", "good", 0.8), ("c", "bad", "bad", 0.9))
    names = {name: rows for name, _, rows in errors_view(compute(said)).measures}
    assert list(names)[:2] == ["Accuracy", "Always the most frequent label"]
    [row] = names["Always the most frequent label"]
    assert (row["value"], row["n"]) == (pytest.approx(2 / 3), 3)


@pytest.mark.parametrize(("low", "shown"), [(None, False), (0.5, True)])
def test_a_page_without_any_interval_has_no_column_for_it(low, shown):
    columns = ("model", "key", "value", "low", "high", "n", "clusters")
    rows = (("m", "accuracy", 0.8, low, low, 5, 5), ("m", "ece", 0.1, None, None, 5, 5))
    view = errors_view(Result("errors", tables={"measures": Table(columns, rows)}))
    assert view.intervals is shown
