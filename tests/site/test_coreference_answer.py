"""The report of pairs answers its own title: over how many pairs, beside copies, who is meant."""

from __future__ import annotations

from typing import Any

import pytest
from attnatlas.pages.coreference_answer import answers
from attnatlas.pages.coreference_tables import CHOICE, ways_beside

Row = dict[str, Any]
HEADS = {"a": "L0H1", "b": "L1H0, L2H2"}


def gap(pairs: int, level: str = "described", **more: Any) -> Row:
    return {
        "model": "m", "first_variant": "female", "second_variant": "male", "measure": "pronoun",
        "option": "x", "pairs": pairs, "clusters": pairs, "level": level, **more,
    }  # fmt: skip


def pair(value: float, untrained: float | None = None, **more: Any) -> Row:
    return {
        **gap(1), "corpus": "c", "second_corpus": "c", "first_record": "she",
        "second_record": "he", "gap": value, "untrained": untrained, **more,
    }  # fmt: skip


def text(record: str, mention: str, chosen: str, model: str = "m") -> Row:
    where = {"model": model, "corpus": "c", "record": record}
    return {**where, "mention": mention, "chosen": chosen}


def test_one_pair_proves_nothing_and_the_copy_stands_beside_its_gap() -> None:
    pairs = [pair(-0.29, 0.13), pair(-0.41, -0.42, model="s")]
    texts = [
        text("she", "she", "The doctor"), text("he", "he", "the doctor"),
        text("she", "She", "the nurse", "s"), text("he", "he", "The doctor", "s"),
    ]  # fmt: skip
    said = answers(pairs, [gap(1), gap(1, model="s")], texts)
    assert said == [
        "Only one female/male pair: from so few nothing can be concluded about a gap.",
        "How likely a pronoun is differs by 41 points in s (untrained copy 42) and by 29 in m "
        "(untrained copy 13 the other way).",
        "With the other pronoun, whom a model takes to be meant changes in 1 of 2 cases.",
    ]
    assert all(len(one.split()) <= 25 for one in said)


@pytest.mark.parametrize(
    ("chosen", "how"),
    [
        (("A", "A", "B", "B"), "stays the same in both cases"),
        (("A", "B", "B", "A"), "changes in both cases"),
        (("A", "B", "", "B"), "changes"),
    ],
)
def test_it_says_whether_who_is_meant_changes_with_the_pronoun(
    chosen: tuple[str, ...], how: str
) -> None:
    places = [("she", "m"), ("he", "m"), ("she", "s"), ("he", "s")]
    texts = [text(w, w, c, m) for (w, m), c in zip(places, chosen, strict=True)]
    said = answers([pair(0.1), pair(0.1, model="s")], [gap(1)], texts)
    assert said[-1] == f"With the other pronoun, whom a model takes to be meant {how}."


def test_the_pronouns_are_named_and_a_choice_that_all_share_is() -> None:
    both = {"first_text": "I know she was late.", "second_text": "I know he was late."}
    pairs = [pair(-0.29, 0.13, **both), pair(-0.41, -0.42, model="s", **both)]
    places = [("she", "m"), ("he", "m"), ("she", "s"), ("he", "s")]
    texts = [text(word, word, "The doctor", model) for word, model in places]
    said = answers(pairs, [gap(1), gap(1, model="s")], texts)
    assert said[1:] == [
        "“she” is less expected than “he”: by 41 points in s (untrained copy 42) and by 29 in m "
        "(untrained copy 13 the other way).",
        "With either pronoun, m and s take “the doctor” to be meant.",
    ]
    assert all(len(one.split()) <= 25 for one in said)
    pairs = [pair(0.29, **both), pair(-0.41, model="s", **both)]
    said = answers(pairs, [gap(1), gap(1, model="s")], texts)
    assert said[1].startswith("How likely a pronoun is differs by")


def test_pairs_that_differ_in_another_word_say_nothing_of_the_pronoun() -> None:
    texts = [text("she", "it", "A"), text("he", "it", "B")]
    who = pair(0.1, measure="who is meant")
    said = answers([who], [gap(1, measure="who is meant")], texts)
    assert said[1:] == ["The answer differs by 10 points in m."]


@pytest.mark.parametrize(
    ("levels", "how"),
    [
        (("holds",), "holds"),
        (("does not hold",), "does not hold"),
        (("undecided",), "is undecided"),
        (("described",), "is not judged"),
        (("holds", "does not hold"), "holds in one of two measurements"),
        (
            ("does not hold", "undecided", "described"),
            "holds in none of three measurements; one undecided, one not judged",
        ),
    ],
)
def test_enough_pairs_are_said_with_their_verdicts(levels: tuple[str, ...], how: str) -> None:
    rows = [gap(60, level, model=str(at)) for at, level in enumerate(levels)]
    assert answers([], rows, []) == [
        f"Over 60 female/male pairs, a gap of five points or more {how}."
    ]


def test_kinds_with_one_pair_each_are_named_and_attention_is_no_answer() -> None:
    other = {"first_variant": "big", "second_variant": "small", "measure": "answer"}
    rows = [gap(1), gap(1, **other), gap(90, measure="attention")]
    assert answers([], rows, []) == [
        "Only one pair of each kind (female/male, big/small): from so few nothing can be "
        "concluded about a gap."
    ]
    rows = [gap(60, "holds"), gap(2, **other)]
    assert answers([], rows, [])[1].startswith("Two big/small pairs: from so few")


def test_ways_stand_once_with_all_models_and_what_learned_nothing_last() -> None:
    def way(model: str, name: str, low: float | None = None) -> Row:
        return {"model": model, "way": name, "right": 1, "texts": 2, "low": low}

    heads = [way(model, f"best head of the other half ({head})") for model, head in HEADS.items()]
    rows = [way("a", "nearest candidate"), way("a", "rollout"), *heads, way("b", CHOICE)]
    table = ways_beside(rows)
    assert table is not None
    assert table.models == ("a", "b")
    assert table.lines[0].of["way"] == CHOICE
    assert table.lines[-1].of["way"] == "always the nearest candidate"
    [best] = [line for line in table.lines if line.of["heads"]]
    assert [cell and cell["heads"] for cell in best.cells] == [*HEADS.values()]
    assert table.lines[0].cells[0] is None
    assert ways_beside([*rows, way("b", "saliency", 0.1)]) is None  # intervals are drawn
