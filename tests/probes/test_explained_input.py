"""A model asked again answers as it did, whichever way its tokens are given."""

import pytest
import torch
from attnatlas.probes import ExplainedInput, answers, gradients
from attnatlas.probes.randomized_model import randomized_model

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


def source_inputs(explained):
    names = ("input_ids", "attention_mask", "token_type_ids")
    return {name: explained.inputs[name] for name in names if name in explained.inputs}


@pytest.mark.parametrize(("kind", "text"), ASKED)
def test_embeddings_in_place_of_tokens_give_the_same_answer(asked, kind, text):
    explained = ExplainedInput.of(*asked(kind, text))
    with torch.no_grad():
        by_tokens = explained.run(source_inputs(explained), explained.target.score)
        by_embeddings = explained.of_embeddings(explained.embeddings().repeat(2, 1, 1))
    torch.testing.assert_close(by_embeddings, by_tokens.repeat(2))


@pytest.mark.parametrize(("kind", "text"), ASKED)
def test_the_confidence_is_the_score_of_the_prediction(asked, kind, text):
    loaded, capture = asked(kind, text)
    explained = ExplainedInput.of(loaded, capture)
    [found] = answers(explained, [frozenset()], explained.erased_target.confidence)
    said = capture.prediction
    expected = {
        "classification": lambda: said["score"],
        "masked-lm": lambda: said["masked"][0]["top"][0]["score"],
        "causal-lm": lambda: told(loaded, capture, explained.target),
        "translation": lambda: torch.tensor(said["score"]).exp(),
        "question-answering": lambda: said["score"],
        "token-classification": lambda: max(token["score"] for token in said["tokens"]),
    }[said["task"]]()
    assert found == pytest.approx(float(expected), rel=1e-4)


def told(loaded, capture, target):
    """Return how likely a decoder found the last word that says something, "late", when it came."""
    ids = [token.id for token in capture.maps[0].queries]
    before = "".join(
        token.text for token in capture.maps[0].queries[: target.place + 1] if not token.special
    )
    assert before.strip() == "The doctor told the nurse that she was"
    with torch.no_grad():
        logits = loaded.model(torch.tensor([ids[: target.place + 1]])).logits[0, -1]
    return logits.softmax(-1)[ids[target.place + 1]]


@pytest.mark.parametrize("kind", ["bert", "t5-encoder"])
def test_a_model_without_an_answer_is_not_asked(asked, kind):
    assert ExplainedInput.of(*asked(kind)) is None


def test_special_tokens_and_the_mask_are_no_content(asked):
    explained = ExplainedInput.of(*asked("bert", "masked"))
    shown = {explained.tokens[place].text.strip() for place in explained.content}
    assert not shown & {"[CLS]", "[SEP]", "[MASK]"}
    assert explained.replacement_token == explained.ids[capture_mask(asked)]


def capture_mask(asked):
    return asked("bert", "masked")[1].prediction["masked"][0]["position"]


@pytest.mark.parametrize("kind", ["bert-classifier", "gpt2"])
def test_erasing_masks_where_there_is_a_mask_and_deletes_elsewhere(asked, kind):
    loaded, capture = asked(kind)
    explained = ExplainedInput.of(loaded, capture)
    gone = frozenset(explained.content[1:3])
    ids = [
        loaded.tokenizer.mask_token_id if at in gone else number
        for at, number in enumerate(explained.ids[: explained.kept])
        if kind != "gpt2" or at not in gone
    ]
    with torch.no_grad():
        logits = loaded.model(torch.tensor([ids])).logits
    expected = (logits[0] if kind == "bert-classifier" else logits[0, -1]).softmax(-1)
    found = answers(explained, [gone, frozenset()], explained.erased_target.confidence)
    assert found[0] == pytest.approx(float(expected[explained.target.at]), rel=1e-5)


def test_a_session_leaves_the_model_as_it_was(asked):
    loaded, capture = asked("bert-classifier")
    before = [weight.requires_grad for weight in loaded.model.parameters()]
    gradients(ExplainedInput.of(loaded, capture))
    assert [weight.requires_grad for weight in loaded.model.parameters()] == before
    assert all(weight.grad is None for weight in loaded.model.parameters())


def test_the_twin_has_the_same_weights_in_another_order(asked):
    loaded, _ = asked("bert-classifier")
    other = randomized_model(loaded)
    assert randomized_model(loaded).model is other.model
    for one, two in zip(loaded.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(one.flatten().sort().values, two.flatten().sort().values)
    same = [
        torch.equal(one, two)
        for one, two in zip(loaded.model.parameters(), other.model.parameters(), strict=True)
        if one.dim() > 1 and one.std() > 0
    ]
    assert not any(same)
