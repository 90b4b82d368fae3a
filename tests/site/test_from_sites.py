"""Sites built from the numbers of other sites, with no model."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnatlas import build
from attnatlas.cli import run
from attnatlas.errors import InputError
from safetensors.torch import load_file, save_file

from tests.capture.tiny import tiny_model

TEXTS = {"tide": ["low tide", "high tide"], "moor": ["dry moor", "wet moor"]}


def site(folder: Path, name: str, texts: list[str], seed: int = 0, **more: Any) -> Path:
    """Build a site from made-up attention of two layers and two heads."""
    scores = np.random.default_rng(seed).normal(size=(2, len(texts), 2, 3, 3))
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    tokens = [["[CLS]", *text.split()] for text in texts]
    layers = tuple(layer.astype(np.float32) for layer in weights)
    report = build(
        texts,
        output=folder,
        attentions=layers,
        tokens=tokens,
        name=name,
        numbers="float32",
        store=folder.parent / "store",
        **more,
    )
    return report.output


def built(folder: Path, *sites: Path) -> dict[str, Any]:
    words = [word for path in sites for word in ("--from", str(path))]
    store = str(folder.parent / "store")
    more = ["--numbers", "float32", "--store", store, "-q"]
    assert run(["build", *words, "-o", str(folder), *more]) == 0
    atlas: dict[str, Any] = json.loads((folder / "atlas.json").read_text("utf-8"))
    return atlas


def numbers(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "data").rglob("*.safetensors")}


def test_one_site_gives_its_numbers_again(tmp_path: Path) -> None:
    first = site(tmp_path / "first", "made", TEXTS["tide"])
    atlas = built(tmp_path / "again", first)
    assert [record["text"] for record in atlas["records"]] == TEXTS["tide"]
    assert numbers(tmp_path / "again") == numbers(first)
    assert atlas["provenance"]["command"].startswith("attnatlas build --from first")


def test_models_and_texts_of_two_sites_stand_side_by_side(tmp_path: Path) -> None:
    same = [site(tmp_path / name, name, TEXTS["tide"], seed) for seed, name in enumerate("ab")]
    atlas = built(tmp_path / "models", *same)
    assert [model["name"] for model in atlas["models"]] == ["a", "b"]
    assert (len(atlas["records"]), len(atlas["captures"])) == (2, 4)
    other = site(tmp_path / "moor", "a", TEXTS["moor"], seed=5)
    atlas = built(tmp_path / "texts", same[0], other)
    assert [model["name"] for model in atlas["models"]] == ["a"]
    assert sorted(record["text"] for record in atlas["records"]) == sorted(
        TEXTS["tide"] + TEXTS["moor"]
    )


def test_what_cannot_be_put_together_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = site(tmp_path / "first", "made", TEXTS["tide"])
    second = site(tmp_path / "second", "made", TEXTS["tide"], seed=1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "piped").mkdir()
    os.mkfifo(tmp_path / "piped" / "atlas.json")
    bare = tmp_path / "bare"
    assert run(["build", "--from", str(first), "-o", str(bare), "--numbers", "none", "-q"]) == 0
    capsys.readouterr()
    cases = {
        "folder is no site that attnatlas built": [tmp_path / "folder"],
        "piped is no site that attnatlas built": [tmp_path / "piped"],
        "holds no attention; build it with --numbers": [bare],
        "are already in": [first, second],
    }
    for said, sites in cases.items():
        words = [word for path in sites for word in ("--from", str(path))]
        assert run(["build", *words, "-o", str(tmp_path / "out")]) == 2
        assert said in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


def test_what_was_said_of_a_file_of_weights_is_said_again(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "m", "bert", num_hidden_layers=1)
    file = folder / "model.safetensors"
    save_file(load_file(file) | {"of.another": torch.ones(2)}, file, {"format": "pt"})
    first = build(["low tide"], str(folder), output=tmp_path / "first", store=tmp_path / "store")
    said = "Model 'm' has no use for of.another, which its file holds"
    assert said in json.loads((first.output / "atlas.json").read_text())["provenance"]["notes"]
    again = built(tmp_path / "again", first.output)
    assert said in again["provenance"]["notes"]
    third = built(tmp_path / "third", tmp_path / "again")
    assert said in third["provenance"]["notes"]


@pytest.mark.parametrize("remarks", ["one", [3], {"a": "b"}])
def test_odd_remarks_are_one_sentence(remarks: Any, tmp_path: Path) -> None:
    first = site(tmp_path / "first", "made", TEXTS["tide"])
    path = first / "data/made/results.json"
    path.write_text(
        json.dumps({"schema": 1, "model": "made", "results": {}, "remarks": remarks}), "utf-8"
    )
    with pytest.raises(InputError, match=r"results\.json: 'remarks") as caught:
        build(from_sites=[str(first)], output=tmp_path / "again", store=tmp_path / "store")
    assert str(path) in str(caught.value)
