"""Alignment error rate against numbers computed with the authors' definition (Och & Ney 2003)."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.statistics.alignment import error_rate, tally
from attnatlas.training.measure_alignment import Gold, figure, spans, split_half

WORDS = ["a", "b", "c", "d"]
FIRST = Gold("a b c d", "a b c d", WORDS, WORDS, {(0, 0), (1, 1)}, {(0, 0), (1, 1), (2, 1)})
SECOND = Gold("a b", "a b", WORDS[:2], WORDS[:2], {(0, 0)}, {(0, 0), (1, 0)})
MADE = ({(0, 0), (2, 1), (3, 3)}, {(0, 0), (1, 0)})


def test_the_error_rate_pools_sentences_as_the_golden_numbers_do():
    found = np.array([tally(FIRST.links, MADE[0]), tally(SECOND.links, MADE[1])])
    sure, possible, made, wanted = found.sum(axis=0)
    assert possible / made == pytest.approx(0.8)
    assert sure / wanted == pytest.approx(0.6667, abs=5e-5)
    assert error_rate(found.sum(axis=0)) == pytest.approx(0.25)
    assert figure("aer", found, "").value == pytest.approx(0.25)


def test_words_are_found_whatever_their_case():
    found = spans("The old man, the boat.", ["the", "old", "man", ",", "The", "boat", "."])
    assert [(span.text, span.start) for span in found][-3:] == [
        ("the", 13),
        ("boat", 17),
        (".", 21),
    ]


def test_near_copies_stand_on_one_side():
    alone = [FIRST, SECOND, FIRST, SECOND]
    assert split_half(alone) == ([0, 2], [1, 3])
    copies = [
        replace(FIRST, group=("group", "g")),
        SECOND,
        FIRST,
        replace(SECOND, group=("group", "g")),
    ]
    assert split_half(copies) == ([0, 2, 3], [1])
