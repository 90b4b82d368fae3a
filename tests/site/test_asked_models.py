"""What a model itself was asked: on its page, in its files, in the store, and built from again."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses import importance, repeated_tokens
from attnatlas.arrays import read_arrays
from attnatlas.build import BuildReport, build_site
from attnatlas.cli import cli
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.models import load_model, resolve_model
from click.testing import CliRunner

from tests.capture.tiny import tiny_model
from tests.site.links import broken_links


@pytest.fixture(scope="module")
def asked(tmp_path_factory, corpus) -> tuple[BuildReport, Settings]:
    """A site of a tiny decoder whose heads were silenced one by one."""
    folder = tmp_path_factory.mktemp("asked")
    settings = Settings(
        corpora=(corpus,),
        models=(str(tiny_model(folder / "gpt2", "gpt2")),),
        output=folder / "site",
        store=folder / "store",
        numbers="float32",
        also=("importance",),
        strict=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        return build_site(settings), settings


def model_page(folder: Path) -> str:
    return unescape((folder / "models" / "gpt2.html").read_text())


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_page_of_the_model_says_what_was_found(asked):
    report, settings = asked
    assert broken_links(report.output) == []
    page = model_page(report.output)
    loaded = load_model(resolve_model(settings.models[0], settings), settings)
    for finding in repeated_tokens.compute(loaded).findings:
        assert finding.statement.rpartition(";")[2] in page
    assert "Heads that look for an earlier copy" in page
    assert '"importance"' in page
    findings = json.loads((report.output / "data" / "findings.json").read_text())
    ids = {finding["id"] for finding in findings}
    assert {"gpt2-twice-loss", "gpt2-self-twice-induction"} <= ids
    assert "gpt2-self-importance-habits" in ids


def test_results_json_holds_what_the_model_showed_without_records(asked):
    report, _ = asked
    found = json.loads((report.output / "data" / "gpt2" / "results.json").read_text())
    assert found["model"] == "gpt2"
    [grid] = found["results"]["repeated_tokens"]["grids"]
    assert np.shape(grid["values"]) == (len(repeated_tokens.METRICS), 3, 4)


def test_the_numbers_of_importance_are_in_the_data_files(asked):
    report, _ = asked
    for entry in read_arrays(report.output / "data"):
        found = entry.results["importance"]
        assert found["version"] == importance.ANALYSIS.version
        assert np.shape(found["grids"][0]["values"]) == (1, 3, 4)


def test_pages_are_written_again_without_the_model(asked, tmp_path, monkeypatch):
    report, settings = asked
    monkeypatch.setattr("attnatlas.models.load_model", None)
    again = build_site(replace(settings, output=tmp_path / "again"))
    assert tree(again.output) == tree(report.output)


def test_arrays_bring_back_what_was_asked_of_the_model(asked, tmp_path):
    report, _ = asked
    again = build_site(
        Settings(
            arrays=report.output / "data",
            output=tmp_path / "site",
            store=tmp_path / "store",
            numbers="float32",
        )
    )
    ours, theirs = tree(report.output), tree(again.output)
    assert ours.keys() == theirs.keys()
    receipts = {"about.html", "atlas.json", "manifest-sha256.txt", ".attnatlas-site"}
    assert {url for url in ours if ours[url] != theirs[url]} <= receipts


@pytest.mark.parametrize("text", ["{", '{"model": "gpt2", "results": {"repeated_tokens": %s}}'])
def test_a_file_that_was_changed_is_one_sentence(asked, tmp_path, text):
    report, _ = asked
    shutil.copytree(report.output / "data", tmp_path / "data")
    version = json.dumps({"version": repeated_tokens.ANALYSIS.version, "grids": 3, "scores": []})
    path = tmp_path / "data" / "gpt2" / "results.json"
    path.write_text(text.replace("%s", version))
    settings = Settings(arrays=tmp_path / "data", output=tmp_path / "s", store=tmp_path / "t")
    with pytest.raises(InputError, match=r"results\.json") as error:
        build_site(settings)
    assert "\n" not in error.value.message


def test_a_probe_that_fails_is_said_on_the_page_of_the_model(asked, tmp_path, monkeypatch):
    _, settings = asked
    monkeypatch.setattr(
        "attnatlas.probes.repeated.framing", lambda tokenizer: tokenizer.no_such_name()
    )
    given = replace(settings, output=tmp_path / "s", store=tmp_path / "t", strict=False, also=())
    page = model_page(build_site(given).output)
    assert "This could not be computed for this model" in page
    assert "no_such_name" in page


def test_the_command_adds_both(asked, corpus, tmp_path):
    _, settings = asked
    words = ["build", corpus, "-m", settings.models[0], "-o", str(tmp_path / "site")]
    words += ["--store", str(settings.store), "--also", "importance", "--also", "value_zeroing"]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    page = unescape(next((tmp_path / "site" / "records" / "gpt2").glob("*.html")).read_text())
    assert "Value zeroing: what a token takes from the others" in page
    assert "Importance: the answer without one head" in page
    assert list((tmp_path / "site" / "maps").rglob("*value_zeroing*"))
