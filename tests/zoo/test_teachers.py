"""A translator that learns from teachers: what they say together, and how it starts."""

import pytest
import torch
from attnatlas.zoo import teachers, told, translator, zoo_folder
from attnatlas.zoo.train import main
from attnatlas.zoo.translator import widen
from click.testing import CliRunner
from transformers import MarianMTModel, PreTrainedTokenizerFast

LINES = ["He is tired.", "I am cold.", "Where is my red car?"]


@pytest.fixture(scope="module")
def tokenizer():
    return PreTrainedTokenizerFast.from_pretrained(zoo_folder("en-fr"))


@pytest.fixture(scope="module")
def model():
    return MarianMTModel.from_pretrained(zoo_folder("en-fr"), dtype=torch.float32).eval()


def test_one_teacher_alone_says_what_greedy_generation_says(model, tokenizer):
    found = dict(teachers.translated([model], tokenizer, LINES))
    for line in LINES:
        ids = model.generate(**tokenizer(line, return_tensors="pt"), num_beams=1)
        assert found[line] == tokenizer.decode(ids[0], skip_special_tokens=True)


def test_teachers_together_follow_the_mean_of_their_probabilities(model, tokenizer):
    torch.manual_seed(0)
    other = MarianMTModel(model.config).eval()
    with torch.no_grad():
        for mine, trained in zip(other.parameters(), model.parameters(), strict=True):
            mine.copy_(trained + 0.05 * torch.randn_like(trained))
    rows = torch.tensor([tokenizer("He is tired.")["input_ids"]])
    (found,) = teachers.together([model, other], rows, 20)
    said = torch.tensor([[tokenizer.pad_token_id, *found[:-1]]])
    with torch.no_grad():
        odds = sum(m(rows, decoder_input_ids=said).logits.softmax(-1) for m in (model, other))
    odds[..., tokenizer.pad_token_id] = 0
    assert odds.argmax(-1)[0].tolist() == found
    assert found[-1] == tokenizer.eos_token_id


def test_a_translation_without_an_end_is_left_out(model, tokenizer):
    rows = torch.tensor([tokenizer("He is tired.")["input_ids"]])
    assert teachers.together([model], rows, 2) == [[]]


def test_lessons_are_asked_for_once(tmp_path, monkeypatch, model, tokenizer):
    monkeypatch.setattr(teachers.texts, "sentences", lambda data, split: LINES[:2])
    monkeypatch.setattr(teachers, "told", lambda count, openings, known: ['She said "no".'])
    file = tmp_path / "lessons.tsv"
    first = teachers.lessons(tmp_path, [model], tokenizer, file)
    assert [english for english, _ in first] == [*LINES[:2], 'She said "no".']
    assert teachers.lessons(tmp_path, [], tokenizer, file) == first


def test_a_wider_model_starts_as_the_narrow_one(model, tokenizer):
    wide = MarianMTModel(translator.configuration(tokenizer, model.config.encoder_ffn_dim + 64))
    widen(wide, model)
    rows = torch.tensor([tokenizer("He is tired.")["input_ids"]])
    with torch.no_grad():
        found = [m.eval()(rows, decoder_input_ids=rows).logits for m in (wide, model)]
    torch.testing.assert_close(found[0], found[1], rtol=0, atol=1e-4)


def test_told_sentences_are_whole_new_and_the_same_every_time():
    assert told.sentences(["I am. He", "No end", "Who is it? Me. You"]) == ["I am.", "Who is it?"]
    found = told.told(64, ["I see.", "The dog sleeps."], frozenset())
    assert found == told.told(64, ["I see.", "The dog sleeps."], frozenset())
    assert found
    assert all(text.split()[0] in ("I", "The") for text in found if text[0] in "IT")
    assert not set(found[:3]) & set(told.told(64, ["I see."], frozenset(found[:3])))


@pytest.mark.parametrize(
    ("name", "folders", "sentence"),
    [
        ("stories", ["en-fr"], "stories has no teachers"),
        ("en-fr", ["en-fr", "stories"], "have different tokenizers"),
        ("en-fr", ["."], "has no tokenizer.json"),
    ],
)
def test_teachers_that_cannot_teach_are_refused(tmp_path, name, folders, sentence):
    paths = [zoo_folder(one) if one != "." else tmp_path for one in folders]
    given = [word for path in paths for word in ("--teacher", str(path))]
    out = tmp_path / "out"
    result = CliRunner().invoke(main, [name, "--data", str(tmp_path), "--out", str(out), *given])
    assert result.exit_code == 2
    assert sentence in result.output.replace("\n", " ")
    assert not out.exists()
