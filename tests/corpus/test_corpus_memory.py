"""Corpora from values in memory: texts, mappings, records, data sets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attnatlas.corpus import Record, corpus_from_records
from attnatlas.errors import InputError


class Dataset:
    """Iterates over rows as a Hugging Face data set does."""

    def __iter__(self) -> Iterator[dict[str, object]]:
        yield {"text": "fine", "label": 1, "idx": 0}
        yield {"text": "poor", "label": 0, "idx": 1}


def test_texts_mappings_records_and_data_sets() -> None:
    assert [r.text for r in corpus_from_records(["a", "b"]).records] == ["a", "b"]
    assert corpus_from_records([Record("x", "a")]).records == (Record("x", "a"),)
    labelled = corpus_from_records(Dataset(), "mine", title="Mine", task="sentiment")
    assert [r.label for r in labelled.records] == ["1", "0"]
    assert (labelled.name, labelled.title, labelled.task) == ("mine", "Mine", "sentiment")
    assert corpus_from_records(iter(["a"])).sha256 == corpus_from_records([{"text": "a"}]).sha256


def test_bad_items_are_skipped_or_an_error() -> None:
    items = ["a", "", None, Record("x", "a", mention=None), {"sentence": "b"}]
    corpus = corpus_from_records(items)  # type: ignore[arg-type]
    assert [(skip.where, skip.reason) for skip in corpus.skipped] == [
        ("records, record 2", "'text' is empty"),
        ("records, record 3", "it is null, not a text, mapping or record"),
        ("records, record 5", "no 'text'"),
    ]
    with pytest.raises(InputError) as caught:
        corpus_from_records(items, strict=True)  # type: ignore[arg-type]
    assert caught.value.format_message() == (
        "records, record 2: 'text' is empty; correct or remove the record."
    )


@pytest.mark.parametrize("records", ["one text", {"text": "a"}, Record("a", "b"), 3])
def test_a_single_value_is_no_corpus(records: object) -> None:
    with pytest.raises(InputError, match="must be a list"):
        corpus_from_records(records)  # type: ignore[arg-type]


def test_empty_duplicate_and_unknown_task() -> None:
    with pytest.raises(InputError, match="records: no record; add at least one text"):
        corpus_from_records([])
    with pytest.raises(InputError, match="record 1 and record 2 have the same id 'x'"):
        corpus_from_records([Record("x", "a"), Record("x", "b")])
    with pytest.raises(InputError, match="unknown task 'other'"):
        corpus_from_records(["a"], task="other")
