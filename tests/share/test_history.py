"""Several sites on one axis, and an atlas at each checkpoint of a training."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import attnatlas
import pytest
import torch
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.models import load_model, resolve_model
from attnatlas.share.history import Course, Point, read_history
from attnatlas.share.history_page import axis, movers
from attnatlas.share.history_words import opening
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

from tests.site.test_from_sites import TEXTS, site

TRAINED = [("A warm and funny film.", 1), ("A dull, cold film.", 0)]
READ = [
    {"id": text[:6], "text": text, "label": "positive" if label else "negative"}
    for text, label in (*TRAINED, ("A funny, warm story.", 1), ("A cold story.", 0))
]


class Examples(torch.utils.data.Dataset[dict[str, Any]]):
    def __init__(self, tokenizer: Any) -> None:
        texts, labels = zip(*TRAINED * 20, strict=True)
        self.read = tokenizer(list(texts), padding=True, return_tensors="pt")
        self.labels = torch.tensor(labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, at: int) -> dict[str, Any]:
        return {name: rows[at] for name, rows in self.read.items()} | {"labels": self.labels[at]}


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a model of the embedded classifier's kind from fresh weights; return its atlases."""
    folder = tmp_path_factory.mktemp("training")
    loaded = load_model(resolve_model("sentiment", Settings()), Settings())
    torch.manual_seed(0)
    config = loaded.model.config
    config.num_hidden_layers = 2
    model = AutoModelForSequenceClassification.from_config(config)
    callback = attnatlas.AtlasCallback(
        READ, folder / "atlas", store=folder / "store", name="film", numbers="none"
    )
    arguments = TrainingArguments(
        str(folder / "out"), max_steps=10, save_steps=5, per_device_train_batch_size=8,
        learning_rate=1e-3, report_to=[], use_cpu=True, disable_tqdm=True,
    )  # fmt: skip
    trainer = Trainer(
        model,
        arguments,
        train_dataset=Examples(loaded.tokenizer),
        processing_class=loaded.tokenizer,
        callbacks=[callback],
    )
    trainer.train()
    assert [path.name for path in callback.sites] == ["step-000005", "step-000010"]
    return folder / "atlas"


def test_a_training_leaves_an_atlas_a_checkpoint_and_their_history(checkpoints: Path) -> None:
    told = json.loads((checkpoints / "history" / "history.json").read_text("utf-8"))
    assert [one["name"] for one in told["sites"]] == ["step 5", "step 10"]
    assert len({one["weights_sha256"] for one in told["sites"]}) == 2
    assert told["texts_in_all"] == 4
    table = (checkpoints / "step-000010/data/film/heads.csv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assert len({(one["layer"], one["head"]) for one in told["heads"]}) == len(rows) == 16
    for one in told["heads"]:
        row = rows[8 * one["layer"] + one["head"]]
        cell = row[one["metric"]]
        assert one["values"][-1] == (float(cell) if cell else None)
    page = (checkpoints / "history" / "index.html").read_text("utf-8")
    assert "2 sites, from <bdi>step 5</bdi> to <bdi>step 10</bdi>" in page
    courses = told["courses"]
    assert courses[0]["key"] == "accuracy"
    assert all(course["statement"] in page.replace("&#39;", "'") for course in courses)


def test_a_history_opens_with_what_moved(checkpoints: Path) -> None:
    steps = [f"{name}={checkpoints / name}" for name in ("step-000005", "step-000010")]
    history = read_history(steps)
    moving = movers(history.heads)
    answers, roles, head = opening(history, moving)
    first, last = (point for point in history.courses[0].points if point)
    assert answers.startswith(f"{round(first.value * 4)} of 4 texts are labelled as people did")
    assert f"{round(last.value * 4)} at step-000010, " in answers
    assert re.match(r"(All 16|\d+ of 16) heads have ", roles)
    one, metric = moving[0]
    assert head.startswith(f"{one.name} moved most: {metric.title[0].lower()}{metric.title[1:]}, ")
    assert abs(one.moved) == max(abs(other.moved) for other, _ in moving)
    assert len({other.key for other, _ in moving}) == len(moving)
    page = (checkpoints / "history" / "index.html").read_text("utf-8")
    assert head in page


@pytest.mark.parametrize(
    ("ends", "axis_ends"),
    [
        ((0.37, 0.93), (0.2, 1.0)),
        ((-0.03, 0.62), (-0.2, 0.8)),
        ((0.051, 0.112), (0.04, 0.12)),
        ((12.0, 47.0), (10.0, 50.0)),
        ((0.5, 0.5), (0.4, 0.6)),
        ((0.0, 0.0), (0.0, 0.5)),
    ],
)
def test_an_axis_spans_its_data_in_round_numbers(
    ends: tuple[float, float], axis_ends: tuple[float, float]
) -> None:
    low, high, _ = axis(*ends)
    assert low <= ends[0] <= ends[1] <= high
    assert (low, high) == pytest.approx(axis_ends)


def test_a_number_moved_where_its_intervals_do_not_meet() -> None:
    apart = [Point(0.2, 0.1, 0.3), Point(0.6, 0.5, 0.7)]
    assert Course("a", "", tuple(apart)).beyond
    assert Course("a", "", (apart[1], None, apart[0])).beyond
    assert not Course("a", "", tuple(apart), floor=0.5).beyond
    assert not Course("a", "", (Point(0.2, 0.1, 0.5), apart[1])).beyond
    assert not Course("a", "", (Point(0.2), Point(0.6))).beyond


def test_names_and_models_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = (
        site(tmp_path / name, name, TEXTS["tide"], seed) for seed, name in enumerate("ab")
    )
    history = read_history([f"before={one}", str(other)])
    assert [moment.name for moment in history.moments] == ["before", "b"]
    assert [moment.model["name"] for moment in history.moments] == ["a", "b"]
    both = tmp_path / "both"
    words = ["--from", str(one), "--from", str(other), "-o", str(both)]
    assert run(["build", *words, "--store", str(tmp_path / "store"), "-q"]) == 0
    assert [m.model["name"] for m in read_history([str(both), str(one)]).moments] == ["a", "a"]
    capsys.readouterr()
    refused = {
        "A history takes 2 sites or more": [str(one)],
        "The sites share 'a', 'b'; say which one": [str(both), str(both)],
        "has no model 'c'": [str(both), str(both), "--model", "c"],
        "does not exist": [str(one), str(tmp_path / "nowhere")],
    }
    for said, words in refused.items():
        assert run(["history", *words, "-o", str(tmp_path / "out")]) == 2
        assert said in capsys.readouterr().err
        assert not (tmp_path / "out").exists()
