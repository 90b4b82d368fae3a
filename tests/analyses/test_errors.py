"""Errors first: agreement counted by hand, Wilson's interval against its formula, the order."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from attnatlas.analyses import errors
from attnatlas.analyses.analysis import Read
from attnatlas.corpus import Record
from attnatlas.results.shapes import Result, Scores

from tests.analyses.small_maps import capture, random_map

ANSWERS = (
    ("a", "good", "good", 0.9),
    ("b", "bad", "good", 0.6),
    ("c", "bad", "good", 0.8),
    ("d", "good", "good", 0.55),
    ("e", "bad", "bad", 0.7),
)


class Everything:
    """Five labelled texts, and one without a label, as one model answered them."""

    def __init__(self, answers):
        self.answers = answers
        self.models = (capture(random_map("x y")).model,)

    def reads(self, model):
        for name, label, predicted, score in self.answers:
            one = capture(random_map("fine thing"))
            labels = {"good": score, "bad": 1 - score}
            said = {"task": "classification", "label": predicted, "score": score, "labels": labels}
            one = replace(one, record=Record(name, "fine thing", label=label), prediction=said)
            count = len(one.maps[0].queries)
            values = np.linspace(0.5, -0.5, count, dtype=np.float32)
            results = {"saliency": Result("s", scores=(Scores("integrated_gradients", values),))}
            yield Read(model, "corpus", one, results)

    def of_model(self, model):
        return {}


def column(result, table, name):
    found = result.tables[table]
    return [row[found.columns.index(name)] for row in found.rows]


def test_wrong_answers_come_first_the_surest_on_top():
    result = errors.compute(Everything((*ANSWERS, ("f", None, "good", 0.9))))
    assert column(result, "records", "record") == ["c", "b", "d", "e", "a"]
    assert column(result, "records", "right") == ["no", "no", "yes", "yes", "yes"]


def test_agreement_is_counted_with_its_interval_and_what_the_commonest_label_reaches():
    result = errors.compute(Everything(ANSWERS))
    [(_, n, right, accuracy, low, high, frequent)] = result.tables["accuracy"].rows
    assert (n, right, accuracy, frequent) == (5, 3, 0.6, 0.6)
    z, p = 1.959963984540054, 0.6
    middle, half = p + z * z / 10, z * sqrt(p * (1 - p) / 5 + z * z / 100)
    wilson = [(middle - half) / (1 + z * z / 5), (middle + half) / (1 + z * z / 5)]
    assert [low, high] == pytest.approx(wilson, abs=1e-9)
    [said] = result.findings
    assert said.statement == "m labels 3 of 5 texts as people did, 2 not."
    assert sum(column(result, "confusion", "texts")) == 5


def test_few_texts_have_no_interval_and_none_with_a_label_no_report():
    [row] = errors.compute(Everything(ANSWERS[:4])).tables["accuracy"].rows
    assert row[4:6] == (None, None)
    assert errors.compute(Everything((("f", None, "good", 0.9),))).empty
