"""The text that a record page opens with, painted by the words for the answer and against it."""

from __future__ import annotations

from attnatlas.capture import Token
from attnatlas.pages.record.painted import FAINT, FULL, Run, marks, painted_island, runs
from attnatlas.pages.record.reasons import Reason, Reasons

TEXT = "Great, another head phones"
PIECES = [(0, 5), (5, 6), (6, 14), (14, 19), (19, 20), (20, 26)]


def tokens() -> list[Token]:
    """Return the text in pieces, each with the space before it, and a special token around it."""
    inner = [Token(TEXT[start:end], start=start, end=end) for start, end in PIECES]
    return [Token("[CLS]", special=True), *inner, Token("[SEP]", special=True)]


def reasons(speaks_for: tuple[Reason, ...] = (), against: tuple[Reason, ...] = ()) -> Reasons:
    idle = (Reason("another", 0.3, 0.83, 7),)
    return Reasons("positive", True, 0.84, "occlusion", speaks_for, against, idle)


GREAT, HEAD = Reason("Great", 0.5, 0.18, 0), Reason("head", -0.2, 0.95, 15)


def test_words_that_move_the_answer_are_painted_and_no_others() -> None:
    sides = [side for side, _ in marks(tokens(), reasons((GREAT,), (HEAD,)))]
    assert sides == ["", "for", "", "", "against", "", "", ""]


def test_the_colour_is_stronger_where_the_answer_moves_further() -> None:
    found = dict(marks(tokens(), reasons((GREAT,), (HEAD,))))
    assert found["for"] == FULL
    assert FAINT < found["against"] < FULL
    assert found["against"] == round(FAINT + (FULL - FAINT) * 0.11 / 0.66)


def test_the_stretches_are_the_text_and_a_space_before_a_word_is_not_painted() -> None:
    found = runs(tokens(), reasons((GREAT,), (HEAD,)))
    assert "".join(run.text for run in found) == TEXT
    assert found[0] == Run("Great", "for", FULL)
    assert [run.text for run in found if run.side] == ["Great", "head"]


def test_the_pieces_of_a_word_are_one_stretch() -> None:
    phones = Reason("head phones", 0.5, 0.2, 15)
    cut = [Token(" head", start=14, end=19), Token("phones", start=20, end=26)]
    assert [run.text for run in runs(cut, reasons((phones,)))] == [" ", "headphones"]


def test_scripts_are_told_which_tokens_are_painted() -> None:
    assert painted_island(tokens(), reasons((GREAT,))) == [[1, "for", FULL]]
    assert painted_island(tokens(), reasons()) == []
    assert painted_island(tokens(), None) == []
