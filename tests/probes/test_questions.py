"""A model asked again answers as it did, whichever way its tokens are given."""

import pytest
import torch
from attnatlas.probes import Question, answers, gradients
from attnatlas.probes.randomized_model import twin

ASKED = [
    ("bert-classifier", "plain"),
    ("bert-classifier", "masked"),
    ("bert", "masked"),
    ("distilbert", "masked"),
    ("gpt2", "plain"),
    ("gpt_neox", "plain"),
    ("llama", "plain"),
    ("gemma2", "plain"),
    ("bloom", "plain"),
    ("falcon", "plain"),
    ("bart", "plain"),
    ("bart-classifier", "plain"),
    ("marian", "plain"),
    ("t5", "plain"),
    ("bert-tagger", "plain"),
    ("bert-reader", "masked"),
]


def source_inputs(question):
    names = ("input_ids", "attention_mask", "token_type_ids")
    return {name: question.inputs[name] for name in names if name in question.inputs}


@pytest.mark.parametrize(("kind", "text"), ASKED)
def test_embeddings_in_place_of_tokens_give_the_same_answer(asked, kind, text):
    question = Question.of(*asked(kind, text))
    with torch.no_grad():
        by_tokens = question.ask(source_inputs(question), question.target.score)
        by_embeddings = question.of_embeddings(question.embeddings().repeat(2, 1, 1))
    torch.testing.assert_close(by_embeddings, by_tokens.repeat(2))


@pytest.mark.parametrize(("kind", "text"), ASKED)
def test_the_confidence_is_the_score_of_the_prediction(asked, kind, text):
    loaded, capture = asked(kind, text)
    question = Question.of(loaded, capture)
    [found] = answers(question, [frozenset()], question.target.confidence)
    said = capture.prediction
    expected = {
        "classification": lambda: said["score"],
        "masked-lm": lambda: said["masked"][0]["top"][0]["score"],
        "causal-lm": lambda: said["next"][0]["score"],
        "translation": lambda: torch.tensor(said["score"]).exp(),
        "question-answering": lambda: said["score"],
        "token-classification": lambda: max(token["score"] for token in said["tokens"]),
    }[said["task"]]()
    assert found == pytest.approx(float(expected), rel=1e-4)


@pytest.mark.parametrize("kind", ["bert", "t5-encoder"])
def test_a_model_without_an_answer_is_not_asked(asked, kind):
    assert Question.of(*asked(kind)) is None


def test_special_tokens_and_the_mask_are_no_content(asked):
    question = Question.of(*asked("bert", "masked"))
    shown = {question.tokens[place].text.strip() for place in question.content}
    assert not shown & {"[CLS]", "[SEP]", "[MASK]"}
    assert question.eraser == question.ids[capture_mask(asked)]


def capture_mask(asked):
    return asked("bert", "masked")[1].prediction["masked"][0]["position"]


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2"])
def test_erasing_masks_where_there_is_a_mask_and_deletes_elsewhere(asked, kind):
    loaded, capture = asked(kind)
    question = Question.of(loaded, capture)
    gone = frozenset(question.content[1:3])
    ids = [
        loaded.tokenizer.mask_token_id if at in gone else number
        for at, number in enumerate(question.ids)
        if kind != "gpt2" or at not in gone
    ]
    with torch.no_grad():
        logits = loaded.model(torch.tensor([ids])).logits
    expected = (logits[0] if kind == "bert-classifier" else logits[0, -1]).softmax(-1)
    found = answers(question, [gone, frozenset()], question.target.confidence)
    assert found[0] == pytest.approx(float(expected[question.target.at]), rel=1e-5)


def test_a_session_leaves_the_model_as_it_was(asked):
    loaded, capture = asked("bert-classifier")
    before = [weight.requires_grad for weight in loaded.model.parameters()]
    gradients(Question.of(loaded, capture))
    assert [weight.requires_grad for weight in loaded.model.parameters()] == before
    assert all(weight.grad is None for weight in loaded.model.parameters())


def test_the_twin_has_the_same_weights_in_another_order(asked):
    loaded, _ = asked("bert-classifier")
    other = twin(loaded)
    assert twin(loaded).model is other.model
    for one, two in zip(loaded.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(one.flatten().sort().values, two.flatten().sort().values)
    same = [
        torch.equal(one, two)
        for one, two in zip(loaded.model.parameters(), other.model.parameters(), strict=True)
        if one.dim() > 1 and one.std() > 0
    ]
    assert not any(same)
