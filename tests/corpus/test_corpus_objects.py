"""Objects that Python programs hold: each is read as what it is, or refused in one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, corpus_from_records, read_options
from attnatlas.errors import InputError

COLUMNS = {"text": ["Rain again", "Sun at last"], "label": [0, 1], "source": ["a", "b"]}
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
Example = namedtuple("Example", ["text", "label"])


@dataclass
class Pair:
    text: str
    label: int


def corpus(records: Any, **chosen: Any) -> Corpus:
    return corpus_from_records(records, options=read_options(Settings(**chosen)))


def read(records: Any) -> list[tuple[str, str | None]]:
    return [(record.text, record.label) for record in corpus(records).records]


@pytest.mark.parametrize(
    "records",
    [
        COLUMNS,
        ROWS,
        pd.DataFrame(COLUMNS),
        pd.DataFrame(COLUMNS, index=["x", "y"]).convert_dtypes(),
        pl.DataFrame(COLUMNS),
        pl.LazyFrame(COLUMNS),
        pa.table(COLUMNS),
        pa.RecordBatch.from_pydict(COLUMNS),
        datasets.Dataset.from_dict(COLUMNS),
        datasets.Dataset.from_dict(COLUMNS)[:10],
        datasets.DatasetDict(train=datasets.Dataset.from_dict(COLUMNS)),
        datasets.Dataset.from_dict(COLUMNS).to_iterable_dataset(),
        {name: np.array(column) for name, column in COLUMNS.items()},
        [Example("Rain again", 0), Example("Sun at last", 1)],
        [Pair("Rain again", 0), Pair("Sun at last", 1)],
        (row for row in ROWS),
        pd.DataFrame(COLUMNS).to_dict(),
        pd.DataFrame(COLUMNS).to_dict("list"),
    ],
    ids=lambda records: type(records).__name__,
)
def test_tables_are_read_by_their_rows(records: Any) -> None:
    assert read(records) == [("Rain again", "0"), ("Sun at last", "1")]


@pytest.mark.parametrize(
    "records",
    [
        np.array(COLUMNS["text"]),
        pd.Series(COLUMNS["text"]),
        pd.Series(COLUMNS["text"], dtype="string", name="review"),
        pl.Series(COLUMNS["text"]),
        pa.array(COLUMNS["text"]),
        pa.chunked_array([COLUMNS["text"]]),
        pa.table(COLUMNS)["text"],
        datasets.Dataset.from_dict(COLUMNS)["text"],
        tuple(COLUMNS["text"]),
        dict.fromkeys(COLUMNS["text"]).keys(),
        map(str.strip, COLUMNS["text"]),
    ],
    ids=lambda records: type(records).__name__,
)
def test_series_are_read_by_their_texts(records: Any) -> None:
    assert read(records) == [("Rain again", None), ("Sun at last", None)]


def test_the_names_of_a_data_sets_labels_are_its_own() -> None:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["wet", "dry"])}
    )
    rows = {"text": ["Rain", "Sun", "Fog"], "label": [0, 1, -1]}
    found = corpus(datasets.Dataset.from_dict(rows, features=features)).records
    assert [(one.label, one.label_index) for one in found] == [("wet", 0), ("dry", 1), (None, None)]


def test_several_labels_of_a_data_set_are_named_too() -> None:
    labels = datasets.List(datasets.ClassLabel(names=["wet", "dry", "cold"]))
    features = datasets.Features({"text": datasets.Value("string"), "label": labels})
    rows = {"text": ["Snow", "Sun"], "label": [[0, 2], [1]]}
    first, second = corpus(datasets.Dataset.from_dict(rows, features=features)).records
    assert (first.labels, second.label) == (("wet", "cold"), "dry")


def test_what_is_missing_in_a_frame_is_no_label_and_loses_no_record() -> None:
    texts = ["one", "two", "three", "four"]
    frame = pd.DataFrame({"text": texts, "label": [1, None, float("nan"), 0]})
    assert [label for _, label in read(frame)] == ["1.0", None, None, "0.0"]
    nullable = pd.DataFrame({"text": texts, "label": pd.array([1, None, 2, 0], dtype="Int64")})
    assert [label for _, label in read(nullable)] == ["1", None, "2", "0"]
    kinds = pd.DataFrame({"text": texts, "label": pd.Categorical(["a", None, "b", "a"])})
    assert [label for _, label in read(kinds)] == ["a", None, "b", "a"]
    truths = pl.DataFrame({"text": texts, "label": [True, None, False, True]})
    assert [label for _, label in read(truths)] == ["true", None, "false", "true"]


def test_columns_are_chosen_guessed_and_ignored_as_in_files() -> None:
    frame = pl.DataFrame({"review": ["Very wet"], "stars": [2], "day": ["Monday"]})
    guessed = corpus(frame)
    assert guessed.notes == (
        "column 'review' is read as 'text' (choose others with column={'FIELD': NAME})",
        "ignored, as they are no field of a record: 'stars', 'day'",
    )
    (chosen,) = corpus(frame, column=("text=day", "label=stars")).records
    assert (chosen.text, chosen.label) == ("Monday", "2")


def test_an_endless_generator_is_read_as_far_as_the_limit() -> None:
    endless = ({"text": f"text {number}"} for number in count())
    found = corpus(endless, limit=3)
    assert ([one.text for one in found.records], found.part) == (
        ["text 0", "text 1", "text 2"],
        "the first 3 records",
    )
    assert corpus(["a", "b"], limit=2).part == ""


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ("One text.", "records must be a list of texts"),
        ({"text": "One text."}, "records must be a list of texts"),
        (b"bytes", "records must be a list of texts"),
        (3, "records must be a list of texts"),
        ({"a", "b"}, "records is a set, which has no order; give sorted(records)"),
        ({"text": ["a", "b"], "label": [1]}, "its columns are not equally long"),
        ([("Rain again", 0)], "a list without names; give mappings as {'text': ...}"),
        (np.array([["a", "b"], ["c", "d"]]), "a list without names; give mappings"),
        (zip(COLUMNS["text"], COLUMNS["label"], strict=True), "a list without names"),
        (np.arange(3), "it is a number, not a text, mapping or record"),
        (pd.DataFrame([[1, 2]]), "no column 'text' (columns: '0', '1')"),
        (pd.DataFrame([["a b", 2]], columns=["text", "text"]),
         "records: column 'text' is there twice; keep one of them"),
        (pd.DataFrame({"a": [1], "b": [2]}), "holds the texts, with column={'text': NAME}"),
        ([b"Rain again"], "it is bytes, not a text, mapping or record; decode them"),
        (datasets.DatasetDict(dict.fromkeys("ab", datasets.Dataset.from_dict(COLUMNS))),
         "records has the splits 'a', 'b'; give one of them: records['a']"),
        (pd.DataFrame({"text": []}), "no record; add at least one text"),
        (datasets.Dataset.from_dict({"text": []}), "no record; add at least one text"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(records: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        corpus(records)
    message = caught.value.format_message()
    assert said in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_column_that_is_not_there_ends_in_a_question_alone() -> None:
    with pytest.raises(InputError, match=r"did you mean 'review'\?$"):
        corpus(pd.DataFrame({"review": ["Very wet"]}), column=("text=revue",))


def test_rows_of_a_structured_array_and_of_a_reader_of_arrow_are_read() -> None:
    rows = np.array([("Very wet", 1)], dtype=[("text", "U20"), ("label", "i4")])
    assert read(rows) == [("Very wet", "1")]
    assert read(pa.table({"text": ["Very wet"], "label": [1]}).to_reader()) == [("Very wet", "1")]


def test_an_open_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("a\n")
    with (tmp_path / "x.txt").open() as file, pytest.raises(InputError, match="give its path"):
        corpus(file)


def test_nobody_needs_pandas_polars_or_datasets() -> None:
    code = (
        "import sys; from attnatlas.corpus import corpus_from_records as read;"
        "read({'text': ['a']}); read(['a']);"
        "print({'pandas', 'polars', 'datasets', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
