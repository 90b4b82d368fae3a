"""The authored grammar writes French that agrees, and keeps its held-out combinations apart."""

import pytest
from attnatlas.training.grammar import (
    Grammar,
    Noun,
    combinations,
    determiner,
    english_plural,
    french_plural,
    held_out,
    nouns,
    persons,
    phrase,
    table,
)
from attnatlas.training.lexicon import ADJECTIVES

WORDS = {entry[0]: entry for entry in table(ADJECTIVES)}
THINGS = {noun.english: noun for noun in nouns()}
WOMEN = {noun.english: noun for noun in persons() if noun.feminine}


@pytest.mark.parametrize(
    ("name", "adjective", "noun", "plural", "english", "french"),
    [
        ("a", "old", "tree", False, "an old tree", "un vieil arbre"),
        ("a", "old", "tree", True, "old trees", "de vieux arbres"),
        ("the", "empty", "church", False, "the empty church", "l'église vide"),
        ("this", "new", "hotel", False, "this new hotel", "ce nouvel hôtel"),
        ("my", "yellow", "clock", False, "my yellow clock", "mon horloge jaune"),
        ("our", "white", "horse", True, "our white horses", "nos chevaux blancs"),
        ("a", "red", "knife", True, "red knives", "des couteaux rouges"),
        ("this", "beautiful", "animal", True, "these beautiful animals", "ces beaux animaux"),
        ("a", "American", "city", False, "an American city", "une ville américaine"),
    ],
)
def test_phrases_agree(name, adjective, noun, plural, english, french):
    found = phrase(name, WORDS[adjective], THINGS[noun], plural)
    assert (found.english, found.french) == (english, french)


def test_women_get_feminine_nouns():
    found = phrase("a", WORDS["good"], WOMEN["student"], False)
    assert found.french == "une bonne étudiante"


def test_elision_follows_the_next_word():
    friend = Noun("friend", "amie", True)
    assert determiner("the", True, False, "amie", False) == "l'"
    assert phrase("my", WORDS["new"], friend, False).french == "ma nouvelle amie"


@pytest.mark.parametrize(
    ("one", "many"), [("city", "cities"), ("boy", "boys"), ("box", "boxes"), ("child", "children")]
)
def test_english_plurals(one, many):
    assert english_plural(one) == many


@pytest.mark.parametrize(
    ("one", "many"), [("gâteau", "gâteaux"), ("journal", "journaux"), ("gris", "gris")]
)
def test_french_plurals(one, many):
    assert french_plural(one) == many


def test_training_draws_hold_no_held_out_combination():
    for sentence in Grammar(0).draw(150, unseen=False):
        assert not sentence.held_out
        if sentence.kind == "person":
            assert not any(held_out(*pair) for pair in combinations(sentence.english))


def test_avoided_combinations_are_drawn_for_testing_only():
    avoid = frozenset({("red", "house")})
    for sentence in Grammar(0, avoid).draw(300, unseen=False):
        assert "red house " not in sentence.english
