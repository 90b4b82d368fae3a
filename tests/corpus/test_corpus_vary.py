"""Pairs made by rule: words swapped both ways in their case, dropped, commas gone; spans move."""

import pytest
from attnatlas.corpus import Record, Span, find_span
from attnatlas.corpus.vary import check_rules, varied
from attnatlas.errors import InputError


def one(text, **fields):
    return Record("r", text, **fields)


def test_a_swap_goes_both_ways_and_keeps_the_case():
    _, made = varied([one("She saw him, and HE saw her.")], ["swap:she=he,her=him"])
    assert made.text == "He saw her, and SHE saw him."
    assert (made.id, made.variant) == (
        "r-swap-she-he-her-him-" + made.id[-6:],
        "swap:she=he,her=him",
    )


def test_both_texts_are_one_group_and_the_first_is_as_written():
    first, second = varied([one("She left.", label="good")], ["swap:she=he"])
    assert first.group == second.group
    assert (first.variant, second.variant) == ("as written", "swap:she=he")
    assert (first.label, second.label) == ("good", None)  # nobody has labelled what a rule made


def test_words_are_dropped_with_the_blank_before_them_and_never_inside_others():
    _, made = varied([one("A very nice, very every day.")], ["drop:very"])
    assert made.text == "A nice, every day."
    _, made = varied([one("Well, yes, so.")], ["comma"])
    assert made.text == "Well yes so."


def test_spans_move_with_the_text_and_read_what_stands_there_now():
    text = "Yes, she met the old cook."
    record = one(
        text, mention=find_span(text, "she"), candidates=(find_span(text, "the old cook"),)
    )
    _, swapped, bare, young = varied([record], ["swap:she=they", "comma", "drop:old"])
    assert swapped.mention == Span("they", 5)
    assert swapped.candidates[0] == find_span(swapped.text, "the old cook")
    assert bare.mention == find_span(bare.text, "she")
    assert young.candidates[0] == Span("the cook", text.index("the"))


def test_what_a_rule_does_not_change_or_would_ruin_stays_alone():
    text = "She left."
    gone = one(text, mention=find_span(text, "She"))
    grouped = one("She left.", group="g", variant="a")
    assert varied([gone], ["drop:she"]) == [gone]
    assert varied([grouped], ["swap:she=he"]) == [grouped]
    assert varied([one("No.")], ["swap:she=he"]) == [one("No.")]


@pytest.mark.parametrize("rule", ["swap:she", "drop:", "comma:x", "turn:a=b", "swap:=he", ""])
def test_a_rule_that_cannot_be_read_is_refused_in_one_sentence(rule):
    with pytest.raises(InputError, match="is no rule; write swap:she=he"):
        check_rules([rule])
