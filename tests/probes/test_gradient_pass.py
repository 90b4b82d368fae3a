"""Gradients of attention in every family, what is worked out once, and models that hide theirs."""

import weakref

import numpy as np
import pytest
import torch
from attnatlas.analyses import gradients as gradients_analysis
from attnatlas.analyses import relevance, saliency
from attnatlas.probes import (
    ExplainedInput,
    attention_gradients,
    gradient_pass,
    gradient_weighted_attention,
    remembering,
)
from attnatlas.probes.attention import back

FAMILIES = [
    ("bert-classifier", "plain"),
    ("distilbert", "masked"),
    ("mpnet", "masked"),
    ("gpt2", "plain"),
    ("gpt2-upcast", "plain"),
    ("gpt_neo", "plain"),
    ("gemma2", "plain"),
    ("gpt_oss", "plain"),
    ("bloom", "plain"),
    ("falcon", "plain"),
    ("mpt", "plain"),
    ("bart", "plain"),
    ("bart-classifier", "plain"),
    ("t5", "plain"),
]


@pytest.mark.parametrize(("kind", "text"), FAMILIES)
def test_every_family_shows_the_attention_its_answer_is_made_from(asked, kind, text):
    loaded, capture = asked(kind, text)
    explained = ExplainedInput.of(loaded, capture)
    weights, gradients = attention_gradients(explained)
    assert weights.keys() == {part.kind for part in capture.maps}
    for part in capture.maps:
        np.testing.assert_allclose(weights[part.kind], part.weights, atol=1e-6)
        assert gradients[part.kind].shape == part.weights.shape
        assert np.abs(gradients[part.kind]).max() > 0
    with torch.no_grad():
        score = explained.of_embeddings(explained.embeddings())
    assert gradient_pass(explained).score == pytest.approx(float(score), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(("kind", "text"), FAMILIES)
def test_heads_put_together_as_gradients_come_are_those_of_all_gradients(asked, kind, text):
    explained = ExplainedInput.of(*asked(kind, text))
    weights, gradients = attention_gradients(explained)
    steps = gradient_weighted_attention(explained)
    assert steps.keys() == weights.keys()
    for part, found in steps.items():
        product = weights[part].astype(np.float64) * gradients[part]
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, np.maximum(product, 0).mean(axis=1), rtol=1e-9)


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2", "bart"])
def test_the_gradients_of_one_layer_are_gone_when_those_of_the_next_come(asked, kind):
    seen = []

    def make(weights, gradients):
        assert not any(earlier() is not None for earlier in seen)
        seen.extend(map(weakref.ref, (weights, gradients)))
        return float(gradients.abs().max())

    *_, made = back(ExplainedInput.of(*asked(kind)), make)
    assert len(seen) == 2 * sum(map(len, made.values())) > 2
    assert all(value > 0 for layers in made.values() for value in layers)


def test_analyses_of_one_text_share_one_question_until_it_is_over(asked):
    loaded, capture = asked("bert-classifier")
    with remembering():
        explained = ExplainedInput.of(loaded, capture)
        assert ExplainedInput.of(loaded, capture) is explained
        assert gradient_pass(explained) is gradient_pass(explained)
        other = ExplainedInput.of(*asked("gpt2"))
        assert other.model is not explained.model
    assert ExplainedInput.of(loaded, capture) is not explained


def test_sharing_changes_no_number(asked):
    loaded, capture = asked("gpt2")
    alone = [one.compute(capture, loaded, {}) for one in (saliency, relevance)]
    with remembering():
        together = [one.compute(capture, loaded, {}) for one in (saliency, relevance)]
    for one, other in zip(alone, together, strict=True):
        for mine, theirs in zip(one.scores, other.scores, strict=True):
            np.testing.assert_array_equal(mine.values, theirs.values)


def hidden(module, inputs, output):
    """Hand out a copy of the attention that the output was not made from."""
    return (output[0], *(None if part is None else part.detach().clone() for part in output[1:]))


def test_a_model_that_hides_its_attention_is_told_in_one_sentence(asked):
    loaded, capture = asked("bloom")
    handles = [
        block.self_attention.register_forward_hook(hidden) for block in loaded.model.transformer.h
    ]
    try:
        for analysis in (relevance, gradients_analysis):
            with pytest.raises(ValueError, match="the attention that the model shows is not what"):
                analysis.compute(capture, loaded, {})
        assert not saliency.compute(capture, loaded, {}).empty
    finally:
        for handle in handles:
            handle.remove()
    assert not relevance.compute(capture, loaded, {}).empty
