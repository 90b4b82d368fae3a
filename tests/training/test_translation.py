"""BLEU and chrF of sentences that have several references: by sentence and by row."""

import itertools

import pytest
from attnatlas.training.measure_translation import drawn_score, scores
from sacrebleu.metrics.bleu import BLEU

SAID = {
    "Go away now.": "Va-t'en maintenant.",
    "I see the old house.": "Je vois la vieille maison.",
    "He sleeps.": "Il dort bien.",
}
ROWS = [
    ("Go away now.", "Va-t'en maintenant."),
    ("Go away now.", "Allez-vous-en tout de suite."),
    ("Go away now.", "Partez maintenant !"),
    ("I see the old house.", "Je vois la vieille maison."),
    ("He sleeps.", "Il dort."),
]


def found():
    return {figure.name: figure for figure in scores("short", "short", ROWS, SAID)}


def test_rows_count_a_sentence_as_often_as_it_has_references():
    figures = found()
    assert figures["bleu.short"].n == len(ROWS)
    assert figures["bleu.short.once"].n == figures["bleu.short.joined"].n == len(SAID)
    expected = BLEU().corpus_score([SAID[english] for english, _ in ROWS], [[f for _, f in ROWS]])
    assert figures["bleu.short"].value == pytest.approx(expected.score)


def test_any_reference_is_right_where_all_are_joined():
    figures = found()
    said, streams = list(SAID.values()), [
        ["Va-t'en maintenant.", "Je vois la vieille maison.", "Il dort."],
        ["Allez-vous-en tout de suite.", None, None],
        ["Partez maintenant !", None, None],
    ]  # fmt: skip
    expected = BLEU().corpus_score(said, streams).score
    assert figures["bleu.short.joined"].value == pytest.approx(expected)
    assert figures["bleu.short.once"].value < expected


def test_one_reference_by_chance_is_the_mean_over_all_choices():
    said = list(SAID.values())
    references = [["Va-t'en maintenant.", "Partez !"], said[1:2], ["Il dort.", "Il dort bien."]]
    choices = [
        BLEU().corpus_score(said, [list(some)]).score for some in itertools.product(*references)
    ]
    figure = drawn_score("bleu", BLEU(), said, references, "")
    assert figure.value == pytest.approx(sum(choices) / len(choices), abs=3)
    assert figure.low <= figure.value <= figure.high
    assert figure.value == drawn_score("bleu", BLEU(), said, references, "").value


def test_one_reference_alone_leaves_nothing_to_chance():
    said, references = ["Je vois la vieille maison."], [["Je vois une vieille maison."]]
    figure = drawn_score("bleu", BLEU(), said, references, "")
    expected = BLEU().corpus_score(said, references).score
    assert (figure.value, figure.low, figure.high) == pytest.approx((expected,) * 3)
