"""predictions.csv and atlas.json: what a model answered, guarded for spreadsheets."""

import csv
import json

import pytest
from attnatlas.analyses.word_erasure.named import named_words
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.results.shapes import Result, Table

from tests.capture.tiny import tiny_model
from tests.probes.conftest import asked  # noqa: F401

COLUMNS = "corpus,record,text,label,predicted,score,right,for,against"
RECORDS = [
    {"id": "=one", "text": "=SUM(A1) the doctor was late", "label": "0", "tags": ["+a"]},
    {"id": "two", "text": "the nurse | was late, and the river muddy", "label": "1"},
    {"id": "three", "text": "-2"},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predictions")
    model = tiny_model(folder / "critic", "bert-classifier")
    settings = Settings(models=(str(model),), output=folder / "site", store=folder / "store")
    build_site(settings, records=RECORDS)
    return folder / "site"


def test_every_text_has_a_row_with_the_promised_columns(site):
    content = (site / "data/critic/predictions.csv").read_text()
    assert content.splitlines()[0] == COLUMNS
    rows = list(csv.DictReader(content.splitlines()))
    assert [row["record"] for row in rows] == ["'=one", "two", "three"]
    assert rows[0]["text"].startswith("'=SUM")
    assert rows[2]["text"] == "-2"
    assert [row["right"] for row in rows[2:]] == [""]
    atlas = json.loads((site / "atlas.json").read_text())
    for row, one in zip(rows, atlas["captures"], strict=True):
        said = one["prediction"]
        assert row["predicted"] == said["label"]
        assert float(row["score"]) == said["score"] == max(said["labels"].values())
        assert row["right"] == {True: "yes", False: "no", None: ""}[one["right"]]
        assert one["right"] is None or one["right"] == (row["label"] == row["predicted"])


def test_a_bar_within_a_word_does_not_divide_it(site):
    content = (site / "data/critic/predictions.csv").read_text()
    for row in csv.DictReader(content.splitlines()):
        named = [*filter(None, (row["for"] + "|" + row["against"]).split("|"))]
        assert all(word in row["text"].replace("|", "¦") for word in named)


def test_words_are_named_by_their_side_the_strongest_first(asked):  # noqa: F811
    _, capture = asked("bert-classifier")
    said = capture.prediction["label"]
    answer = (
        f"the class “{said}”",
        "probability",
        0.7,
        "integrated_gradients",
        0.2,
        "mask",
        None,
        None,
    )
    columns = (
        "answer", "measure", "full", "method", "comprehensiveness", "erased by", "together",
        "words together",
    )  # fmt: skip
    rows = (
        ("weak", 0, 0.1, "for", 0.6), ("no", 5, -0.3, "against", None),
        ("strong", 9, 0.5, "for", 0.2), ("none", 16, 0.01, None, None),
    )  # fmt: skip
    tables = {
        "answer": Table(columns, (answer,)),
        "words": Table(("word", "start", "share", "side", "without"), rows),
    }
    results = {"word_erasure": Result("word_erasure", tables=tables)}
    assert named_words(capture, results) == (("strong", "weak"), ("no",))
    other = {**tables, "answer": Table(columns, (("the word “she” where it stands", *answer[1:]),))}
    results = {"word_erasure": Result("word_erasure", tables=other)}
    assert named_words(capture, results) == ((), ())  # not what the model answered
