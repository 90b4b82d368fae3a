"""A site in a bag is what BagIt and RO-Crate say, and whole in years."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import bagit
import pytest
import yaml
from attnatlas.cli import run
from attnatlas.corpus import load_corpus
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from attnatlas.site.manifest import is_whole
from rocrate.rocrate import ROCrate


@pytest.fixture(scope="module")
def bag(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small site in a bag."""
    target = tmp_path_factory.mktemp("bags") / "bag"
    assert run(["export", str(small), "--bag", "-o", str(target)]) == 0
    return target


def test_the_bag_is_valid(bag: Path) -> None:
    found = bagit.Bag(str(bag))
    assert found.version_info == (1, 0)
    assert found.is_valid()
    assert found.info["Payload-Oxum"]
    assert is_whole(bag / "data" / "site")


def test_a_changed_byte_makes_the_bag_invalid(bag: Path, tmp_path: Path, small: Path) -> None:
    target = tmp_path / "bag"
    assert run(["export", str(small), "--bag", "-o", str(target)]) == 0
    page = target / "data" / "site" / "index.html"
    page.write_bytes(page.read_bytes()[:-1] + b" ")
    assert not bagit.Bag(str(target)).is_valid()


def test_the_payload_is_an_ro_crate(bag: Path) -> None:
    crate = ROCrate(bag / "data")
    root = crate.root_dataset
    assert root["name"] == "Two lines"
    assert root["license"][0]["name"] == "CC0-1.0"
    assert root["datePublished"] == "2025-10-09"
    for entity in crate.data_entities:
        assert (bag / "data" / entity.id).exists(), entity.id
    build = crate.dereference("#build")
    assert build["instrument"]["name"] == "attnatlas"
    assert {one.id for one in build["object"]} == {
        "corpus/lines.jsonl",
        "models/sentiment.json",
        "settings.json",
    }
    assert "site/data/sentiment/river.safetensors" in {one.id for one in crate.data_entities}


def test_what_the_site_was_made_of_is_in_the_bag(bag: Path) -> None:
    corpus = load_corpus(bag / "data" / "corpus" / "lines.jsonl")
    assert [record.id for record in corpus.records] == ["river", "film"]
    model = json.loads((bag / "data" / "models" / "sentiment.json").read_text("utf-8"))
    assert len(model["weights_sha256"]) == 64
    citation = yaml.safe_load((bag / "data" / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["title"] == "Two lines"
    pins = (bag / "data" / "environment.txt").read_text("utf-8")
    assert "torch==" in pins
    assert "compliant" not in "".join(
        path.read_text("utf-8").lower()
        for path in [*bag.glob("*.txt"), *(bag / "data").glob("*.*")]
    )


def test_a_zip_of_the_bag_is_the_same_every_time_and_checked(
    bag: Path, small: Path, tmp_path: Path
) -> None:
    for name in ("one.zip", "two.zip"):
        assert run(["export", str(small), "--bag", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert bagit.Bag(str(tmp_path / "out" / "lines-bag")).is_valid()
    for form in (bag, tmp_path / "one.zip"):
        report = check(open_site(form), recompute=False)
        assert report.form == "bag"
        assert report.problems == ()


def test_a_bag_goes_into_no_folder_that_is_there(
    bag: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(small), "--bag", "-o", str(bag)]) == 2
    assert "is there already" in capsys.readouterr().err
