"""Another answer, and one against another, with real models: what adds up and what may be taken."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import anchors, contrast, saliency
from attnatlas.analyses.contrast import TARGET
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.models import load_model, resolve_model
from attnatlas.pages.record.token_bars import bar_islands
from attnatlas.probes import ExplainedInput, gradients
from attnatlas.probes.gradients import STEPS, integrated, most_steps
from attnatlas.probes.target import targets_of
from attnatlas.results.codec import result_from_arrays, result_to_arrays

REVIEW = Record("r", "The room was cold, but the staff were kind.")
SHE = Record("s", "The nurse said that she was late.", mention=Span("she", 20))


@pytest.fixture(scope="module")
def sentiment():
    return load_model(resolve_model("sentiment", Settings()), Settings())


def read(loaded, record):
    [(_, capture)] = capture_records(loaded, [record], Settings())
    return capture


def rows_of(result):
    rows = [dict(zip(TARGET, row, strict=True)) for row in result.tables["target"].rows]
    return {row["target"]: row for row in rows}


def mislabelled(loaded):
    capture = read(loaded, REVIEW)
    other = min(capture.prediction["labels"], key=capture.prediction["labels"].get)
    return replace(capture, record=replace(REVIEW, label=other))


def test_the_label_follows_from_the_answer_and_the_contrast(sentiment):
    capture = mislabelled(sentiment)
    known = {"saliency": saliency.compute(capture, sentiment, {})}
    found = contrast.compute(capture, sentiment, known)
    scores = {one.name: one.values for one in found.scores}
    assert set(scores) == {
        f"{target}.{method}"
        for target in ("label", "contrast")
        for method in ("integrated_gradients", "gradient_x_input")
    }
    _, label, _ = targets_of(sentiment, capture)
    explained = ExplainedInput(sentiment, capture, label)
    direct = gradients(explained)["gradient_x_input"]
    np.testing.assert_allclose(scores["label.gradient_x_input"], direct, rtol=1e-3, atol=1e-5)
    exact = integrated(explained, 0.001, 32)
    row = rows_of(found)["label"]
    assert row["difference"] == pytest.approx(exact.difference, abs=1e-4)
    assert row["sum"] == pytest.approx(scores["label.integrated_gradients"].sum(), abs=1e-4)
    near = np.abs(scores["label.integrated_gradients"] - exact.values).max()
    assert near < 0.3 * np.abs(exact.values).max()  # few steps beside many


def test_a_contrast_adds_up_or_says_that_it_does_not(sentiment):
    capture = read(sentiment, REVIEW)
    said = capture.prediction["labels"]
    named = replace(REVIEW, contrast=tuple(sorted(said, key=lambda name: -said[name])))
    found = contrast.compute(replace(capture, record=named), sentiment, {})
    [row] = rows_of(found).values()
    values = {one.name: one.values for one in found.scores}
    assert STEPS <= row["steps"] <= most_steps(len(capture.maps[0].queries))
    assert row["sum"] == pytest.approx(values["contrast.integrated_gradients"].sum(), abs=1e-4)
    close = abs(row["sum"] - row["difference"]) <= 0.05 * abs(row["difference"])
    assert row["converged"] == ("yes" if close else "no")
    shares = capture.prediction["labels"].values()
    odds = np.log(max(shares) / min(shares))
    assert row["score"] == pytest.approx(odds, abs=1e-3)  # a difference of logits is log odds


def test_what_no_record_asks_for_has_the_gradient_alone(sentiment):
    found = contrast.compute(read(sentiment, REVIEW), sentiment, {})
    assert [one.name for one in found.scores] == ["contrast.gradient_x_input"]
    [row] = rows_of(found).values()
    assert row["steps"] is row["converged"] is None


def test_swapping_the_two_turns_every_sign(sentiment):
    capture = read(sentiment, REVIEW)
    names = tuple(capture.prediction["labels"])
    one, other = (
        contrast.compute(replace(capture, record=replace(REVIEW, contrast=pair)), sentiment, {})
        for pair in (names, names[::-1])
    )
    for first, second in zip(one.scores, other.scores, strict=True):
        np.testing.assert_allclose(first.values, -second.values, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["english", "stories"])
def test_she_and_he_are_compared_where_the_pronoun_stands(name):
    loaded = load_model(resolve_model(name, Settings()), Settings())
    capture = read(loaded, SHE)
    found = contrast.compute(capture, loaded, {})
    [row] = rows_of(found).values()
    assert row["words"].startswith("“she” against “he” where “she” stands")
    assert row["unit"] == "logit difference"
    known = {"saliency": saliency.compute(capture, loaded, {})}
    assert not known["saliency"].empty
    taken = anchors.compute(capture, known).tables["content"].rows
    shown = [capture.maps[0].queries[at].text.strip() for (at,) in taken]
    assert "she" not in shown  # it is the blank of a masked model, and what a decoder is to say


def test_a_contrast_that_cannot_be_made_is_told(sentiment):
    capture = read(sentiment, REVIEW)
    for words, made in ((("positive", "negative"), True), (("she", "he"), False)):
        record = replace(REVIEW, contrast=words)
        found = contrast.compute(replace(capture, record=record), sentiment, {})
        assert ("unmet" in found.tables) == (not made)
        if not made:
            [[why]] = found.tables["unmet"].rows
            assert "“she” against “he”" in why
            assert why.endswith("its likeliest two are compared instead.")
            island = bar_islands(
                capture, {"saliency": saliency.compute(capture, sentiment, {}), "contrast": found}
            )
            assert island["saliency"]["unmet"] == why


def test_it_survives_the_store(sentiment):
    found = contrast.compute(mislabelled(sentiment), sentiment, {})
    again = result_from_arrays(*result_to_arrays(found))
    assert again.tables == found.tables
    assert [one.name for one in again.scores] == [one.name for one in found.scores]


def test_where_nothing_is_answered_nothing_is_compared(sentiment):
    capture = replace(read(sentiment, REVIEW), prediction={"task": "none"})
    assert contrast.compute(capture, sentiment, {}).empty
