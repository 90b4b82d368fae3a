"""The model's own choice, held against forward passes that the test makes itself."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import choice, mentions
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, find_span
from attnatlas.probes.candidates import (
    attention_to_candidates,
    candidate_scores,
    pronoun_shares,
)

TEXT = "The doctor told the nurse that she was late."


@pytest.fixture(scope="module")
def text():
    people = tuple(find_span(TEXT, one) for one in ("The doctor", "the nurse"))
    return Record("r", TEXT, mention=find_span(TEXT, "she"), candidates=people)


def read(asked, kind, text):
    loaded, _ = asked(kind)
    [(_, capture)] = capture_records(loaded, [text], Settings())
    return loaded, capture


def ids_of(loaded, words):
    return loaded.tokenizer(words, return_tensors="pt")["input_ids"]


def logs_of(loaded, ids):
    with torch.no_grad():
        return loaded.model(input_ids=ids).logits[0].double().log_softmax(-1)


def test_a_decoder_scores_what_follows_the_candidate(asked, text):
    loaded, capture = read(asked, "gpt2", text)
    expected = []
    for name in ("the doctor", "the nurse"):
        ids = ids_of(loaded, f"The doctor told the nurse that {name} was late.")
        start = ids_of(loaded, f"The doctor told the nurse that {name}").shape[1]
        start -= int(ids_of(loaded, "a")[0, -1] == loaded.tokenizer.eos_token_id)
        ends = ids.shape[1] - int(ids[0, -1] == loaded.tokenizer.eos_token_id)
        logs = logs_of(loaded, ids)
        expected.append(sum(float(logs[at - 1, ids[0, at]]) for at in range(start, ends)))
    assert candidate_scores(loaded, capture) == pytest.approx(np.array(expected), abs=1e-5)


def test_a_model_that_fills_masks_scores_the_candidate_at_masks(asked, text):
    loaded, capture = read(asked, "bert", text)
    expected = []
    for name in ("the doctor", "the nurse"):
        ids = ids_of(loaded, f"The doctor told the nurse that {name} was late.")
        start = ids_of(loaded, "The doctor told the nurse that").shape[1] - 1
        stop = ids_of(loaded, f"The doctor told the nurse that {name}").shape[1] - 1
        hidden = ids.clone()
        hidden[0, start:stop] = loaded.tokenizer.mask_token_id
        logs = logs_of(loaded, hidden)
        expected.append(np.mean([float(logs[at, ids[0, at]]) for at in range(start, stop)]))
    assert candidate_scores(loaded, capture) == pytest.approx(np.array(expected), abs=1e-5)


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_choices_stand_beside_those_of_two_untrained_copies(asked, text, kind):
    loaded, capture = read(asked, kind, text)
    result = choice.compute(capture, loaded, {})
    who = result.partial("who is meant")
    assert who.values.shape == (3, 2)
    assert who.values.sum(axis=1) == pytest.approx([1, 1, 1])
    again = choice.compute(capture, loaded, {}).partial("who is meant")
    assert (again.values == who.values).all()
    shares = pronoun_shares(loaded, capture)
    assert (shares is None) == (result.partial("pronoun") is None)


def test_a_text_that_asks_nothing_has_no_choice(asked):
    loaded, capture = read(asked, "bert", Record("r", TEXT))
    assert choice.compute(capture, loaded, {}).empty


def test_attention_to_candidates_is_that_of_the_capture(asked, text):
    loaded, capture = read(asked, "bert", text)
    looked = mentions.compute(capture, {}).partial("heads")
    assert attention_to_candidates(loaded, capture) == pytest.approx(looked.values, abs=1e-6)
    copies = choice.compute(capture, loaded, {}).partial("heads of untrained copies")
    assert copies.values.shape == (2, *looked.values.shape)
