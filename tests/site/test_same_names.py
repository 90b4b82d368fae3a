"""Two corpora with the same file name and the same record ids: every page, number and link."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import (
    read_arrays,
)
from attnatlas.errors import InputError
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from tests.site.links import broken_links

ROWS = {
    "2024/reviews.csv": ["The bank of the river is muddy.", "A dull and slow film."],
    "2025/reviews.csv": ["The bank raised its interest rates.", "A warm and funny film."],
    "old/2025/reviews.csv": ["The bank was closed.", "A film of the river."],
}


@dataclass(frozen=True)
class Built:
    root: Path
    settings: Settings
    atlas: dict


@pytest.fixture(scope="module")
def several(models, tmp_path_factory) -> Built:
    root = tmp_path_factory.mktemp("several")
    for name, texts in ROWS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        rows = "".join(f"r{i},{text},bank\n" for i, text in enumerate(texts, 1))
        (root / name).write_text(f"id,text,tags\n{rows}", "utf-8")
    settings = Settings(
        corpora=tuple(str(root / name) for name in ROWS),
        models=(models["bert"], models["gpt2"]),
        output=root / "site",
        store=root / "store",
        numbers="float32",
    )
    build_site(settings)
    return Built(root, settings, json.loads((root / "site" / "atlas.json").read_text("utf-8")))


NAMES = {
    "2024/reviews.csv": "2024/reviews",
    "2025/reviews.csv": "several0/2025/reviews",
    "old/2025/reviews.csv": "old/2025/reviews",
}


def text_of(built: Built, corpus: str, record: str) -> str:
    found = [r for r in built.atlas["records"] if (r["corpus"], r["id"]) == (corpus, record)]
    assert len(found) == 1
    return found[0]["text"]


def test_atlas_json_names_each_corpus_and_every_file_is_there(several):
    schema = json.loads(files("attnatlas.schemas").joinpath("atlas.schema.json").read_text())
    jsonschema.validate(several.atlas, schema)
    captures = several.atlas["captures"]
    assert len(captures) == 12
    assert {capture["corpus"] for capture in captures} == set(NAMES.values())
    assert len({capture["page"] for capture in captures}) == 12
    assert len({capture["data"] for capture in captures}) == 12
    assert all((several.root / "site" / c["page"]).is_file() for c in captures)
    assert all((several.root / "site" / c["data"]).is_file() for c in captures)
    assert broken_links(several.root / "site") == []
    assert several.atlas["settings"]["corpora"] == [f"{name}.csv" for name in NAMES.values()]


def test_each_page_and_data_file_is_of_its_own_text(several):
    for name, texts in ROWS.items():
        for number, text in enumerate(texts, 1):
            assert text_of(several, NAMES[name], f"r{number}") == text
    for capture in several.atlas["captures"]:
        text = text_of(several, capture["corpus"], capture["record"])
        page = (several.root / "site" / capture["page"]).read_text("utf-8")
        assert f"<bdi>{capture['corpus']}</bdi>" in page
        with safe_open(several.root / "site" / capture["data"], "numpy") as file:
            header = json.loads(file.metadata()["attnatlas"])
        assert header["record"]["text"] == text
        assert header["corpus"]["name"] == capture["corpus"]


def test_the_numbers_are_those_of_each_corpus_built_alone(several, tmp_path):
    for name, called in NAMES.items():
        alone = replace(
            several.settings, corpora=(str(several.root / name),), output=tmp_path / "alone"
        )
        build_site(alone)
        atlas = json.loads((tmp_path / "alone" / "atlas.json").read_text("utf-8"))
        own = [c for c in several.atlas["captures"] if c["corpus"] == called]
        assert len(own) == len(atlas["captures"]) == 4
        for together, apart in zip(own, atlas["captures"], strict=True):
            assert (together["model"], together["record"]) == (apart["model"], apart["record"])
            arrays = load_file(several.root / "site" / together["data"])
            expected = load_file(tmp_path / "alone" / apart["data"])
            assert arrays.keys() == expected.keys()
            assert all(arrays[key].tobytes() == expected[key].tobytes() for key in arrays)


def test_the_same_word_in_texts_of_two_corpora_leads_to_both_pages(several):
    page = (several.root / "site" / several.atlas["models"][0]["page"]).read_text("utf-8")
    rows = page.partition('class="word-pairs')[2].partition("</table>")[0]
    assert rows.count('<a href="../records/') == 2 * rows.count('<th scope="row">') > 0


def test_its_arrays_make_the_same_site(several):
    output = several.root / "again"
    build_site(
        Settings(arrays=several.root / "site" / "data", output=output, numbers="float32",
                 store=several.root / "none")
    )  # fmt: skip
    atlas = json.loads((output / "atlas.json").read_text("utf-8"))
    assert atlas["captures"] == several.atlas["captures"]
    assert atlas["records"] == several.atlas["records"]


def with_corpus(source: Path, target: Path, **changed) -> None:
    with safe_open(source, "numpy") as file:
        header = json.loads(file.metadata()["attnatlas"])
    header["corpus"] |= changed.get("corpus", {})
    header["record"] |= changed.get("record", {})
    if "record" in changed:
        header.pop("results", None)  # they fit the text that they were made of
    header["model"] |= changed.get("model", {})
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(load_file(source), target, {"attnatlas": json.dumps(header)})


@pytest.mark.parametrize("apart", [True, False])
def test_arrays_of_two_corpora_with_one_name_are_told_apart(several, tmp_path, apart):
    arrays = tmp_path / "arrays"
    for number, capture in enumerate(several.atlas["captures"]):
        folder = capture["corpus"].replace("/", "-") if apart else "all"
        with_corpus(
            several.root / "site" / capture["data"],
            arrays / folder / f"{number}.safetensors",
            corpus={"name": "reviews"},
        )
    build_site(Settings(arrays=arrays, output=tmp_path / "site", store=tmp_path / "store"))
    atlas = json.loads((tmp_path / "site" / "atlas.json").read_text("utf-8"))
    names = {record["corpus"] for record in atlas["records"]}
    assert len(names) == 3
    assert len({capture["page"] for capture in atlas["captures"]}) == 12
    if apart:
        assert names == {f"{name.replace('/', '-')}/reviews" for name in NAMES.values()}
    for entry in read_arrays(tmp_path / "site" / "data"):
        found = [c for c in atlas["captures"] if c["data"].endswith(entry.path.name)]
        assert entry.corpus["name"] in {capture["corpus"] for capture in found}


def test_one_record_with_two_texts_is_refused(several, tmp_path):
    captures = several.atlas["captures"]
    first = captures[0]
    other = next(c for c in captures if c["model"] != first["model"]
                 and (c["corpus"], c["record"]) == (first["corpus"], first["record"]))  # fmt: skip
    shutil.copytree(several.root / "site" / "data", tmp_path / "data")
    data = tmp_path / Path(other["data"])
    with_corpus(
        data, data, record={"text": "Another text altogether, and a longer one than the first was."}
    )
    with pytest.raises(InputError, match=r"has other texts than in .*; give each record"):
        build_site(Settings(arrays=tmp_path / "data", output=tmp_path / "site"))
    assert not (tmp_path / "site").exists()


def test_two_models_with_one_name_are_refused(several, tmp_path):
    shutil.copytree(several.root / "site" / "data", tmp_path / "data")
    data = tmp_path / Path(several.atlas["captures"][0]["data"])
    with_corpus(data, data, model={"weights_sha256": "0" * 64})
    with pytest.raises(InputError, match=r"weights of model 'bert' are others"):
        build_site(Settings(arrays=tmp_path / "data", output=tmp_path / "site"))
