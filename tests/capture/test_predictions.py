"""What a capture says of a text is what a plain forward pass of transformers says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from attnatlas.capture.run import capture_records
from attnatlas.capture.token_positions import answer_rows, content_positions
from attnatlas.config import Settings
from attnatlas.corpus import Record, Skipped
from attnatlas.models import LoadedModel, load_model, loaded_from_objects, resolve_model

from tests.capture.conftest import captures
from tests.capture.tiny import MADE

TEXT = "The bank of the river is muddy."


def plain(folder: Path, kind: str, text: str = TEXT, **inputs: Any) -> Any:
    model = getattr(transformers, MADE[kind][0]).from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        return model(input_ids=torch.tensor([tokenizer(text)["input_ids"]]), **inputs)


def close(value: float) -> Any:
    return pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("kind", ["bert-classifier", "bart-classifier"])
def test_classification(kind: str, loaded: Callable, folder: Callable[[str], Path]) -> None:
    [capture] = captures(loaded(kind), Record("r", TEXT, target="ignored"))
    scores = plain(folder(kind), kind).logits.softmax(-1)[0].tolist()
    said = capture.prediction
    assert said["task"] == "classification"
    assert list(said["labels"].values()) == [close(score) for score in scores]
    assert said["score"] == close(max(scores))
    assert said["label"] == f"LABEL_{scores.index(max(scores))}"


def test_regression_and_several_labels(loaded: Callable, folder: Callable[[str], Path]) -> None:
    model = loaded("bert-classifier")
    config = model.model.config
    logits = plain(folder("bert-classifier"), "bert-classifier").logits[0]
    config.problem_type = "multi_label_classification"
    try:
        [capture] = captures(model, Record("r", TEXT))
    finally:
        config.problem_type = None
    assert list(capture.prediction["labels"].values()) == [
        close(x) for x in logits.sigmoid().tolist()
    ]


def test_masked_lm(loaded: Callable, folder: Callable[[str], Path]) -> None:
    text = "The [MASK] of the [MASK] is muddy."
    [capture] = captures(loaded("bert"), Record("r", text))
    scores = plain(folder("bert"), "bert", text).logits.softmax(-1)[0]
    said = capture.prediction
    assert said["task"] == "masked-lm"
    assert len(said["masked"]) == 2
    for mask in said["masked"]:
        tokens = capture.maps[0].queries
        assert tokens[mask["position"]].text.strip() == "[MASK]"
        best = scores[mask["position"]].topk(5)
        assert [choice["id"] for choice in mask["top"]] == best.indices.tolist()
        assert [choice["score"] for choice in mask["top"]] == [
            close(x) for x in best.values.tolist()
        ]
    [capture] = captures(loaded("bert"), Record("r", TEXT))
    assert capture.prediction == {"task": "masked-lm", "masked": []}


def test_causal_lm(loaded: Callable, folder: Callable[[str], Path]) -> None:
    [capture] = captures(loaded("gpt2"), Record("r", TEXT))
    best = plain(folder("gpt2"), "gpt2").logits[0, -1].softmax(-1).topk(5)
    said = capture.prediction
    assert said["task"] == "causal-lm"
    assert [choice["id"] for choice in said["next"]] == best.indices.tolist()
    assert [choice["score"] for choice in said["next"]] == [close(x) for x in best.values.tolist()]
    assert all(choice["text"] for choice in said["next"])


def test_token_classification(loaded: Callable, folder: Callable[[str], Path]) -> None:
    [capture] = captures(loaded("bert-tagger"), Record("r", TEXT))
    best = plain(folder("bert-tagger"), "bert-tagger").logits.softmax(-1)[0].max(-1)
    for found in capture.prediction["tokens"]:
        assert found["label"] == f"LABEL_{best.indices[found['position']]}"
        assert found["score"] == close(float(best.values[found["position"]]))
    shown = [token for token in capture.maps[0].queries if not token.special]
    assert len(capture.prediction["tokens"]) == len(shown)


def test_question_answering(loaded: Callable) -> None:
    record = Record("r", "Who was late?", pair="The doctor told the nurse that she was late.")
    [capture] = captures(loaded("bert-reader"), record)
    said = capture.prediction
    assert said["task"] == "question-answering"
    assert said["text"] in (record.pair or "")
    assert 0 < said["score"] < 1
    tokens = capture.maps[0].queries[said["first"] : said["last"] + 1]
    assert "".join(token.text for token in tokens).strip() == said["text"]


@pytest.mark.parametrize("kind", ["bart", "t5", "marian"])
def test_a_target_is_teacher_forced(kind: str, loaded: Callable, folder: Callable) -> None:
    record = Record("r", TEXT, target="La rivière est là.")
    [capture] = captures(loaded(kind), record)
    tokenizer = loaded(kind).tokenizer
    labels = torch.tensor([tokenizer(text_target=record.target)["input_ids"]])
    output = plain(folder(kind), kind, labels=labels)
    said = capture.prediction
    assert said["task"] == "translation"
    assert (said["text"], said["teacher_forced"]) == (record.target, True)
    assert said["score"] == close(-float(output.loss))
    decoder = capture.maps[1]
    assert [token.id for token in decoder.predicted] == labels[0].tolist()
    assert [token.id for token in decoder.queries][1:] == labels[0].tolist()[:-1]
    for tokens in (decoder.queries, decoder.predicted):
        assert "".join(token.text for token in tokens if not token.special) == record.target
    assert capture.maps[2].queries == decoder.queries
    assert capture.maps[2].keys == capture.maps[0].keys


@pytest.mark.parametrize("kind", ["bart", "t5", "marian"])
def test_without_a_target_the_model_writes(kind: str, loaded: Callable) -> None:
    [capture] = captures(loaded(kind), Record("r", TEXT))
    model, tokenizer = loaded(kind).model, loaded(kind).tokenizer
    ids = torch.tensor([tokenizer(TEXT)["input_ids"]])
    wanted = capture.prediction
    tokens = capture.maps[1].predicted
    written = model.generate(ids, do_sample=False, max_new_tokens=len(tokens), use_cache=False)[0]
    assert [token.id for token in tokens] == written.tolist()[1:]
    assert wanted["text"] == tokenizer.decode(written, skip_special_tokens=True)
    assert wanted["teacher_forced"] is False
    assert "".join(token.text for token in tokens if not token.special) == wanted["text"]
    if kind != "marian":
        assert wanted["finished"] == (tokens[-1].id == tokenizer.eos_token_id)


@pytest.mark.parametrize("kind", ["bart", "t5"])
def test_beams_find_what_a_beam_search_finds(kind: str, loaded: Callable) -> None:
    records = [Record("r", TEXT), Record("s", "The doctor told the nurse.")]
    for record, capture in zip(records, captures(loaded(kind), *records, beams=3), strict=True):
        model, tokenizer = loaded(kind).model, loaded(kind).tokenizer
        ids = torch.tensor([tokenizer(record.text)["input_ids"]])
        [row] = model.generate(
            ids, num_beams=3, do_sample=False, max_new_tokens=2 * ids.shape[1] + 16, use_cache=False
        )
        said, labels = capture.prediction, row[1:].tolist()
        assert [token.id for token in capture.maps[1].predicted] == labels[
            : len(said["log_probabilities"])
        ]
        assert said["text"] == tokenizer.decode(row, skip_special_tokens=True)
        assert (said["beams"], said["teacher_forced"]) == (3, False)
        assert said["score"] == close(
            sum(said["log_probabilities"]) / len(said["log_probabilities"])
        )


def test_generated_pieces_have_their_place(loaded: Callable) -> None:
    [capture] = captures(loaded("bart"), Record("r", TEXT))
    for token in capture.maps[1].predicted:
        if not token.special:
            assert capture.prediction["text"][token.start : token.end] == token.text


@pytest.mark.parametrize("kind", MADE)
def test_a_prediction_is_ready_for_json(kind: str, loaded: Callable) -> None:
    [capture] = captures(loaded(kind), Record("r", TEXT))
    assert json.loads(json.dumps(capture.prediction, allow_nan=False)) == capture.prediction


def test_a_chosen_task_decides_what_is_said(folder: Callable[[str], Path]) -> None:
    settings = Settings(task="none")
    model = load_model(resolve_model(str(folder("bert-classifier")), settings), settings)
    [capture] = captures(model, Record("r", TEXT))
    assert capture.prediction == {"task": "none"}


def test_objects_say_the_same_as_the_folder(loaded: Callable[[str], LoadedModel]) -> None:
    model = loaded("bert-classifier")
    again = loaded_from_objects(model.model, model.tokenizer)
    [one], [other] = captures(model, Record("r", TEXT)), captures(again, Record("r", TEXT))
    assert one.prediction == other.prediction
    assert (one.maps[0].weights == other.maps[0].weights).all()


def test_the_language_to_write_comes_first(loaded: Callable) -> None:
    records = [
        Record("r", TEXT),
        Record("s", TEXT, target_lang="▁"),  # any known token will do
        Record("t", TEXT, target_lang="Klingon"),
    ]
    model = loaded("marian")
    found = dict(capture_records(model, records, Settings()))
    wanted = model.tokenizer.convert_tokens_to_ids("▁")
    assert found[1].maps[1].predicted[0].id == wanted
    assert found[2] == Skipped("record 't'", "the model knows no language 'Klingon'")


@pytest.mark.parametrize("target", ["She was late.", ", she was late.", " 医生"])
def test_a_target_is_what_a_decoder_is_fed_next(loaded: Callable, target: str) -> None:
    model = loaded("gpt2")
    [plain] = captures(model, Record("r", TEXT))
    [capture] = captures(model, Record("r", TEXT, target=target))
    tokens, said = capture.maps[0].queries, capture.prediction
    own = [token for token in tokens if not token.special]
    gap = " " if target[0].isalnum() else ""
    assert "".join(token.text for token in own) == TEXT + gap + target
    start = said["continuation"]["start"]
    assert "".join(t.text for t in tokens[start:] if not t.special).strip() == target.strip()
    ids = torch.tensor([[token.id for token in tokens]])
    with torch.no_grad():
        logs = model.model(ids).logits[0].log_softmax(-1)
    wanted = [
        float(logs[at - 1, token.id])
        for at, token in enumerate(tokens)
        if at >= start and not token.special
    ]
    assert said["continuation"]["log_probabilities"] == pytest.approx(wanted, abs=1e-4)
    assert said["next"][0]["id"] == int(logs[start - 1].argmax())
    assert answer_rows(capture)[1] == [start - 1]
    assert max(content_positions(capture)) < start
    assert "continuation" not in plain.prediction
