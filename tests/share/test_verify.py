"""Running the models again gives the numbers of a site, and shows where something was changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from attnatlas.cli import run
from attnatlas.share.built_site import open_site
from attnatlas.share.verify.everything import verify
from attnatlas.zoo import zoo_folder
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from tests.share.spoiled import renewed, zipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model that a test may spoil."""
    return Path(shutil.copytree(zoo_folder("sentiment"), tmp_path / "model"))


def test_the_same_model_gives_no_difference(small: Path, tmp_path: Path) -> None:
    for path, sample in ((small, None), (zipped(small, tmp_path / "site.zip"), 1)):
        found = verify(open_site(path), sample=sample)
        (model,) = found.models
        assert found.good
        assert (model.texts, model.of) == (sample or 2, 2)
        assert set(model.largest) == {"attention", "rollout", "flow", "saliency"}
        assert set(model.largest.values()) == {0.0}


def test_a_changed_weight_is_found(small: Path, folder: Path) -> None:
    path = folder / "model.safetensors"
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    arrays = load_file(path)
    name = next(name for name in arrays if name.endswith("layer.0.attention.self.query.weight"))
    arrays[name] = arrays[name] + np.float32(0.5) * (np.arange(arrays[name].size) == 7).reshape(
        arrays[name].shape
    )
    save_file(arrays, path, metadata)
    (model,) = verify(open_site(small), sample=1, given={"sentiment": str(folder)}).models
    assert model.says.startswith("the weights at hand")
    assert not model.good
    assert model.largest["attention"] > 0


def test_a_swapped_tokenizer_is_found(small: Path, folder: Path) -> None:
    path = folder / "tokenizer.json"
    said = json.loads(path.read_text("utf-8"))
    vocabulary = said["model"]["vocab"]
    vocabulary["the"], vocabulary["was"] = vocabulary["was"], vocabulary["the"]
    path.write_text(json.dumps(said), "utf-8")
    (model,) = verify(open_site(small), sample=1, given={"sentiment": str(folder)}).models
    assert model.says.startswith("the tokenizer at hand")
    assert not model.good


def test_numbers_that_were_changed_with_the_manifest_are_found(copied: Path) -> None:
    """A head of one text looks elsewhere: rows still sum to 1."""
    path = copied / "data/sentiment/river.safetensors"
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    arrays = load_file(path)
    arrays["attention.self"][1, 2] = arrays["attention.self"][1, 2][:, ::-1]
    save_file(arrays, path, metadata)
    renewed(copied)
    (model,) = verify(open_site(copied), sample=2).models
    assert [line for line in model.wrong if line.startswith("attention differs by")]


def test_an_edited_finding_is_found(copied: Path) -> None:
    path = copied / "data/findings.json"
    findings = json.loads(path.read_text("utf-8"))
    findings[2]["value"] = 41.5
    path.write_text(json.dumps(findings), "utf-8")
    renewed(copied)
    found = verify(open_site(copied), sample=1)
    assert not found.good
    assert findings[2]["id"] in "\n".join(map(str, found.check.problems))


def test_an_edited_answer_of_a_model_is_found_when_all_is_run(copied: Path) -> None:
    """What was asked of the model travels with the data, so only the model can tell."""
    path = copied / "data/sentiment/results.json"
    said = json.loads(path.read_text("utf-8"))
    for finding in said["results"]["repeated_tokens"]["findings"]:
        finding["value"] = 0.77
    path.write_text(json.dumps(said), "utf-8")
    findings = json.loads((copied / "data/findings.json").read_text("utf-8"))
    changed = [one for one in findings if one["analysis"] == "repeated_tokens"]
    for one in changed:
        one["value"] = 0.77
    (copied / "data/findings.json").write_text(json.dumps(findings), "utf-8")
    renewed(copied)
    (model,) = verify(open_site(copied), sample=None).models
    assert changed
    assert all(any(one["id"] in line for line in model.wrong) for one in changed)


def test_weights_that_are_not_at_hand_are_said(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied / "atlas.json"
    atlas = json.loads(path.read_text("utf-8"))
    atlas["models"][0] |= {"source": "object"}
    path.write_text(json.dumps(atlas), "utf-8")
    renewed(copied)
    assert run(["verify", str(copied), "-q"]) == 1
    said = capsys.readouterr().out
    assert "sentiment: not run, its weights are not at hand: its numbers come from" in said
    assert "-m sentiment=FOLDER" in said


def test_the_command_says_what_it_compared(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(small), "--sample", "1", "-q", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["models"][0]["largest"]["attention"] == 0
    assert run(["verify", str(small), "-m", "sentiment"]) == 2


def test_a_site_with_hidden_words_can_be_verified(small: Path, tmp_path: Path) -> None:
    corpus = small.parent / "lines.toml"
    words = ["build", str(corpus), "-m", "sentiment", "-o", str(tmp_path / "site"), "-q"]
    words += ["--store", str(small.parent / "store"), "--redact", "river|film"]
    assert run([*words, "--without", "twins"]) == 0
    found = verify(open_site(tmp_path / "site"), sample=None)
    assert found.good
    assert found.models[0].largest["attention"] == 0
