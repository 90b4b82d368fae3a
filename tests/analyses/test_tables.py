"""The promised files: columns, empty cells, full precision, and no cell that a spreadsheet runs."""

import csv
import io
import json

import numpy as np
import pytest
from attnatlas.analyses.profile import all_records as profile
from attnatlas.results.levels import Claim
from attnatlas.results.shapes import Finding
from attnatlas.site.tables import csv_cell, csv_text, findings_json, heads_csv, heads_intervals_csv

from tests.analyses.small_maps import capture, random_map, record_results

COLUMNS = (
    "kind,layer,head,role,entropy,confidence,confidence_nospecial,distance,previous,next,self,"
    "first,delimiter,punctuation,induction,duplicate,sink,queries,records,"
    "rest,working_role,working_score,working_low,working_high,working_n"
)
CROSS_EMPTY = {"distance", "previous", "next", "self", "first", "induction", "duplicate", "sink"}
UNNAMED = {"working_role", "working_score", "working_low", "working_high"}


@pytest.fixture
def single():
    texts = ["[CLS] the dog , saw the cat . [SEP]", "[CLS] a b [SEP]", "[CLS] a b c d [SEP]"]
    texts += ["[CLS] e f , g [SEP]", "[CLS] h i j [SEP]"]
    maps = [capture(random_map(text, seed=i), record=f"r{i}") for i, text in enumerate(texts)]
    return profile.compute(record_results(maps))


@pytest.fixture
def double():
    maps = (
        random_map("a b </s>", kind="encoder"),
        random_map("</s> x", kind="decoder", causal=True),
        random_map("</s> x", keys="a b </s>", kind="cross"),
    )
    return profile.compute(record_results([capture(*maps)]))


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_heads_has_the_promised_columns_and_one_row_a_head(single):
    text = heads_csv(single)
    assert text.splitlines()[0] == COLUMNS
    rows = read(text)
    assert [(row["kind"], row["layer"], row["head"]) for row in rows] == [
        ("self", str(layer), str(head)) for layer in range(3) for head in range(2)
    ]
    assert {row["records"] for row in rows} == {"5"}
    assert {row["queries"] for row in rows} == {str(9 + 4 + 6 + 6 + 5)}
    assert all(row["role"] for row in rows)


def test_numbers_keep_full_precision(single):
    (grid,) = single.grids
    for row in read(heads_csv(single)):
        for name in ("entropy", "previous", "duplicate", "sink"):
            place = (grid.metrics.index(name), int(row["layer"]), int(row["head"]))
            assert float(row[name]) == grid.values[place]


def test_cells_are_empty_where_undefined(double):
    for row in read(heads_csv(double)):
        empty = {name for name, cell in row.items() if cell == ""}
        if row["kind"] == "cross":
            assert empty == CROSS_EMPTY | UNNAMED
        else:
            assert empty == {"induction", "duplicate"} | UNNAMED


def test_intervals_have_one_row_a_metric_that_is_defined(single):
    rows = read(heads_intervals_csv(single))
    assert list(rows[0]) == ["kind", "layer", "head", "metric", "value", "low", "high", "n"]
    assert len(rows) == 3 * 2 * (13 + 1 + 6)
    for row in rows:
        if row["metric"].endswith(("induction", "duplicate")):
            assert (row["n"], row["low"], row["high"]) == ("1", "", "")
        else:
            assert row["n"] == "5"
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
    means = {(row["layer"], row["head"]): row["entropy"] for row in read(heads_csv(single))}
    entropy = [row for row in rows if row["metric"] == "entropy"]
    assert all(means[row["layer"], row["head"]] == row["value"] for row in entropy)


def test_metrics_without_any_value_have_no_interval(double):
    cross = [row for row in read(heads_intervals_csv(double)) if row["kind"] == "cross"]
    assert not {row["metric"] for row in cross} & CROSS_EMPTY


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+A1", "'+A1"),
        ("-A1", "'-A1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-", "'-"),
        ("-inf", "'-inf"),
        ("-1.5", "-1.5"),
        ("+2e-3", "+2e-3"),
        ("-1.5 ", "'-1.5 "),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        (-0.1, "-0.1"),
        (3, "3"),
        (1 / 3, "0.3333333333333333"),
    ],
)
def test_no_cell_is_run_by_a_spreadsheet(cell, text):
    assert csv_cell(cell) == text


def test_quotes_commas_and_line_ends_survive_a_round_trip():
    rows = [('say "no"', "a,b", "two\nlines", "=x")]
    text = csv_text(("one", "two", "three", "=four"), rows)
    assert list(csv.reader(io.StringIO(text))) == [
        ["one", "two", "three", "'=four"], ['say "no"', "a,b", "two\nlines", "'=x"],
    ]  # fmt: skip


def test_findings_have_the_promised_keys():
    finding = Finding(
        "a", "Ünïcode <b>.", "model.html", 0.5, 3, (0.4, 0.6), (0.1, 0.2), "x",
        Claim(0.5, (0.4, 0.6), (0.1, 0.2), 0.3), "habits", twin=(0.1, 0.2), model="m", key="k",
    )  # fmt: skip
    (found, bare) = json.loads(findings_json([finding, Finding("b", "Said.")]))
    assert found == {
        "id": "a", "page": "model.html", "statement": "Ünïcode <b>.", "value": 0.5, "n": 3,
        "interval": [0.4, 0.6], "null": [0.1, 0.2], "null_says": "x", "level": "undecided",
        "floor": 0.3, "twin": [0.1, 0.2], "model": "m", "key": "k", "analysis": "habits",
        "clusters": None, "claims": None, "survives": None,
        "ways": None, "flips": None, "settles_at": None,
    }  # fmt: skip
    assert (bare["value"], bare["interval"], bare["level"]) == (None, None, "described")


def test_findings_of_a_profile_are_valid_json(single):
    found = json.loads(findings_json(single.findings))
    assert [entry["id"] for entry in found] == [finding.id for finding in single.findings]
    assert np.isfinite([entry["value"] for entry in found]).all()
