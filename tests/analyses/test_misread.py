"""Numbers that a data file brings are of its own text: as many as that has words and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from attnatlas.analyses import contrast, faithfulness, relevance, saliency, word_erasure
from attnatlas.analyses.analysis import RecordProbe
from attnatlas.analyses.word_erasure.tables import KEPT
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.results.columns import misfit
from attnatlas.results.shapes import Partial, Result, Table

from tests.probes.conftest import asked  # noqa: F401

PROBES: tuple[RecordProbe, ...] = tuple(
    one.ANALYSIS for one in (saliency, relevance, faithfulness, word_erasure)
)
NOUN = "The doctor told the nurse that she was late."
FIRST = ("The", "doctor", "told", "the", "nurse", "that", "she", "was", "late.")
TEXTS = {
    "bert-classifier": Record("r", NOUN, aspects=(Span("nurse", 20),)),
    "bert": Record("r", NOUN, mention=Span("she", 31)),
    "gpt2": Record("r", NOUN),
    "marian": Record("r", NOUN, target="La banque est au bord."),
}
Read = Callable[[str], tuple[Capture, dict[str, Result]]]


@pytest.fixture(scope="module")
def read(asked: Any) -> Read:  # noqa: F811
    """Return a function: kind of model -> a capture of its text, and what is found of that."""

    def found(kind: str) -> tuple[Capture, dict[str, Result]]:
        loaded, _ = asked(kind)
        [(_, capture)] = capture_records(loaded, [TEXTS[kind]], Settings())
        results: dict[str, Result] = {}
        for probe in PROBES:
            results[probe.name] = probe.compute(capture, loaded, results)
        return capture, results

    return found


def misread(capture: Capture, result: Result) -> str | None:
    probe = next(one for one in PROBES if one.name == result.analysis)
    assert probe.misread is not None
    return probe.misread(capture, result)


@pytest.mark.parametrize("kind", TEXTS)
def test_what_is_found_of_a_text_is_of_that_text(read: Read, kind: str) -> None:
    capture, results = read(kind)
    said = [misread(capture, result) for result in results.values() if not result.empty]
    assert len(said) >= 3
    assert {*said} == {None}


def with_rows(result: Result, name: str, rows: Any) -> Result:
    table = result.tables[name]
    return replace(result, tables={**result.tables, name: Table(table.columns, tuple(rows))})


Edit = Callable[[list[Any]], list[Any]]
WORDS, FAITH = "word_erasure", "faithfulness"
FORGED: dict[str, tuple[str, str, Edit, str]] = {
    "a word more": (
        WORDS, "words", lambda rows: [*rows, ("late", 900, 0.1, None, None)],
        ".tables.words.rows' must be 9 for its text, and are 10",
    ),
    "a word less": (WORDS, "words", lambda rows: rows[1:], "must be 9 for its text, and are 8"),
    "a word beyond the end": (
        WORDS, "words", lambda rows: [*rows[:-1], ("late", 900, *rows[-1][2:])],
        ".tables.words.rows[8]' has a 'start' that must be 39 for its text",
    ),
    "another word": (
        WORDS, "words", lambda rows: [("No", *rows[0][1:]), *rows[1:]],
        ".tables.words.rows[0]' has a 'word' that must be 'The' for its text",
    ),
    "an aspect more": (WORDS, "aspects", lambda rows: [*rows, *rows], "must be 1 for its text"),
    "an aspect elsewhere": (
        WORDS, "aspects", lambda rows: [(rows[0][0], 4, *rows[0][2:])], "'start' that must be 20"
    ),
    "more tokens erased": (
        FAITH, "curves", lambda rows: [(rows[0][0], 77, *rows[0][2:]), *rows[1:]],
        "has a 'k' that must be 1 for its text",
    ),
    "another share": (
        FAITH, "curves", lambda rows: [(*rows[0][:2], 0.001, *rows[0][3:]), *rows[1:]],
        "has a 'share' that must be",
    ),
    "a step of chance less": (FAITH, "chance", lambda rows: rows[1:], "must be"),
    "weights of more tokens": (
        FAITH, "weights", lambda rows: [(rows[0][0], 99, rows[0][2]), *rows[1:]],
        "has a 'n' that must be",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_table_of_another_text_is_found(read: Read, name: str) -> None:
    analysis, table, edit, said = FORGED[name]
    capture, results = read("bert-classifier")
    result = results[analysis]
    rows = edit([*result.tables[table].rows])
    assert said in (misread(capture, with_rows(result, table, rows)) or "")


def test_of_a_long_text_as_many_words_are_kept_as_may_be(read: Read) -> None:
    """The same text over and over, with two blanks between."""
    capture, results = read("bert-classifier")
    (part,), step, times = capture.maps, len(NOUN) + 2, 30
    tokens = [
        replace(one, start=at * step + (one.start or 0), end=at * step + (one.end or 0))
        for at in range(times)
        for one in part.queries[1:-1]
    ]
    record = replace(capture.record, text="  ".join([NOUN] * times))
    long = replace(capture, record=record, maps=(replace(part, queries=tuple(tokens)),))
    words = [
        (word.strip("."), at * step + NOUN.index(word)) for at in range(times) for word in FIRST
    ]
    rows = [(*word, 0.0, None, None) for word in words]
    assert len(rows) > KEPT
    result = replace(results[WORDS], tables={"words": results[WORDS].tables["words"]})
    for chosen, fine in ((rows[7 : 7 + KEPT], True), (rows[:KEPT][::-1], False), (rows, False)):
        assert (misread(long, with_rows(result, "words", chosen)) is None) == fine


@pytest.mark.parametrize(
    ("kind", "analysis", "name"),
    [
        ("bert", "saliency", "masked.rollout"),
        ("bert", "saliency", "masked.received.self"),
        ("gpt2", "relevance", "null.relevance"),
    ],
)
def test_numbers_for_more_tokens_than_a_text_has_are_found(
    read: Read, kind: str, analysis: str, name: str
) -> None:
    capture, results = read(kind)
    result = results[analysis]
    kept = result.partial(name)
    assert kept is not None
    longer = Partial(name, np.concatenate([kept.values, kept.values], axis=-1))
    said = misread(capture, replace(result, partials=(longer,)))
    assert f"' has '{name}' of " in (said or "")


def test_a_contrast_that_could_not_be_made_is_all_that_is_said() -> None:
    result = Result("contrast", tables={"unmet": Table(("why",), (("Not one token.",),))})
    assert misfit(result, contrast.ANALYSIS.tables) is None
