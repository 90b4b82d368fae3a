"""Heads and values that are silenced, against the same done by hand in the model's own modules."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import value_zeroing as value_analysis
from attnatlas.capture.attend import replaced
from attnatlas.probes import ExplainedInput
from attnatlas.probes.ablation import head_importance, value_zeroing, without
from attnatlas.probes.attention_hooks import attention_calls
from attnatlas.probes.target import Target

HEADS = 4
PROJECTIONS = {
    "bert-classifier": {"self": "bert.encoder.layer.{}.attention.output.dense"},
    "gpt2": {"self": "transformer.h.{}.attn.c_proj"},
    "llama": {"self": "model.layers.{}.self_attn.o_proj"},
    "bart": {
        "encoder": "model.encoder.layers.{}.self_attn.out_proj",
        "decoder": "model.decoder.layers.{}.self_attn.out_proj",
        "cross": "model.decoder.layers.{}.encoder_attn.out_proj",
    },
}
"""Where each layer's heads come together, by kind."""


def score(explained):
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = {name: explained.inputs[name] for name in names if name in explained.inputs}
    with torch.no_grad():
        return float(explained.run(inputs, explained.target.score))


def without_by_hook(explained, path, heads):
    """Return the score with the slices of these heads zeroed before the output projection."""

    def silence(module, inputs):
        states = inputs[0].clone()
        width = states.shape[-1] // HEADS
        for head in heads:
            states[..., head * width : (head + 1) * width] = 0
        return (states,)

    handle = explained.model.get_submodule(path).register_forward_pre_hook(silence)
    try:
        return score(explained)
    finally:
        handle.remove()


@pytest.mark.parametrize("kind", PROJECTIONS)
def test_importance_equals_the_fall_by_a_hook_on_the_output_projection(asked, kind):
    explained = ExplainedInput.of(*asked(kind))
    whole, found = head_importance(explained)
    assert whole == pytest.approx(score(explained), rel=1e-4, abs=1e-4)
    assert found.keys() == PROJECTIONS[kind].keys()
    for part, path in PROJECTIONS[kind].items():
        expected = [
            [whole - without_by_hook(explained, path.format(layer), [h]) for h in range(HEADS)]
            for layer in range(len(found[part]))
        ]
        np.testing.assert_allclose(found[part], expected, rtol=1e-3, atol=1e-3)
        assert np.ptp(found[part]) > 0.01


@pytest.mark.parametrize("kind", PROJECTIONS)
def test_all_heads_of_a_layer_silenced_are_no_attention_at_all(asked, kind):
    explained = ExplainedInput.of(*asked(kind))
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = {name: explained.inputs[name] for name in names if name in explained.inputs}
    with torch.no_grad():
        calls = attention_calls(explained.model, explained.inputs)
    for call in calls:
        path = PROJECTIONS[kind][call.kind].format(call.layer)
        with torch.no_grad(), without(explained.model, [[(call.number, h) for h in range(HEADS)]]):
            found = float(explained.run(inputs, explained.target.score))
        expected = without_by_hook(explained, path, range(HEADS))
        assert found == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_a_zeroed_output_is_zeroed_probabilities_before_the_values(asked):
    explained = ExplainedInput.of(*asked("llama"))
    _, found = head_importance(explained)
    layer, head, seen = 1, 2, []

    def plain(module, query, key, value, mask, scaling, **rest):
        groups = query.shape[1] // key.shape[1]
        key, value = (part.repeat_interleave(groups, dim=1) for part in (key, value))
        scores = query @ key.transpose(2, 3) * scaling
        weights = (scores if mask is None else scores + mask).softmax(-1)
        seen.append(module)
        if len(seen) - 1 == layer:
            weights[:, head] = 0
        return (weights @ value).transpose(1, 2).contiguous(), weights

    whole = score(explained)
    with replaced(explained.model, plain):
        silenced = score(explained)
    assert found["self"][layer, head] == pytest.approx(whole - silenced, rel=1e-3, abs=1e-4)


def test_a_model_whose_attention_is_one_piece_is_refused_in_a_sentence(asked):
    explained = ExplainedInput.of(*asked("bloom"))
    with pytest.raises(ValueError, match="BloomForCausalLM cannot be taken apart"):
        head_importance(explained)


VALUES = {
    "bert-classifier": ("bert.encoder.layer.{}", "attention.self.value", "self"),
    "llama": ("model.layers.{}", "self_attn.v_proj", "self"),
    "bart": ("model.decoder.layers.{}", "encoder_attn.v_proj", "cross"),
}
"""A layer, its projection to values, and the kind of attention that it serves."""


def hidden_by_hook(explained, block, projection, key):
    """Return what a layer makes of each token, with the values of one token zeroed if given."""
    kept = {}

    def silence(module, inputs, output):
        if key is None:
            return output
        output = output.clone()
        output[:, key] = 0
        return output

    def keep(module, inputs, output):
        kept["hidden"] = (output if isinstance(output, torch.Tensor) else output[0])[0]

    layer = explained.model.get_submodule(block)
    handles = [
        layer.get_submodule(projection).register_forward_hook(silence),
        layer.register_forward_hook(keep),
    ]
    score(explained)
    for handle in handles:
        handle.remove()
    return kept["hidden"].double()


@pytest.mark.parametrize("kind", VALUES)
def test_value_zeroing_equals_a_hook_on_the_values(asked, kind):
    loaded, capture = asked(kind)
    explained = ExplainedInput.of(loaded, capture)
    block, projection, part = VALUES[kind]
    found = value_zeroing(explained)[part]
    for layer, distances in enumerate(found):
        path = block.format(layer)
        whole = hidden_by_hook(explained, path, projection, None)
        for key in range(distances.shape[1]):
            moved = hidden_by_hook(explained, path, projection, key)
            expected = 1 - torch.cosine_similarity(whole, moved, dim=-1)
            np.testing.assert_allclose(distances[:, key], expected, rtol=1e-3, atol=1e-5)
    result = value_analysis.compute(capture, loaded, {})
    matrices = {matrix.kind: matrix.values for matrix in result.matrices}
    expected = found / found.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(matrices[part], expected, rtol=1e-5, atol=1e-7)
    assert matrices[part].dtype == np.float32


@pytest.mark.parametrize("kind", ["gpt2", "llama", "mistral"])
def test_a_token_that_may_not_be_seen_gives_nothing(asked, kind):
    found = value_zeroing(ExplainedInput.of(*asked(kind)))["self"]
    assert not np.triu(found, 1).any()
    assert (np.diagonal(found, axis1=1, axis2=2) > 0).all()
    if kind == "mistral":  # its window is four tokens wide
        assert not np.tril(found, -4).any()


def test_a_model_without_an_answer_has_value_zeroing_but_no_importance(asked):
    loaded, capture = asked("bert")
    assert ExplainedInput.of(loaded, capture) is None
    assert value_analysis.compute(capture, loaded, {}).matrices
    assert value_zeroing(ExplainedInput(loaded, capture, Target("", "value")))["self"].any()


def test_long_texts_have_no_value_zeroing(asked, monkeypatch):
    loaded, capture = asked("gpt2")
    monkeypatch.setattr(value_analysis, "MOST", len(capture.maps[0].queries) - 1)
    assert value_analysis.compute(capture, loaded, {}).empty
