"""Effects of heads, held against forward passes of GPT-2 and BERT that are written out here."""

from __future__ import annotations

import math

import pytest
import torch
from attnatlas.analyses import causal
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import loaded_from_objects
from attnatlas.probes.head_swap import Asked, head_effects
from attnatlas.probes.pair_odds import NotAsked, question
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel

from tests.analyses.controls.gendered import classifier, records
from tests.capture.tiny import byte_bpe, wordpiece

LAYERS, HEADS, WIDTH = 2, 4, 32


def norm(states, weights):
    """Return the layer norm of states."""
    return torch.nn.functional.layer_norm(states, (WIDTH,), *weights, eps=1e-5)


def mixed(query, key, value, causal_, given, keep):
    """Return attention written out, [token, width]; `given` {head: weights} go in."""
    split = [part.view(len(part), HEADS, -1).transpose(0, 1) for part in (query, key, value)]
    scores = split[0] @ split[1].transpose(1, 2) / math.sqrt(WIDTH // HEADS)
    if causal_:
        scores = scores.masked_fill(torch.ones_like(scores).triu(1) > 0, -torch.inf)
    weights = scores.softmax(-1)
    keep.append(weights)
    for head, (other, rows) in given.items():
        weights = weights.clone()
        weights[head, :rows] = other[head, :rows]
    return (weights @ split[2]).transpose(0, 1).reshape(len(query), WIDTH)


def gpt2(model, ids, given=None, keep=None):
    """Return the logits of GPT-2, [token, word], with some heads' attention given."""
    keep = [] if keep is None else keep
    found = dict(model.named_parameters())
    state = lambda name: found[f"transformer.{name}"]  # noqa: E731
    pair = lambda name: (state(f"{name}.weight"), state(f"{name}.bias"))  # noqa: E731
    states = state("wte.weight")[ids] + state("wpe.weight")[: len(ids)]
    for layer in range(LAYERS):
        at = f"h.{layer}"
        weight, bias = pair(f"{at}.attn.c_attn")
        parts = (norm(states, pair(f"{at}.ln_1")) @ weight + bias).split(WIDTH, dim=-1)
        own = {head: g for (where, head), g in (given or {}).items() if where == layer}
        weight, bias = pair(f"{at}.attn.c_proj")
        states = states + mixed(*parts, True, own, keep) @ weight + bias
        weight, bias = pair(f"{at}.mlp.c_fc")
        inner = torch.nn.functional.gelu(
            norm(states, pair(f"{at}.ln_2")) @ weight + bias, approximate="tanh"
        )
        weight, bias = pair(f"{at}.mlp.c_proj")
        states = states + inner @ weight + bias
    return norm(states, pair("ln_f")) @ state("wte.weight").T


def bert(model, ids, given=None, keep=None):
    """Return the logits of BERT, [token, word], with some heads' attention given."""
    keep = [] if keep is None else keep
    found = dict(model.named_parameters())
    state = lambda name: found[f"bert.{name}"]  # noqa: E731
    linear = lambda name, x: x @ state(f"{name}.weight").T + state(f"{name}.bias")  # noqa: E731
    pair = lambda name: (state(f"{name}.weight"), state(f"{name}.bias"))  # noqa: E731
    at = "embeddings"
    states = state(f"{at}.word_embeddings.weight")[ids]
    states = states + state(f"{at}.position_embeddings.weight")[: len(ids)]
    states = norm(states + state(f"{at}.token_type_embeddings.weight")[0], pair(f"{at}.LayerNorm"))
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        parts = [linear(f"{at}.attention.self.{n}", states) for n in ("query", "key", "value")]
        own = {head: g for (where, head), g in (given or {}).items() if where == layer}
        out = linear(f"{at}.attention.output.dense", mixed(*parts, False, own, keep))
        states = norm(states + out, pair(f"{at}.attention.output.LayerNorm"))
        inner = torch.nn.functional.gelu(linear(f"{at}.intermediate.dense", states))
        out = linear(f"{at}.output.dense", inner)
        states = norm(states + out, pair(f"{at}.output.LayerNorm"))
    at = "cls.predictions"
    head = torch.nn.functional.gelu(
        states @ found[f"{at}.transform.dense.weight"].T + found[f"{at}.transform.dense.bias"]
    )
    names = (f"{at}.transform.LayerNorm.weight", f"{at}.transform.LayerNorm.bias")
    head = norm(head, tuple(found[name] for name in names))
    return head @ state("embeddings.word_embeddings.weight").T + found[f"{at}.bias"]


def made(kind):
    """Return a model with random weights, large enough that heads differ, in float64."""
    torch.manual_seed(3)
    if kind == "gpt2":
        config = GPT2Config(
            vocab_size=50, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_positions=16,
            initializer_range=0.4, bos_token_id=0, eos_token_id=0,
        )  # fmt: skip
        return GPT2LMHeadModel(config).double().eval(), byte_bpe(), gpt2
    config = BertConfig(
        vocab_size=50, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=48, max_position_embeddings=16, initializer_range=0.4,
        layer_norm_eps=1e-5,
    )  # fmt: skip
    return BertForMaskedLM(config).double().eval(), wordpiece(), bert


@pytest.mark.parametrize(("kind", "rows"), [("gpt2", 5), ("gpt2", 8), ("bert", 8)])
def test_effects_equal_those_of_a_forward_pass_written_out(kind, rows):
    model, tokenizer, forward = made(kind)
    loaded = loaded_from_objects(model, tokenizer, kind)
    first, second = [7, 21, 33, 4, 40, 12, 9, 28], [7, 21, 11, 4, 40, 45, 9, 28]
    with torch.no_grad():
        seen = [[], []]
        plain = [
            forward(model, torch.tensor(ids), keep=kept)
            for ids, kept in zip((first, second), seen, strict=True)
        ]
        assert torch.allclose(plain[0], model(input_ids=torch.tensor([first])).logits[0])

        def odds(ids, heads, other):
            given = {(layer, head): (other[layer], rows) for layer, head in heads}
            logits = forward(model, torch.tensor(ids), given)[4]
            return float((logits[30] - logits[31]).exp())

        base = odds(first, (), seen[1])
        heads = [(layer, head) for layer in range(LAYERS) for head in range(HEADS)]
        indirect = [odds(first, [one], seen[1]) / base - 1 for one in heads]
        direct = [odds(second, [one], seen[0]) / base - 1 for one in heads]
        total = odds(second, (), seen[0]) / base - 1
        all_indirect = odds(first, heads, seen[1]) / base - 1
    inputs = {"input_ids": torch.tensor([first]), "attention_mask": torch.ones(1, 8).long()}
    asked = Asked(
        (first, second), inputs, lambda out: out.logits[:, 4, 30] - out.logits[:, 4, 31], rows
    )
    found = head_effects(loaded, asked)
    assert found.total == pytest.approx(total, abs=1e-5)
    assert found.indirect["self"].ravel() == pytest.approx(indirect, abs=1e-5)
    assert found.direct["self"].ravel() == pytest.approx(direct, abs=1e-5)
    assert found.all_indirect == pytest.approx(all_indirect, abs=1e-5)
    assert max(map(abs, indirect)) > 0.01


def captures(loaded, texts):
    return [found for _, found in sorted(capture_records(loaded, texts, Settings()), key=first_of)]


def first_of(entry):
    return entry[0]


def test_a_planted_rule_gives_its_total_effect_in_odds_of_labels():
    loaded = classifier("planted")
    first, second = captures(loaded, records()[:2])
    result = causal.compute(first, second, loaded)
    [row] = result.tables["odds"].rows
    odds = [
        one.prediction["labels"]["yes"] / one.prediction["labels"]["no"] for one in (first, second)
    ]
    assert row[1:4] == pytest.approx((*odds, odds[1] / odds[0] - 1), rel=1e-4)
    [grid] = result.grids
    assert grid.values.shape == (2, 2, 2)


def test_pairs_of_unequal_length_are_left_out_and_say_so():
    loaded = classifier("untrained")
    texts = [Record("a", "the cook slept"), Record("b", "the cook saw the clerk")]
    first, second = captures(loaded, texts)
    result = causal.compute(first, second, loaded)
    assert not result.grids
    assert result.tables["odds"].rows[0][-1] == "the texts differ in their number of tokens"


def test_a_decoder_is_asked_for_the_ending_that_both_texts_share():
    tokenizer = byte_bpe()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_embd=WIDTH, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=2
    )
    loaded = loaded_from_objects(GPT2LMHeadModel(config).eval(), tokenizer, "decoder")
    texts = ["The xq was late.", "The xz was late.", "The xq was qute."]
    first, second, third = captures(
        loaded, [Record(str(at), text) for at, text in enumerate(texts)]
    )
    _, words = question(loaded, first, second)
    assert words == "how likely “was late.” follows"
    with pytest.raises(NotAsked):
        question(loaded, first, third)
