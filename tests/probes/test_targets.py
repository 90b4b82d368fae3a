"""What is explained: each target is the number that a plain forward pass of transformers gives."""

from dataclasses import replace

import pytest
import torch
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.capture.token_positions import why_no_target
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.models import load_model, loaded_from_objects, resolve_model
from attnatlas.probes import ExplainedInput, answers, gradients
from attnatlas.probes.target import target_of, targets_of
from transformers import GPT2Config, GPT2ForTokenClassification

from tests.capture.tiny import byte_bpe, tiny_model

TEXT = "The doctor told the nurse that she was late."
SHE = Record("she", TEXT, mention=Span("she", TEXT.index("she ")))


def read(loaded, record):
    [(_, capture)] = capture_records(loaded, [record], Settings())
    assert isinstance(capture, Capture), capture
    return capture


def scored(loaded, capture, target):
    """Return the score of a target by way of a question about the text."""
    explained = ExplainedInput(loaded, capture, target)
    [found] = answers(explained, [frozenset()], explained.erased_target.score)
    return pytest.approx(found, abs=1e-4)


def logits(loaded, ids):
    with torch.no_grad():
        return loaded.model(torch.tensor([ids])).logits[0]


def ids_of(capture):
    return [token.id for token in capture.maps[0].queries]


def place_of(capture, word):
    [place] = [
        at for at, t in enumerate(capture.maps[0].queries) if t.text.strip() == word
    ]  # fmt: skip
    return place


@pytest.mark.parametrize("text", ["plain", "masked"])
@pytest.mark.parametrize(
    "kind",
    ["bert", "bert-classifier", "bert-tagger", "bert-reader", "gpt2", "t5-encoder", "marian"],
)
def test_nothing_is_explained_exactly_where_a_sentence_says_why(asked, kind, text):
    loaded, capture = asked(kind, text)
    why = why_no_target(capture)
    assert (target_of(loaded, capture) is None) == bool(why)
    assert why == "" or why.endswith(".")


def test_a_text_without_a_blank_is_asked_about_with_its_mention_masked(asked):
    loaded, _ = asked("bert")
    capture = read(loaded, SHE)
    answer, *_ = targets_of(loaded, capture)
    at = place_of(capture, "she")
    ids = ids_of(capture)
    she = ids[at]
    ids[at] = loaded.tokenizer.mask_token_id
    plain = logits(loaded, ids)[at]
    assert float(plain[she]) == scored(loaded, capture, answer)
    assert answer.words == "the word “she” where it stands, masked for this question"
    explained = ExplainedInput(loaded, capture, answer)
    assert at not in explained.content
    assert list(explained.ids) == ids


@pytest.fixture(scope="module")
def stories():
    return load_model(resolve_model("stories", Settings()), Settings())


def number(loaded, word):
    [found] = loaded.tokenizer(word, add_special_tokens=False)["input_ids"]
    return found


def test_two_words_of_a_record_compete_at_its_mention(asked):
    loaded, _ = asked("bert")
    words = ("nurse", "doctor")
    capture = read(loaded, replace(SHE, mention=Span("nurse", TEXT.index("nurse")), contrast=words))
    contrast = targets_of(loaded, capture)[-1]
    assert contrast.words == (
        "“nurse” against “doctor” where “nurse” stands, masked for this question"
    )
    at, ids = place_of(capture, "nurse"), ids_of(capture)
    one, other = ids[at], ids[place_of(capture, "doctor")]
    ids[at] = loaded.tokenizer.mask_token_id
    plain = logits(loaded, ids)[at]
    assert float(plain[one] - plain[other]) == scored(loaded, capture, contrast)


def test_a_decoder_is_asked_for_she_or_he_before_the_pronoun(stories):
    capture = read(stories, SHE)
    answer, contrast = targets_of(stories, capture)
    assert answer.words == "the word “she” where it stands"
    assert contrast.words == "“she” against “he” where “she” stands"
    at = place_of(capture, "she")
    plain = logits(stories, ids_of(capture))[at - 1]
    expected = plain[number(stories, " she")] - plain[number(stories, " he")]
    assert float(expected) == scored(stories, capture, contrast)
    found = gradients(ExplainedInput(stories, capture, contrast))["gradient_x_input"]
    assert not found[at:].any()  # what follows has no part in it
    assert found[:at].all()


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("The cat that chased the mice was black.", "black"),
        ("Then she gave it to him “again and again”.", "gave"),
        ("The keeper fed the bear, didn't he?", "bear"),
        ("The keeper fed the", None),  # goes on: what follows is asked about
        ("It was.", None),  # nothing before the first word that says something
    ],
)
def test_a_decoder_is_asked_for_the_last_word_that_says_something(stories, text, explained):
    capture = read(stories, Record("w", text))
    answer, *_ = targets_of(stories, capture)
    if explained is None:
        assert answer.words.startswith("the next token")
        return
    at = place_of(capture, explained)
    assert answer.words == f"the word “{explained}” where it stands"
    plain = logits(stories, ids_of(capture)[:at])[-1]
    assert float(plain[ids_of(capture)[at]]) == pytest.approx(
        scored(stories, capture, answer), abs=1e-4
    )
    seen = ExplainedInput(stories, capture, answer)
    assert max(seen.content) < at
    assert seen.erased_by == "deletion"
    gone = frozenset(seen.content[:1])
    kept = [number for place, number in enumerate(ids_of(capture)[:at]) if place not in gone]
    [found] = answers(seen, [gone], seen.erased_target.score)
    assert found == pytest.approx(float(logits(stories, kept)[-1][ids_of(capture)[at]]), abs=1e-4)


def test_two_words_compete_at_the_mask_and_as_the_next_word(asked, stories):
    loaded, _ = asked("bert")
    capture = read(loaded, Record("m", "The [MASK] is muddy.", contrast=("bank", "river")))
    *_, contrast = targets_of(loaded, capture)
    one, other = loaded.tokenizer.convert_tokens_to_ids(["bank", "river"])
    plain = logits(loaded, ids_of(capture))[2]
    assert float(plain[one] - plain[other]) == scored(loaded, capture, contrast)
    assert contrast.words == "“bank” against “river” at the blank"
    capture = read(stories, Record("n", "The little", contrast=("boy", "girl")))
    *_, contrast = targets_of(stories, capture)
    plain = logits(stories, ids_of(capture))[-1]
    expected = plain[number(stories, " boy")] - plain[number(stories, " girl")]
    assert float(expected) == scored(stories, capture, contrast)
    assert contrast.words == "“boy” against “girl” as the next token"


def test_words_that_are_not_one_token_each_are_not_compared(asked):
    loaded, _ = asked("bert")
    capture = read(loaded, Record("m", "The [MASK] is late.", contrast=("doctors of it", "nurse")))
    contrast = targets_of(loaded, capture)[-1]
    top = capture.prediction["masked"][0]["top"]
    assert contrast.at == top[0]["id"]  # the likeliest two instead
    assert contrast.against == top[1]["id"]


def test_two_words_compete_in_a_translation(asked):
    loaded, _ = asked("marian")
    record = Record(
        "t", TEXT, target="La banque est au bord de la rivière", contrast=("bord", "banque")
    )
    capture = read(loaded, record)
    *_, contrast = targets_of(loaded, capture)
    explained = ExplainedInput(loaded, capture, contrast)
    with torch.no_grad():
        out = loaded.model(**explained.inputs).logits[0]
    labels = [token.id for token in capture.maps[1].predicted]
    place = contrast.place
    assert labels[place] == contrast.at
    assert capture.maps[1].predicted[place].text.strip() == "bord"
    expected = float(out[place, contrast.at] - out[place, contrast.against])
    assert expected == scored(loaded, capture, contrast)


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    names = {0: "O", 1: "B-PER", 2: "I-PER"}
    folder = tmp_path_factory.mktemp("tagger")
    tiny_model(folder, "bert-tagger", id2label=names, label2id={n: i for i, n in names.items()})
    return load_model(resolve_model(str(folder), Settings()), Settings())


@pytest.mark.parametrize("mention", [None, Span("nurse", TEXT.index("nurse"))])
def test_the_tag_at_the_mention_is_explained_else_the_surest(tagger, mention):
    capture = read(tagger, replace(SHE, mention=mention))
    answer, *others = targets_of(tagger, capture)
    plain = logits(tagger, ids_of(capture))
    said = {token["position"]: token for token in capture.prediction["tokens"]}
    marked = [token for token in said.values() if token["label"] != "O"]
    expected = (
        said[place_of(capture, "nurse")] if mention else max(marked, key=lambda t: t["score"])
    )
    assert answer.place == expected["position"]
    assert expected["label"] in answer.words
    assert float(plain[answer.place, answer.at]) == scored(tagger, capture, answer)
    if expected["label"] == "O":
        assert others == []
    else:
        difference = plain[answer.place, answer.at] - plain[answer.place, 0]
        assert float(difference) == scored(tagger, capture, others[0])
        assert others[0].words.startswith(f"“{expected['label']}” against “O” as the tag of")


def test_nothing_marked_is_said(tagger):
    capture = read(tagger, SHE)
    every = [{**token, "label": "O"} for token in capture.prediction["tokens"]]
    nothing = replace(
        capture,
        record=Record("n", TEXT),
        prediction={"task": "token-classification", "tokens": every},
    )
    assert targets_of(tagger, nothing) == ()
    assert why_no_target(nothing) == (
        "The model marks no token of this text, so there is no answer to explain."
    )


def test_an_answer_in_the_text_is_its_start_and_its_end(asked):
    loaded, _ = asked("bert-reader")
    capture = read(loaded, Record("q", "Who was late?", pair=TEXT))
    [answer] = targets_of(loaded, capture)
    explained = ExplainedInput(loaded, capture, answer)
    with torch.no_grad():
        out = loaded.model(**explained.inputs)
    said = capture.prediction
    expected = out.start_logits[0, said["first"]] + out.end_logits[0, said["last"]]
    assert float(expected) == scored(loaded, capture, answer)
    assert answer.words == f"the answer “{said['text']}”"


def test_nothing_is_deleted_where_the_answer_is_that_of_one_place():
    torch.manual_seed(0)
    tokenizer = byte_bpe()
    config = GPT2Config(
        vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=2, n_positions=64, num_labels=3
    )
    loaded = loaded_from_objects(GPT2ForTokenClassification(config).eval(), tokenizer)
    capture = read(loaded, SHE)
    explained = ExplainedInput.of(loaded, capture)
    assert explained.erased_by == "an unknown token"
    gone = explained.content[0]
    ids = ids_of(capture)
    ids[gone] = explained.baseline_token
    [found] = answers(explained, [frozenset({gone})], explained.target.score)
    plain = logits(loaded, ids)[explained.target.place, explained.target.at]
    assert float(plain) == pytest.approx(found, abs=1e-5)


def test_the_class_of_the_label_and_one_class_against_another(asked):
    loaded, _ = asked("bert-classifier")
    capture = read(loaded, Record("c", TEXT))
    order = sorted(capture.prediction["labels"], key=capture.prediction["labels"].get)
    plain = logits(loaded, ids_of(capture))
    names = list(capture.prediction["labels"])
    for label, kinds in ((order[2], ["contrast"]), (order[0], ["label", "contrast"])):
        labelled = replace(capture, record=Record("c", TEXT, label=label))
        _, *others = targets_of(loaded, labelled)
        assert [one.kind for one in others] == kinds
        assert others[-1].words == f"“{order[2]}” against “{order[1]}”"
        difference = plain[names.index(order[2])] - plain[names.index(order[1])]
        assert float(difference) == scored(loaded, labelled, others[-1])
        if "label" in kinds:
            gold = float(plain[names.index(label)])
            assert gold == scored(loaded, labelled, others[0])
    wanted = replace(capture, record=Record("c", TEXT, contrast=(order[0], order[1])))
    assert targets_of(loaded, wanted)[-1].words == f"“{order[0]}” against “{order[1]}”"
