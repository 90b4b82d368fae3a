"""Attributions against captum, direct autograd, plain loops, and what they must add up to."""

import numpy as np
import pytest
import torch
from attnatlas.probes import ExplainedInput, gradients, occlusion, smoothed
from attnatlas.probes.gradients import STEPS, integrated, pieces
from captum.attr import LayerGradientXActivation, LayerIntegratedGradients


def logit(model, explained):
    def forward(ids):
        logits = model(ids).logits
        at = explained.target.at
        return logits[:, at] if logits.dim() == 2 else logits[:, explained.target.place, at]

    return forward


@pytest.fixture(params=["bert-classifier", "gpt2"])
def both(asked, request):
    loaded, capture = asked(request.param)
    return loaded.model, ExplainedInput.of(loaded, capture)


def test_gradient_and_product_equal_direct_autograd(both):
    model, explained = both
    ids = torch.tensor([explained.ids])
    embeddings = model.get_input_embeddings()(ids).detach().requires_grad_()
    logits = model(inputs_embeds=embeddings).logits
    at = explained.target.at
    answer = logits[0, at] if logits.dim() == 2 else logits[0, explained.target.place, at]
    [slope] = torch.autograd.grad(answer, embeddings)
    found = gradients(explained)
    expected = (slope * embeddings).sum(-1)[0].detach().numpy()
    np.testing.assert_allclose(found["gradient_x_input"], expected, rtol=1e-4, atol=1e-6)
    length = slope[0].norm(dim=-1).numpy()
    np.testing.assert_allclose(found["gradient"], length, rtol=1e-4, atol=1e-6)


def test_product_equals_captum_on_the_embedding_layer(both):
    model, explained = both
    ids = torch.tensor([explained.ids])
    method = LayerGradientXActivation(logit(model, explained), model.get_input_embeddings())
    expected = method.attribute(ids).sum(-1)[0].detach().numpy()
    found = gradients(explained)["gradient_x_input"]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_integrated_gradients_equal_captum_on_the_embedding_layer(both):
    model, explained = both
    ids = torch.tensor([explained.ids])
    baseline = ids.clone()
    baseline[0, list(explained.content)] = explained.baseline_token
    method = LayerIntegratedGradients(logit(model, explained), model.get_input_embeddings())
    expected = method.attribute(ids, baseline, n_steps=64, method="gausslegendre").sum(-1)
    expected = expected[0].detach().numpy()
    total = np.abs(expected).sum()
    assert np.abs(integrated(explained).values - expected).sum() < 0.06 * total
    found = integrated(explained, tolerance=1e-5, most=32)
    assert found.steps > integrated(explained).steps
    assert np.abs(found.values - expected).sum() < 0.005 * total


def test_the_rule_is_exact_for_cubics_on_pieces_of_any_length():
    places = np.array([0, 0.1, 0.15, 0.5, 0.8, 1])
    whole = np.polynomial.Polynomial([1.0, -2.0, 3.0, 5.0])
    expected = np.diff(whole.integ()(places))
    np.testing.assert_allclose(pieces(places) @ whole(places), expected, rtol=1e-12)


def test_the_gradient_of_no_place_is_taken_twice(asked):
    explained = ExplainedInput.of(*asked("bert-classifier"))
    rows, run = [], explained.of_embeddings

    def counted(embeddings):
        rows.extend(embeddings.detach().clone())
        return run(embeddings)

    explained.of_embeddings = counted
    found = integrated(explained, tolerance=1e-4)
    assert len(rows) == found.steps > STEPS
    assert len({tuple(row.flatten().tolist()) for row in rows}) == len(rows)


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2", "bart", "marian", "llama"])
def test_integrated_gradients_add_up_or_say_that_they_do_not(asked, kind):
    explained = ExplainedInput.of(*asked(kind))
    with torch.no_grad():
        text = explained.of_embeddings(explained.embeddings())
        baseline = explained.of_embeddings(explained.baseline_embeddings())
    found = integrated(explained)
    assert found.difference == pytest.approx(float(text - baseline), rel=1e-4, abs=1e-5)
    missed = float(found.values.astype(np.float64).sum()) - found.difference
    assert found.missed == pytest.approx(missed, abs=1e-4)
    assert found.converged == (abs(found.missed) <= 0.05 * abs(found.difference))
    assert found.converged == (kind != "llama")  # whose gradients are too rough for so few steps
    special = [at for at in range(len(explained.ids)) if at not in explained.content]
    assert not found.values[special].any()


def test_smooth_gradients_are_the_same_every_time_and_leave_the_dice_alone(asked):
    explained = ExplainedInput.of(*asked("bert-classifier"))
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    one = smoothed(explained)
    assert torch.equal(torch.rand(1), expected)
    np.testing.assert_array_equal(smoothed(explained), one)


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2", "marian"])
def test_occlusion_equals_a_plain_loop(asked, kind):
    loaded, capture = asked(kind)
    explained = ExplainedInput.of(loaded, capture)
    expected = np.zeros(len(explained.ids))
    with torch.no_grad():

        def score(ids):
            inputs = dict(explained.inputs) | {"input_ids": torch.tensor([ids])}
            inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
            return float(explained.erased_target.score(loaded.model(**inputs)))

        whole = list(explained.ids[: explained.kept])
        for place in explained.content:
            ids = list(whole)
            ids[place : place + 1] = (
                [] if explained.replacement_token is None else [explained.replacement_token]
            )
            expected[place] = score(whole) - score(ids)
    np.testing.assert_allclose(occlusion(explained), expected, rtol=1e-3, atol=1e-5)
