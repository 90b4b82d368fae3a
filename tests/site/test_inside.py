"""Scores and norms from the command line to the site and back, and as bytes for a page."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from attnatlas.cli import run
from attnatlas.data.record_files import read_arrays
from attnatlas.pages.packing import encode
from attnatlas.pages.record.page_data import pack_stack
from attnatlas.results.shapes import Matrix, Result
from safetensors import safe_open

from tests.capture.tiny import tiny_model


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models: dict[str, str]) -> Path:
    """A site with scores and norms of two families, and of one that cannot be looked into."""
    root = tmp_path_factory.mktemp("inside")
    closed = tiny_model(root / "closed", "bloom")
    (root / "two.txt").write_text("The bank of the river.\nShe was late.\n")
    words = ["build", str(root / "two.txt"), "--numbers", "float32", "--threads", "1", "-q"]
    words += ["--also", "scores", "--also", "norms"]
    for folder in (models["bert"], models["bart"], closed):
        words += ["-m", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        assert run([*words, "-o", str(root / "site"), "--store", str(root / "store")]) == 0
    return root / "site"


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_data_file_has_scores_and_norms_as_its_header_says(site: Path) -> None:
    schema = json.loads(files("attnatlas.schemas").joinpath("header.schema.json").read_text())
    seen = set()
    for path in sorted((site / "data").rglob("*.safetensors")):
        with safe_open(path, "numpy") as file:
            header = json.loads(file.metadata()["attnatlas"])
            jsonschema.validate(header, schema)
            names = set(file.keys())
            for kind in header["tokens"]:
                weights = file.get_tensor(f"attention.{kind}")
                if f"scores.{kind}" not in names:
                    assert header["model"]["model_type"] == "bloom"
                    continue
                seen.add(kind)
                scores = file.get_tensor(f"scores.{kind}")
                powers = np.exp(scores - scores.max(-1, keepdims=True))
                again = powers / powers.sum(-1, keepdims=True)
                np.testing.assert_allclose(again, weights, rtol=0, atol=1e-5)
                assert file.get_tensor(f"norms.{kind}").shape == weights.shape
                summed = file.get_tensor(f"norms.summed.{kind}")
                assert summed.shape == (weights.shape[0], *weights.shape[2:])
                assert header["results"]["scores"]["version"] == "1"
    assert seen == {"self", "encoder", "decoder", "cross"}


def test_a_site_with_scores_and_norms_is_made_again_from_its_arrays(
    site: Path, tmp_path: Path
) -> None:
    words = ["build", "--arrays", str(site / "data"), "--numbers", "float32", "-q"]
    assert run([*words, "-o", str(tmp_path / "site"), "--store", str(tmp_path / "store")]) == 0
    ours, theirs = tree(site), tree(tmp_path / "site")
    assert ours.keys() == theirs.keys()
    receipts = {"about.html", "atlas.json", "manifest-sha256.txt", "manifest.js", ".attnatlas-site"}
    differing = {url for url in ours if ours[url] != theirs[url]}
    closed = {url for url in differing if "closed" in url}
    assert differing - closed == receipts | {"data/findings.json"}
    assert computed(site) == computed(tmp_path / "site")


def test_scores_make_the_attention_that_a_site_rounds(tmp_path: Path) -> None:
    words = ["build", "reviews", "-m", "sentiment", "--limit", "1", "--also", "scores", "-q"]
    words += ["--without", "twins", "-o", str(tmp_path / "site"), "--store", str(tmp_path / "s")]
    assert run(words) == 0
    assert json.loads((tmp_path / "site" / "atlas.json").read_text("utf-8"))["failures"] == []


def computed(site: Path) -> list[dict[str, object]]:
    """Return the findings but for what could not be computed, which only a model can show."""
    found = json.loads((site / "data" / "findings.json").read_text("utf-8"))
    return [one for one in found if one["level"] is not None]


def test_a_model_that_cannot_be_looked_into_has_its_error_in_place(site: Path) -> None:
    [page, *_] = sorted((site / "records" / "closed").glob("*.html"))
    text = page.read_text("utf-8")
    assert text.count("the attention of a bloom model cannot be looked into") == 2
    assert 'id="inside"' not in text


def test_findings_compare_norms_with_attention(site: Path) -> None:
    found = {f["id"]: f for f in json.loads((site / "data" / "findings.json").read_text())}
    for kind, model in (("self", "bert"), ("decoder", "bart"), ("cross", "bart")):
        said = found[f"{model}-{kind}-norm-share"]
        assert said["n"] == 2
        assert (said["interval"], said["level"]) == (None, "described")  # of two texts
        assert 0 < said["value"] < 1
        assert "value-weighted norm" in said["statement"]
    entry = next(e for e in read_arrays(site / "data") if e.capture.model.name == "bert")
    part, norms = entry.capture.maps[0], entry.matrices["norms.self"]
    special = np.array([token.special for token in part.keys])
    rows = entry.results["norms"]["tables"]["shares"]["rows"]
    for layer, values in enumerate(zip(part.weights, norms, strict=True)):
        expected = [float((v[..., special].sum(-1) / v.sum(-1)).mean()) for v in values]
        assert rows[layer][3:5] == pytest.approx(expected, rel=1e-5)


def shown(stored: np.ndarray, signed: bool, most: np.ndarray) -> np.ndarray:
    """Return what the script of a page reads out of bytes."""
    if not signed:
        return (stored / 255.0) ** 2 * most
    return np.where(stored == 0, -np.inf, (stored.astype(float) - 128) / 127 * most)


def test_numbers_of_any_sign_and_size_come_back_from_their_bytes() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(scale=12, size=(2, 3, 5, 5)).astype(np.float32)
    scores[..., 0, 1:] = -np.inf
    scores[1, 2] = np.where(np.isfinite(scores[1, 2]), 0, -np.inf)
    stored, found = encode(scores)
    assert found is not None
    assert found.signed
    most = np.array(found.most)[..., None, None]
    assert most.shape == (2, 3, 1, 1)
    back = shown(stored, True, most)
    assert (np.isneginf(back) == np.isneginf(scores)).all()
    known = np.isfinite(scores)
    step = np.broadcast_to(most / 253, scores.shape)[known]
    assert (np.abs(back[known] - scores[known]) <= step).all()

    amounts = rng.gamma(1, 3, size=(2, 5, 5)).astype(np.float32)
    stored, found = encode(amounts)
    assert found is not None
    assert not found.signed
    assert found.most >= amounts.max()
    back = np.sqrt(shown(stored, False, np.array(found.most)) / found.most)
    assert np.abs(back - np.sqrt(amounts / found.most)).max() <= 0.51 / 255


def test_shares_are_stored_as_before_and_nothing_at_all_is_no_trouble() -> None:
    shares = np.full((2, 4, 4), 0.25, np.float32)
    stored, found = encode(shares)
    assert found is None
    assert (stored == round(255 * 0.5)).all()
    stored, found = encode(np.zeros((2, 4, 4), np.float32))
    assert found is not None
    assert not stored.any()


def test_a_stack_with_a_range_has_no_thumbnails() -> None:
    values = -np.ones((2, 3, 40, 40), np.float32)
    packed = pack_stack("self.scores", *encode(values))
    assert packed.overview is None
    assert packed.range is not None
    assert packed.heads
    assert Matrix("self", values, "summed").label == "summed.self"
    assert Result("x", matrices=(Matrix("self", values),)).matrices[0].label == "self"
