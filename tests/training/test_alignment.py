"""Alignment error rate against numbers computed with the authors' definition (Och & Ney 2003)."""

import numpy as np
import pytest
from attnatlas.statistics.alignment import error_rate, tally
from attnatlas.training.measure import halves
from attnatlas.training.measure_alignment import Gold, figure, spans

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
    several = np.tile(found, (4, 1))
    pooled = figure("aer", several, list(range(8)), "all")
    assert (pooled.value, pooled.about) == (pytest.approx(0.25), "all")
    with pytest.raises(ValueError, match="fewer than five clusters"):
        figure("aer", found, [0, 1], "")


def test_sentences_of_a_frame_are_drawn_together():
    right, wrong = tally(FIRST.links, set(FIRST.sure)), tally(SECOND.links, {(1, 1)})
    found = np.array([right] * 20 + [wrong] * 20)
    alone, framed = (
        figure("aer", found, clusters, "all")
        for clusters in (list(range(40)), [at // 4 for at in range(40)])
    )
    assert framed.high - framed.low > 1.5 * (alone.high - alone.low)
    assert (framed.n, framed.about) == (40, "all; 10 frames, drawn whole")


def test_words_are_found_whatever_their_case():
    found = spans("The old man, the boat.", ["the", "old", "man", ",", "The", "boat", "."])
    assert [(span.text, span.start) for span in found][-3:] == [
        ("the", 13),
        ("boat", 17),
        (".", 21),
    ]


def test_near_copies_stand_on_one_side():
    assert halves([None] * 4) == ([0, 2], [1, 3])
    group = ("group", "g")
    assert halves([group, None, None, group]) == ([0, 2, 3], [1])
