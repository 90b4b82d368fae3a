"""A site from end to end: what it holds, that it is exact, and that nothing is done twice."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import torch
from attnatlas.build import BuildReport, build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import read_arrays
from attnatlas.errors import InputError
from safetensors.numpy import load_file
from transformers import AutoModelForSeq2SeqLM, BartConfig, BertModel, GPT2Model

from tests.site.links import broken_links


def settings_of(built: BuildReport, corpus: str, models: dict[str, str], store: Path, **other):
    settings = Settings(
        corpora=(corpus,),
        models=tuple(models.values()),
        output=built.output,
        store=store / "store",
        numbers="float32",
    )
    return replace(settings, **other)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_link_of_the_site_leads_somewhere(built):
    assert broken_links(built.output) == []


def test_the_site_holds_what_atlas_json_says_and_it_matches_its_schema(built):
    atlas = json.loads((built.output / "atlas.json").read_text())
    schema = json.loads(files("attnatlas.schemas").joinpath("atlas.schema.json").read_text())
    jsonschema.validate(atlas, schema)
    assert len(atlas["captures"]) == 9
    for capture in atlas["captures"]:
        assert (built.output / capture["page"]).is_file()
        assert (built.output / capture["data"]).is_file()


def test_the_manifest_lists_every_file_with_its_hash(built):
    lines = (built.output / "manifest-sha256.txt").read_text().splitlines()
    listed = {url: digest for digest, _, url in (line.partition("  ") for line in lines)}
    found = tree(built.output)
    assert {url for url in found if url not in listed} == {
        "manifest-sha256.txt",
        "manifest.js",
        ".attnatlas-site",
    }
    assert all(found[url] == digest for url, digest in listed.items())


@pytest.fixture
def one_thread():
    """As small models are read: sums in another order may differ in their last bit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def hf_attention(folder: str, architecture, ids: list[int]) -> np.ndarray:
    model = architecture.from_pretrained(folder, attn_implementation="eager").eval()
    with torch.inference_mode():
        out = model(torch.tensor([ids]), output_attentions=True)
    return torch.stack(out.attentions)[:, 0].numpy()


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(("name", "architecture"), [("bert", BertModel), ("gpt2", GPT2Model)])
def test_numbers_are_bit_equal_to_eager_attention(built, models, name, architecture):
    seen = 0
    for entry in read_arrays(built.output / "data"):
        if entry.capture.model.name == Path(models[name]).name:
            ids = [token.id for token in entry.capture.maps[0].queries]
            expected = hf_attention(models[name], architecture, ids)
            assert np.array_equal(entry.capture.maps[0].weights, expected)
            seen += 1
    assert seen == 3


@pytest.mark.usefixtures("one_thread")
def test_encoder_decoder_numbers_are_bit_equal_to_eager_attention(built, models):
    assert BartConfig.from_pretrained(models["bart"]).is_encoder_decoder
    folder = models["bart"]
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager").eval()
    seen = 0
    for entry in read_arrays(built.output / "data"):
        if entry.capture.model.family != "encoder-decoder":
            continue
        maps = {m.kind: m for m in entry.capture.maps}
        source = torch.tensor([[token.id for token in maps["encoder"].queries]])
        inputs = torch.tensor([[token.id for token in maps["decoder"].queries]])
        with torch.inference_mode():
            out = model(input_ids=source, decoder_input_ids=inputs, output_attentions=True)
        for kind, expected in (
            ("encoder", out.encoder_attentions),
            ("decoder", out.decoder_attentions),
            ("cross", out.cross_attentions),
        ):
            assert np.array_equal(maps[kind].weights, torch.stack(expected)[:, 0].numpy()), kind
        seen += 1
    assert seen == 3


def test_heads_csv_has_the_promised_columns_and_full_precision(built):
    columns = (
        "kind layer head role entropy confidence confidence_nospecial distance previous next self "
        "first delimiter punctuation induction duplicate sink queries records "
        "rest working_role working_score working_low working_high working_n"
    )
    for path in (built.output / "data").glob("*/heads.csv"):
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert " ".join(rows[0]) == columns
        entropies = []
        for data in sorted(path.parent.glob("*.safetensors")):
            kind = rows[0]["kind"]
            weights = load_file(data)[f"attention.{kind}"].astype(np.float64)
            logs = np.log(weights, where=weights > 0, out=np.zeros_like(weights))
            entropies.append(-(weights * logs).sum(-1).mean(-1)[0, 0])
        assert float(rows[0]["entropy"]) == pytest.approx(np.mean(entropies), rel=1e-9)


def test_an_unchanged_build_does_nothing_and_loads_no_torch(built, corpus, models, store):
    before = {path: path.stat().st_mtime_ns for path in built.output.rglob("*")}
    script = (
        "import sys; from attnatlas.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "heavy = {'torch', 'transformers', 'altair', 'jinja2', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    words = ["build", corpus, "--numbers", "float32", "-o", str(built.output)]
    words += ["--store", str(store / "store")]
    for folder in models.values():
        words += ["-m", folder]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing has changed" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in built.output.rglob("*")} == before


def test_rendering_again_from_the_store_gives_the_same_bytes_without_torch(
    built, corpus, models, store, tmp_path
):
    script = (
        "import sys; from attnatlas.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "assert 'torch' not in sys.modules"
    )
    words = ["build", corpus, "--numbers", "float32", "-o", str(tmp_path / "again")]
    words += ["--store", str(store / "store")]
    for folder in models.values():
        words += ["-m", folder]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "again") == tree(built.output)


def test_a_damaged_site_is_built_again(built, corpus, models, store):
    page = built.output / "about.html"
    text = page.read_text()
    page.write_text("gone")
    report = build_site(settings_of(built, corpus, models, store))
    assert not report.unchanged
    assert page.read_text() == text


def test_arrays_make_the_same_pages_without_a_model(built, tmp_path):
    report = build_site(
        Settings(
            arrays=built.output / "data",
            output=tmp_path / "site",
            store=tmp_path / "store",
            numbers="float32",
        )
    )
    assert report.records == 3
    assert broken_links(report.output) == []
    ours, theirs = tree(built.output), tree(report.output)
    assert ours.keys() == theirs.keys()
    receipts = {"about.html", "atlas.json", "manifest-sha256.txt", "manifest.js", ".attnatlas-site"}
    assert {url for url in ours if ours[url] != theirs[url]} == receipts


def test_bring_your_own_arrays_in_their_simplest_form(tmp_path):
    from safetensors.numpy import save_file

    weights = np.full((2, 3, 4, 4), 0.25, np.float32)
    header = {
        "record": {"id": "mine", "text": "one two three four"},
        "model": {"name": "my-model", "family": "encoder"},
        "tokens": {"self": {"queries": ["one", "two", "three", "four"]}},
    }
    header["tokens"]["self"]["keys"] = header["tokens"]["self"]["queries"]
    (tmp_path / "arrays").mkdir()
    save_file(
        {"attention.self": weights},
        tmp_path / "arrays" / "mine.safetensors",
        metadata={"attnatlas": json.dumps(header)},
    )
    settings = Settings(
        arrays=tmp_path / "arrays", output=tmp_path / "site", store=tmp_path / "store"
    )
    report = build_site(settings)
    assert report.records == 1
    assert broken_links(report.output) == []
    rollout = load_file(report.output / "data" / "my-model" / "mine.safetensors")["rollout.self"]
    assert np.allclose(rollout[0], 0.5 * np.eye(4) + 0.125)


def test_a_bad_record_is_skipped_and_listed(models, tmp_path):
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"id": "good", "text": "The bank."}\n{"id": "bad"}\n')
    settings = Settings(
        corpora=(str(path),),
        models=(models["bert"],),
        output=tmp_path / "site",
        store=tmp_path / "store",
    )
    report = build_site(settings)
    assert [item.where for item in report.skipped]
    atlas = json.loads((report.output / "atlas.json").read_text())
    assert len(atlas["provenance"]["skipped"]) == 1
    reason = atlas["provenance"]["skipped"][0]["reason"]
    assert reason in unescape((report.output / "index.html").read_text())
    with pytest.raises(InputError, match="line 2"):
        build_site(replace(settings, strict=True))


def test_a_loaded_model_and_records_from_memory(models, tmp_path):
    import attnatlas
    from transformers import AutoModel, AutoTokenizer

    report = attnatlas.build(
        ["The bank of the river.", {"id": "two", "text": "The nurse was late."}],
        AutoModel.from_pretrained(models["bert"]),
        AutoTokenizer.from_pretrained(models["bert"]),
        output=tmp_path / "site",
        store=tmp_path / "store",
    )
    assert report.records == 2
    assert broken_links(report.output) == []


def test_two_models_that_a_reader_could_not_tell_apart_are_refused(models, corpus, tmp_path):
    shutil.copytree(models["bert"], tmp_path / "copy" / "bert")
    both = (models["bert"], str(tmp_path / "copy" / "bert"))
    with pytest.raises(InputError, match="Two models are called 'bert'"):
        build_site(Settings(corpora=(corpus,), models=both, output=tmp_path / "site"))


def test_every_sentence_about_a_model_is_a_row_of_its_table(built) -> None:
    findings = json.loads((built.output / "data" / "findings.json").read_text("utf-8"))
    files = sorted((built.output / "models").glob("*.html"))
    for file in files:
        rows = file.read_text("utf-8").count('<td class="said">')
        assert rows == sum(one["page"] == f"models/{file.name}" for one in findings) > 0


def test_a_quoted_sentence_ends_in_one_full_stop(built) -> None:
    pages = [file.read_text("utf-8") for file in (built.output / "records").rglob("*.html")]
    said = [line for page in pages for line in re.findall(r'<p class="said">.*?</p>', page, re.S)]
    quoting = [line for line in said if "translat" in line]
    assert quoting
    assert not [line for line in quoting if re.search(r"[.!?…]</bdi></i>\.", line)]
