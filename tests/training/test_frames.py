"""Figures of the cards whose rows come in frames: the frames are resampled, and said."""

import json

import numpy as np
import pytest
from attnatlas.training import number_agreement, pronouns
from attnatlas.training.evaluate import load
from attnatlas.training.measure import clustered, mean
from attnatlas.zoo import zoo_folder


def card(name):
    report = json.loads((zoo_folder(name) / "metrics.json").read_text(encoding="utf-8"))
    return {row["name"]: row for row in report["figures"]}


def test_rows_of_a_frame_are_one_cluster():
    rng = np.random.default_rng(0)
    frames = np.repeat(np.arange(8), 16)
    marks = (rng.random(128) < np.repeat(rng.random(8), 16)).astype(float).tolist()
    by_frame = clustered("x", marks, list(map(str, frames)), "right")
    by_row = mean("x", marks)
    assert by_frame.value == pytest.approx(by_row.value)
    assert by_frame.high - by_frame.low > 2 * (by_row.high - by_row.low)
    assert (by_frame.n, by_frame.about) == (128, "right; 8 frames, drawn whole")
    with pytest.raises(ValueError, match="fewer than five clusters"):
        clustered("x", marks[:64], list(map(str, frames[:64])), "right")


def test_none_right_is_not_sure_to_be_none():
    frames = [str(at // 4) for at in range(40)]
    none, every = (clustered("x", [mark] * 40, frames) for mark in (0, 1))
    assert (none.low, every.high) == (0, 1)
    assert none.high == pytest.approx(1 - 0.025**0.1)  # Clopper & Pearson, 0 of 10
    assert every.low == pytest.approx(0.025**0.1)


def test_the_authored_pronouns_are_eight_frames():
    frames = pronouns.handwritten_frames()
    assert len(frames) == len(pronouns.handwritten()) == 128
    assert len(set(frames)) == 8
    texts = [text for text, _ in pronouns.handwritten()]
    assert all(
        frame.replace("{}", "").split()[-1] in text
        for frame, text in zip(frames, texts, strict=True)
    )
    assert "8 frames, drawn whole" in card("english")["pronouns.authored"]["about"]


@pytest.mark.parametrize("name", ["english", "stories"])
def test_cards_say_how_rarely_a_verb_agrees_across_a_noun(name):
    found = number_agreement.figures(*load(name, zoo_folder(name)))
    said = card(name)
    for figure in found:
        assert figure.value == pytest.approx(said[figure.name]["value"], abs=0.03)
    across, beside = found
    assert across.high < 0.5 < beside.low
    text = (zoo_folder(name) / "README.md").read_text(encoding="utf-8")
    assert f"{round(40 * across.value) or 'none'} of 40 sentences" in text.replace("\n", " ")


def test_rows_of_an_occupation_are_drawn_together():
    rng = np.random.default_rng(1)
    pair = [list(np.repeat(rng.random(60), 4)), list(np.repeat(rng.random(60), 4))]
    together = pronouns.correlation("x", pair, [at // 4 for at in range(240)], "tied")
    apart = pronouns.correlation("x", pair, list(range(240)), "tied")
    assert together.value == pytest.approx(apart.value)
    assert together.high - together.low > 1.7 * (apart.high - apart.low)
    assert (together.n, together.about) == (240, "tied; 60 occupations, drawn whole")


@pytest.mark.parametrize(
    ("name", "figures", "unit"),
    [
        ("english", "winogender.", "60 occupations"),
        ("sentiment", "accuracy.authored", "templates"),
        ("sentiment", "accuracy.reworded", "frames"),
        ("stories", "head.previous", "groups of like texts"),
    ],
)
def test_cards_say_what_was_drawn_whole(name, figures, unit):
    rows = [row for key, row in card(name).items() if key.startswith(figures)]
    assert rows
    assert all(f"{unit}, drawn whole" in row["about"] for row in rows)
