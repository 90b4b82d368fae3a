"""Gradient-weighted relevance against the paper's equations, closed forms, and a planted word."""

import copy

import numpy as np
import pytest
import torch
from attnatlas.analyses import complete_gradients, relevance, saliency, smoothgrad
from attnatlas.analyses import gradients as gradients_analysis
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.capture.token_positions import answer_rows as asked_from
from attnatlas.capture.token_positions import last_read
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import load_model, resolve_model
from attnatlas.probes import ExplainedInput, gradient_weighted_attention
from attnatlas.probes.attention import weighted
from attnatlas.probes.randomized_model import randomized_model
from transformers import AttentionInterface

from tests.analyses.test_saliency import planted, texts  # noqa: F401
from tests.probes.conftest import asked  # noqa: F401


def eager(model, explained, change=None):
    """Run a copy of a model in its own eager way; return score and attention in the graph."""
    model = copy.deepcopy(model).eval()
    model.set_attn_implementation("eager")
    for weight in model.parameters():
        weight.requires_grad_(True)
    output = model(**explained.inputs, output_attentions=True, return_dict=True)
    return explained.target.score(output)[0], output


def by_the_paper(model, explained, capture):
    """Return the relevance of source tokens by equations 3 to 10, written out with torch."""
    score, output = eager(model, explained)

    def abar(layer):  # equation 5
        [slope] = torch.autograd.grad(score, layer, retain_graph=True)
        return (slope[0] * layer[0]).clamp(min=0).mean(dim=0).double()

    if len(capture.maps) == 1:
        r = torch.eye(len(explained.ids), dtype=torch.float64)  # equation 3
        for layer in output.attentions:
            r += abar(layer) @ r  # equation 6
        rows = asked_from(capture)[1]
        return (r - torch.eye(len(r)))[rows].mean(dim=0).detach().numpy()
    source, target = len(explained.ids), len(capture.maps[-1].queries)
    r_ee, r_dd = (torch.eye(n, dtype=torch.float64) for n in (source, target))
    r_de = torch.zeros(target, source, dtype=torch.float64)  # equation 4

    def normalised(r):  # equations 8 and 9
        rest = r - torch.eye(len(r))
        sums = rest.sum(dim=1, keepdim=True)
        return torch.where(sums > 0, rest / sums, torch.zeros(())) + torch.eye(len(r))

    for layer in output.encoder_attentions:
        r_ee += abar(layer) @ r_ee
    for own, read in zip(output.decoder_attentions, output.cross_attentions, strict=True):
        a = abar(own)
        r_de += a @ r_de  # equation 7, from what was there before the layer
        r_dd += a @ r_dd  # equation 6
        r_de += normalised(r_dd).T @ abar(read) @ normalised(r_ee)  # equation 10
    return r_de[asked_from(capture)[1]].mean(dim=0).detach().numpy()


def explained(name, text):
    """Return an embedded model and a text it has read."""
    settings = Settings(threads=1)
    loaded = load_model(resolve_model(name, settings), settings)
    [(_, capture)] = capture_records(loaded, [Record("r", text)], settings)
    assert isinstance(capture, Capture)
    return loaded, capture


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2", "llama", "bart", "marian", "bloom"])
def test_relevance_equals_the_equations_written_out_with_autograd(asked, kind):  # noqa: F811
    loaded, capture = asked(kind)
    [found] = relevance.compute(capture, loaded, {}).scores
    expected = by_the_paper(loaded.model, ExplainedInput.of(loaded, capture), capture)
    assert expected.max() > 0
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6 * expected.max())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sentiment", "The food was not bad, but the wine was awful."),
        ("stories", "One day, a little girl named Lily found a needle"),
        ("en-fr", "The cat sleeps on the table."),
    ],
)
def test_relevance_of_the_embedded_models_equals_the_equations(name, text):
    loaded, capture = explained(name, text)
    [found] = relevance.compute(capture, loaded, {}).scores
    expected = by_the_paper(loaded.model, ExplainedInput.of(loaded, capture), capture)
    assert expected.max() > 0
    np.testing.assert_allclose(found.values, expected, rtol=1e-3, atol=1e-5 * expected.max())


def test_one_layer_of_one_head_in_closed_form():
    rng = np.random.default_rng(0)
    weights, gradient_pass = rng.random((1, 4, 4)), rng.normal(size=(1, 4, 4))
    product = np.where(weights * gradient_pass > 0, weights * gradient_pass, 0)[0]
    steps = weighted(torch.from_numpy(weights), torch.from_numpy(gradient_pass))[None]
    np.testing.assert_allclose(relevance.relevance(steps), np.eye(4) + product)
    np.testing.assert_allclose(relevance.of_source({"self": steps}), product)


def test_two_layers_multiply_out():
    rng = np.random.default_rng(1)
    one, two = steps = rng.random((2, 5, 5))
    expected = (np.eye(5) + two) @ (np.eye(5) + one)
    np.testing.assert_allclose(relevance.relevance(steps), expected)


def test_a_decoder_that_reads_once_passes_on_what_the_encoder_found():
    rng = np.random.default_rng(2)
    encoder, read = rng.random((1, 4, 4)), rng.random((1, 3, 4))
    found = relevance.cross_relevance(encoder, np.zeros((1, 3, 3)), read)
    rows = encoder[0] / encoder[0].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, read[0] @ (rows + np.eye(4)))


@pytest.mark.parametrize("kind", ["gpt2", "llama", "mistral"])
def test_later_tokens_have_no_relevance_to_earlier_ones(asked, kind):  # noqa: F811
    loaded, capture = asked(kind)
    explained = ExplainedInput.of(loaded, capture)
    found = relevance.of_source(gradient_weighted_attention(explained))
    assert not found[np.triu_indices(len(found), 1)].any()
    place = explained.target.place
    assert found[place, :place].any()
    assert not found[place + 1 :].any()  # the answer was not made from what follows


def test_the_word_that_decides_is_first_and_shuffled_weights_do_not_find_it(planted):  # noqa: F811
    loaded, _ = planted
    firsts = {"learnt": [], "shuffled": []}  # by chance, 0.1 of the texts
    for text, label in texts(48, 1000):
        if not label:
            continue
        [(_, capture)] = capture_records(loaded, [Record("r", text)], Settings())
        explained = ExplainedInput.of(loaded, capture)
        tokens = [token.text.strip() for token in capture.maps[0].queries]
        for name, one in (("learnt", loaded), ("shuffled", randomized_model(loaded))):
            values = relevance.of_answer(ExplainedInput(one, capture, explained.target), capture)
            places = list(explained.content)
            first = places[int(np.argmax(values[places]))]
            firsts[name].append(tokens[first] == "river")
    assert np.mean(firsts["learnt"]) > 0.5
    assert np.mean(firsts["shuffled"]) < 0.2


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2", "marian"])
def test_gradients_are_what_happens_when_one_probability_is_changed(asked, kind):  # noqa: F811
    loaded, capture = asked(kind)
    explained = ExplainedInput.of(loaded, capture)
    found = {m.kind: m.values for m in gradients_analysis.compute(capture, loaded, {}).matrices}
    order = {kind: [] for kind in found}
    for part in capture.maps:
        shape = part.weights.shape
        assert found[part.kind].shape == shape
        spots = np.argwhere(part.weights > 0.02)
        for spot in np.random.default_rng(0).choice(spots, 6):
            order[part.kind].append(tuple(map(int, spot)))
    for name, spots in order.items():
        for spot in spots:
            slope = difference(loaded.model, explained, name, spot, capture)
            assert found[name][spot] == pytest.approx(slope, rel=2e-2, abs=2e-3)


def difference(model, explained, kind, spot, capture, step=2e-3):
    """Return (score with one probability raised - lowered) / (2 step), in float64."""
    model = copy.deepcopy(model).double().eval()
    layer, head, query, key = spot
    wanted = number(capture, kind, layer)
    scores = []
    for sign in (1, -1):
        seen = []

        def changed(module, q, k, v, mask, *args, scaling=None, seen=seen, sign=sign, **kwargs):
            scores = q @ k.transpose(2, 3) * (scaling or q.shape[-1] ** -0.5)
            weights = (scores if mask is None else scores + mask).softmax(-1)
            if len(seen) == wanted:
                weights[0, head, query, key] += sign * step
            seen.append(1)
            return (weights @ v).transpose(1, 2).contiguous(), weights

        from transformers.masking_utils import AttentionMaskInterface, eager_mask

        AttentionInterface.register("changed", changed)
        AttentionMaskInterface.register("changed", eager_mask)
        model.set_attn_implementation("changed")
        with torch.no_grad():
            scores.append(float(explained.target.score(model(**explained.inputs))[0]))
        AttentionInterface._global_mapping.pop("changed")
        AttentionMaskInterface._global_mapping.pop("changed")
    return (scores[0] - scores[1]) / (2 * step)


def number(capture, kind, layer):
    """Return when in a forward pass a layer of a kind has its turn."""
    layers = {part.kind: part.layers for part in capture.maps}
    if kind in ("self", "encoder"):
        return layer
    return layers["encoder"] + 2 * layer + (kind == "cross")


def test_gradients_are_nothing_where_a_query_may_not_look(asked):  # noqa: F811
    loaded, capture = asked("gpt2")
    [matrix] = gradients_analysis.compute(capture, loaded, {}).matrices
    above = np.triu_indices(matrix.values.shape[-1], 1)
    assert np.isneginf(matrix.values[:, :, above[0], above[1]]).all()
    below = matrix.values[:, :, *np.tril_indices(matrix.values.shape[-1])]
    assert np.isfinite(below).all()
    assert below.min() < 0 < below.max()


def test_a_model_without_an_answer_gets_nothing(asked):  # noqa: F811
    loaded, capture = asked("bert")
    for analysis in (relevance, gradients_analysis, smoothgrad, complete_gradients):
        assert analysis.compute(capture, loaded, {}).empty


def test_complete_gradients_add_up_more_closely_than_the_usual_ones(asked):  # noqa: F811
    loaded, capture = asked("gpt2")
    assert complete_gradients.ANALYSIS.optional
    found = [one.compute(capture, loaded, {}) for one in (saliency, complete_gradients)]
    tables = [one.tables["target"] for one in found]
    usual, whole = (dict(zip(one.columns, one.rows[0], strict=True)) for one in tables)
    assert whole["method"] == "complete_gradients"
    assert usual["steps"] <= whole["steps"] <= complete_gradients.MOST
    assert whole["sum"] == pytest.approx(whole["difference"], abs=0.01 * abs(whole["difference"]))
    [scores] = found[1].scores
    assert scores.values.sum() == pytest.approx(whole["sum"], abs=1e-4)


def test_smoothgrad_is_asked_for_by_name(asked):  # noqa: F811
    loaded, capture = asked("gpt2")
    [scores] = smoothgrad.compute(capture, loaded, {}).scores
    assert scores.name == "smoothgrad"
    assert ((scores.values > 0) == (np.arange(len(scores.values)) <= last_read(capture))).all()
    assert smoothgrad.ANALYSIS.optional
    assert gradients_analysis.ANALYSIS.optional
    assert not relevance.ANALYSIS.optional
