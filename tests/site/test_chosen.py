"""Whom a model takes a mention for stands at the opening of its page, and columns are in words."""

from __future__ import annotations

from attnatlas.analyses.causal import ODDS
from attnatlas.analyses.choice import CHOICE
from attnatlas.pages.record.chosen import chosen_words
from attnatlas.pages.shape_figures import used
from attnatlas.results.shapes import Result, Table

PRONOUNS = (("pronoun", "she", 0.35, 0.54), ("pronoun", "he", 0.65, 0.46))
NURSE = ("who is meant", "the nurse", 0.13, 0.48)


def said(*rows: tuple[str, str, float, float | None]) -> str:
    return chosen_words({"choice": Result("choice", tables={"choice": Table(CHOICE, rows)})})


def test_the_candidate_with_the_largest_share_is_named_beside_untrained_copies() -> None:
    doctor = ("who is meant", "The doctor", 0.87, 0.52)
    assert said(NURSE, doctor, *PRONOUNS) == (
        "The model takes “The doctor” to be meant: 87% (untrained copies: 52%)."
    )
    alone = (*doctor[:3], None)
    assert said(NURSE, alone) == "The model takes “The doctor” to be meant: 87%."


def test_where_nobody_was_asked_who_is_meant_nothing_is_said() -> None:
    assert said(*PRONOUNS) == ""
    assert said(NURSE) == ""  # one candidate is no choice
    assert chosen_words({}) == ""


def test_columns_of_odds_are_in_words_and_empty_ones_are_left_out() -> None:
    row = ("“street” against “animal”", 0.2, 0.4, 1.0, -0.1, 1.2, None)
    assert used(Table(ODDS, (row,))).columns == (
        "asked", "odds here", "odds in the other text", "change", "change by where heads look",
        "change by all else",
    )  # fmt: skip
