"""The training loop stops and goes on without a difference, and figures carry honest intervals."""

import re
from collections import Counter
from dataclasses import replace

import click
import numpy as np
import pytest
import torch
from attnatlas.training import cards, loop
from attnatlas.training.bpe_dropout import bpe_dropout, parents
from attnatlas.training.consensus import central
from attnatlas.training.dropout import RowDropout
from attnatlas.training.handwritten import Reviews, Template, count, templates, unseen_rows
from attnatlas.training.label_smoothing import smoothed_cross_entropy
from attnatlas.training.measure import macro_difference, mean, ratio
from attnatlas.training.ngrams import Bigrams
from attnatlas.training.phrases import DEVELOPMENT, TEST, TEST_WORDS
from attnatlas.training.storyteller import PLACES_SIZE, look_back, waves
from attnatlas.training.tokenizers import joint_bpe
from attnatlas.training.translator import Translation, rectangles
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, MarianConfig, MarianMTModel


class Stopped(Exception):
    """Stands for a process that is killed."""


def trained(plan, stop_at=None):
    torch.manual_seed(0)
    model, calls = nn.Linear(3, 1), []

    def loss(batch):
        calls.append(batch)
        if len(calls) == stop_at:
            raise Stopped
        return ((model(torch.randn(len(batch), 3)) - 1) ** 2).mean()

    def batches(epoch):
        return loop.buckets([1, 2, 3, 4, 5], 6, epoch)

    loop.train(model, batches, loss, plan)
    return model.weight.detach().clone()


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", -1.0)
    whole = trained(loop.TrainingPlan(1, 0.1, tmp_path / "whole.pt", steps=9))
    plan = loop.TrainingPlan(1, 0.1, tmp_path / "part.pt", steps=9)
    with pytest.raises(Stopped):
        trained(plan, stop_at=6)
    resumed = trained(replace(plan, resume=True))
    torch.testing.assert_close(resumed, whole, rtol=0, atol=0)


def test_smoothed_cross_entropy_agrees_with_the_one_of_torch():
    torch.manual_seed(0)
    states = torch.randn(7, 5, dtype=torch.float64, requires_grad=True)
    table = torch.randn(11, 5, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(11, (7,))
    plain = nn.functional.cross_entropy(states @ table.T, targets, label_smoothing=0.1)
    ours = smoothed_cross_entropy(states, table, targets, 0.1)
    torch.testing.assert_close(ours, plain)
    gradients = torch.autograd.grad(3 * ours, (states, table))
    torch.testing.assert_close(gradients, torch.autograd.grad(3 * plain, (states, table)))


def test_dropout_from_a_row_drops_its_share_and_keeps_the_mean():
    dropout = nn.functional.dropout
    torch.manual_seed(0)
    with RowDropout(0.1):
        found = dropout(torch.ones(200, 1000), p=0.1, training=True)
        other = dropout(torch.ones(200, 1000), p=0.1, training=True)
        assert bool((dropout(torch.ones(9), p=0.1, training=False) == 1).all())
        assert bool((dropout(torch.ones(9), p=0.0, training=True) == 1).all())
    assert float((found == 0).float().mean()) == pytest.approx(0.1, abs=0.005)
    assert float(found.mean()) == pytest.approx(1, abs=0.005)
    assert not torch.equal(found, other)
    assert float(found.max()) == pytest.approx(1 / 0.9)


def test_one_step_gathers_the_gradients_of_several_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "learning_rate", lambda share, plan: 1.0)
    model = nn.Linear(1, 1, bias=False)
    seen = []

    def loss(batch):
        seen.append((model.weight.item(), batch))
        return model(torch.tensor([[float(len(batch))]])).mean()

    plan = loop.TrainingPlan(1, 0.1, tmp_path / "a.pt", gather=2, steps=2)
    loop.train(model, lambda epoch: [[0], [1, 2], [3]], loss, plan)
    (first, _), (second, _), (third, _) = seen
    assert first == second != third
    assert [batch for _, batch in seen] == [[0], [1, 2], [3]]


def test_pairs_are_grouped_by_both_lengths():
    lengths = [(2, 3), (4, 4), (2, 3), (2, 9), (4, 5), (4, 4)]
    found = rectangles(lengths, 18, 0)
    assert sorted(at for batch in found for at in batch) == list(range(6))
    assert {frozenset(batch) for batch in found} == {
        frozenset({0, 2}), frozenset({3}), frozenset({1, 5}), frozenset({4}),
    }  # fmt: skip


def test_the_most_central_translation_is_the_one_most_like_the_others():
    pairs = [
        ("a", "Je suis dur à cuire."),
        ("b", "Il est là."),
        ("a", "Je suis dure."),
        ("a", "Je suis dure à cuire."),
        ("c", "Est-ce lui ?"),
        ("c", "Il est vrai ?"),
    ]
    assert central(pairs) == [3, 1, 5]  # of two, the one with words that others have


def test_words_with_undone_merges_are_made_of_smaller_pieces_and_say_the_same():
    lines = ["They sat in the garden.", "The gardens of the queen.", "Then they ate."] * 40
    tokenizer = joint_bpe(lines, 90, 32)
    rows = [tokenizer(line)["input_ids"] for line in lines]
    found = bpe_dropout(rows, parents(tokenizer), 0.3, 5)
    assert [tokenizer.decode(row) for row in found] == [tokenizer.decode(row) for row in rows]
    assert sum(map(len, found)) > 1.3 * sum(map(len, rows))
    again, other = (bpe_dropout(rows, parents(tokenizer), 0.3, seed) for seed in (5, 6))
    assert again == found != other
    assert bpe_dropout(rows, parents(tokenizer), 0.0, 5) == rows
    [word] = bpe_dropout([rows[0]], parents(tokenizer), 1.0, 0)
    letters = tokenizer.convert_ids_to_tokens(word)
    assert "".join(letters) == "▁They▁sat▁in▁the▁garden.</s>"
    assert max(map(len, letters[:-1])) == 1


def test_the_translator_goes_on_from_an_earlier_one_and_from_nothing_else(tmp_path):
    shape = {
        "vocab_size": 40, "d_model": 16, "encoder_layers": 1, "decoder_layers": 1,
        "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 32,
        "pad_token_id": 0, "tie_word_embeddings": True,
    }  # fmt: skip
    earlier = MarianMTModel(MarianConfig(**shape, decoder_ffn_dim=32))
    earlier.half().save_pretrained(tmp_path / "earlier")
    MarianMTModel(MarianConfig(**shape, decoder_ffn_dim=64)).save_pretrained(tmp_path / "wider")
    task = Translation.__new__(Translation)
    task.model = MarianMTModel(MarianConfig(**shape, decoder_ffn_dim=32))
    task.go_on(tmp_path / "earlier")
    for name, value in task.model.named_parameters():
        if "embed_positions" not in name:  # sines and cosines, which no file holds
            torch.testing.assert_close(value, earlier.get_parameter(name).float())
    (tmp_path / "empty").mkdir()
    for name in ("wider", "empty"):
        with pytest.raises(click.UsageError, match=f"{name} holds no en-fr of this shape"):
            task.go_on(tmp_path / name)


def test_a_card_says_from_what_and_in_how_many_processes_a_model_was_trained():
    training = {"steps": 9, "cpu_minutes": 1.0, "threads": 1, "seed": 0, "rate": 0.002}
    said = cards.trained("en-fr", {"parameters": 3}, training)
    assert "\npython -m attnatlas.training.train" in said
    more = training | {"processes": 2, "base": True}
    said = cards.trained("en-fr", {"parameters": 3}, more)
    assert "on 2 processes of 1 thread each of a machine" in said
    command = (
        "torchrun --nproc-per-node 2 -m attnatlas.training.train en-fr --data FOLDER --base EARLIER"
    )
    assert f"\n{command} --steps 9\n" in said


def test_buckets_hold_every_row_once_within_the_limit():
    lengths = [3, 9, 4, 4, 12, 1, 7]
    found = loop.buckets(lengths, 16, 0)
    assert sorted(at for batch in found for at in batch) == list(range(7))
    assert all(len(batch) * max(lengths[at] for at in batch) <= 30 for batch in found)


def test_intervals_hold_their_value():
    for figure in (mean("a", [0, 1, 1, 1]), ratio("b", [1, 2, 3], [2, 4, 4])):
        assert figure.low <= figure.value <= figure.high
    assert ratio("b", [1, 2, 3], [2, 4, 4]).n == 10
    assert macro_difference("c", [[1, 1], [0, 1]], [[1, 0], [0, 1]]).value == 0.25


def test_bigrams_are_probabilities_and_prefer_what_followed():
    found = Bigrams([[1, 2, 3], [1, 2, 4], [4, 1, 2]], 6)
    assert np.isclose(found.after(1).sum(), 1)
    assert found.after(1).argmax() == 2
    assert found.between(1, 3).argmax() == 2
    assert np.isclose(found.between(None, 3).sum(), 1)


def pattern(template):
    """Return an expression that finds the template with any word in a slot, or none for {i}."""
    text = re.escape(template.text.rstrip(".!").lower()).replace(r"\{i\}\ ", r"([\w'-]+ )?")
    return re.sub(r"\\{\w\\}", lambda _: r"[\w'-]+", text)


def test_no_training_sentence_or_development_template_is_made_from_a_test_template():
    found = [pattern(template) for template in templates(TEST)]
    drawn = "\n".join(row.text.lower() for row in Reviews(0).draw(20_000))
    seen = pattern(Template("negation", 0, "It was not a {p} {s}."))
    assert re.search(rf"^{seen}[.!]?$", drawn, re.MULTILINE)
    assert not [text for text in found if re.search(rf"^{text}[.!]?$", drawn, re.MULTILINE)]
    known = {frame(template.text) for template in templates(DEVELOPMENT)}
    assert not {frame(template.text) for template in templates(TEST)} & known


def frame(text):
    """Return a template with its slots and marks left out."""
    return " ".join(word for word in text.lower().strip(".!").split() if "{" not in word)


def test_authored_training_sentences_hold_no_word_of_the_test():
    text = " ".join(row.text.lower() for row in Reviews(1).draw(20_000))
    words = [word for listing in TEST_WORDS.values() for word in listing.split(", ")]
    assert not [word for word in words if re.search(rf"\b{word}\b", text)]


def test_test_templates_are_half_positive_and_come_in_both_kinds():
    kinds = Counter((template.kind, template.label) for template in templates(TEST))
    assert all(kinds[kind, 0] == kinds[kind, 1] for kind in ("negation", "contrast"))
    assert min(kinds["negation", 1], kinds["contrast", 1]) >= 15


def test_frames_are_expanded_and_counted():
    assert count("(a|b (c|d)) e\nf") == 4
    assert {Reviews(seed).expand("(a|b (c|d)) e") for seed in range(30)} == {
        "a e",
        "b c e",
        "b d e",
    }


def test_authored_rows_are_balanced_and_repeatable():
    rows = unseen_rows(400, 0)
    assert len({row.text for _, row in rows}) == 400
    assert abs(sum(row.label for _, row in rows) - 200) <= 4
    assert Reviews(3).draw(20) == Reviews(3).draw(20)


def test_the_storyteller_starts_with_one_head_that_looks_back():
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=99, n_positions=64, n_embd=192, n_layer=1, n_head=6)
    model = GPT2LMHeadModel(config)
    model.set_attn_implementation("eager")
    found, rates = waves(64, 192)
    model.transformer.wpe.weight.data.copy_(PLACES_SIZE * found)
    look_back(model, rates)
    ids = torch.randint(0, 99, (8, 64))
    with torch.no_grad():
        [attention] = model(ids, output_attentions=True).attentions
    before = attention.mean(0).diagonal(offset=-1, dim1=-2, dim2=-1).mean(-1)
    assert before[0] > 0.8
    assert before[1:].max() < 0.2
