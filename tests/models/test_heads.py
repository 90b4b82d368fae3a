"""What a head gives is called what it is: a class, labels that each hold by themselves, a value."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnatlas.build import build_site
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, load_model, resolve_model
from attnatlas.probes.target import targets_of

from tests.capture.tiny import tiny_model

TEXT = "The bank of the river is muddy."
SEVERAL = "multi_label_classification"


def named(*labels: str, **changes: Any) -> dict[str, Any]:
    """Return the config of a head with these labels."""
    names = dict(enumerate(labels))
    return {"num_labels": len(labels), "id2label": names, **changes} | {
        "label2id": {name: number for number, name in names.items()}
    }


HEADS: dict[str, dict[str, Any]] = {
    "one": {"num_labels": 1},
    "stars": named("stars", problem_type="regression"),
    "feelings": named("valence", "arousal", problem_type="regression"),
    "tags": named("rude", "loud", "odd", "long", problem_type=SEVERAL),
    "only": named("rude", problem_type=SEVERAL),
    "classes": named("no", "yes"),
}


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], LoadedModel]:
    def make(head: str) -> LoadedModel:
        changes = {"num_hidden_layers": 1, **HEADS[head]}
        folder = tiny_model(tmp_path / head, "bert-classifier", **changes)
        return load_model(resolve_model(str(folder), Settings()), Settings())

    return make


def read(model: LoadedModel, **fields: Any) -> tuple[Capture, torch.Tensor]:
    """Return a capture, and the logits that the model gives for the text."""
    [(_, capture)] = capture_records(model, [Record("r", TEXT, **fields)], Settings())
    assert isinstance(capture, Capture)
    with torch.no_grad():
        output = model.model(**model.tokenizer(TEXT, return_tensors="pt"))
    return capture, output.logits[0]


@pytest.mark.parametrize(("head", "words"), [("one", "the value"), ("stars", "the value “stars”")])
def test_a_single_number_is_a_value(head: str, words: str, made: Any) -> None:
    capture, logits = read(made(head))
    said = capture.prediction
    assert said["problem_type"] == "regression"
    assert said["score"] == pytest.approx(float(logits[0]), abs=1e-5)
    assert "label" not in said
    [target] = targets_of(made(head), capture)
    assert (target.words, target.unit, target.measure) == (words, "value", "value")


def test_several_values_have_their_names(made: Any) -> None:
    capture, logits = read(made("feelings"))
    said = capture.prediction
    assert list(said["labels"].values()) == pytest.approx(logits.tolist(), abs=1e-5)
    assert not {"label", "score", "holds"} & said.keys()
    [target] = targets_of(made("feelings"), capture)
    assert target.words == "the value “valence”"


@pytest.mark.parametrize("shift", [-9.0, 0.0, 9.0])
def test_labels_that_hold_each_by_themselves(shift: float, made: Any) -> None:
    model = made("tags")
    with torch.no_grad():
        model.model.classifier.bias += shift
    capture, logits = read(model)
    said, each = capture.prediction, logits.sigmoid()
    assert list(said["labels"].values()) == pytest.approx(each.tolist(), abs=1e-5)
    assert said["holds"] == [n for n, p in zip(said["labels"], each, strict=True) if p >= 0.5]
    assert not {"label", "score"} & said.keys()
    [target] = targets_of(model, capture)
    best = max(said["labels"], key=said["labels"].get)
    assert (target.words, target.unit, target.several) == (f"the label “{best}”", "logit", True)


def test_one_label_of_a_model_of_several_is_a_probability(made: Any) -> None:
    capture, logits = read(made("only"))
    assert capture.prediction["labels"]["rude"] == pytest.approx(float(logits.sigmoid()), abs=1e-5)


def page_of(head: str, tmp_path: Path, **fields: str) -> tuple[str, str, dict[str, Any]]:
    """Return the words of a record page and of the home page, and what atlas.json says."""
    folder = tiny_model(tmp_path / head, "bert-classifier", num_hidden_layers=1, **HEADS[head])
    output = tmp_path / f"site-{head}"
    settings = Settings(models=(str(folder),), output=output, store=tmp_path / "store")
    build_site(settings, records=[{"text": TEXT, **fields}, {"text": "A muddy river."}])
    atlas = json.loads((output / "atlas.json").read_text())
    page = (output / atlas["captures"][0]["page"]).read_text()
    return words_of(page), words_of((output / "index.html").read_text()), atlas


def words_of(page: str) -> str:
    """Return the text of a page, without its scripts and tags."""
    body = re.sub(r"<script.*?</script>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def test_the_pages_of_a_regression_speak_of_a_value(tmp_path: Path) -> None:
    page, home, _ = page_of("one", tmp_path, label="4.5")
    assert re.search(r"Predicted: the value −?\d+\.\d+; labelled: 4\.5\.", page)
    assert "LABEL_0" not in page + home
    assert "with probability" not in page
    assert "less likely" not in page
    assert re.search(r"-?\d+\.\d\d, labelled 4\.5", home)


def test_the_pages_of_several_labels_speak_of_each(tmp_path: Path) -> None:
    page, home, _ = page_of("tags", tmp_path)
    assert re.search(r"each with a probability of its own|Predicted: none of its 4 labels", page)
    assert "with probability" not in page
    assert re.search(r"rude|loud|odd|long|no label", home)


def test_the_pages_of_a_classifier_speak_of_a_probability(tmp_path: Path) -> None:
    page, _, _ = page_of("classes", tmp_path)
    assert re.search(r"\b(yes|no) \d+%", words_of(page))
