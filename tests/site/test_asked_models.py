"""What a model itself was asked: on its page, in its files, in the store, and built from again."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from attnatlas.analyses import repeated_tokens
from attnatlas.analyses.importance import record as importance
from attnatlas.build import build_site
from attnatlas.cli import cli
from attnatlas.config import Settings
from attnatlas.data.record_files import read_arrays
from attnatlas.engine import compute
from attnatlas.errors import InputError
from attnatlas.models import load_model, resolve_model
from attnatlas.report import Silence
from attnatlas.sources import ArraysSource, gather
from click.testing import CliRunner

from tests.capture.tiny import tiny_model
from tests.site.links import broken_links


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> tuple[Path, Settings]:
    """A site of a tiny decoder that the command was told to take apart."""
    folder = tmp_path_factory.mktemp("asked")
    corpus = folder / "two.txt"
    corpus.write_text("The bank of the river.\nThe nurse was late.\n")
    settings = Settings(
        corpora=(str(corpus),),
        models=(str(tiny_model(folder / "gpt2", "gpt2")),),
        output=folder / "site",
        store=folder / "store",
        numbers="float32",
        also=("importance", "value_zeroing"),
    )
    words = ["build", str(corpus), "-m", settings.models[0], "-o", str(settings.output)]
    words += ["--store", str(settings.store), "--numbers", "float32", "--strict"]
    words += ["--also", "importance", "--also", "value_zeroing"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return settings.output, settings


def model_page(folder: Path) -> str:
    return unescape((folder / "models" / "gpt2.html").read_text())


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_page_of_the_model_says_what_was_found(asked):
    site, settings = asked
    assert broken_links(site) == []
    page = model_page(site)
    loaded = load_model(resolve_model(settings.models[0], settings), settings)
    for finding in repeated_tokens.compute(loaded).findings:
        assert finding.statement in unescape(re.sub("<[^>]*>", "", page))
    assert "Heads that look for an earlier copy" in page
    assert '"importance"' in page
    findings = json.loads((site / "data" / "findings.json").read_text())
    ids = {finding["id"] for finding in findings}
    assert {"gpt2-twice-loss", "gpt2-self-twice-induction"} <= ids
    assert "gpt2-self-importance-habits" in ids


def test_results_json_holds_what_the_model_showed_without_records(asked):
    site, _ = asked
    found = json.loads((site / "data" / "gpt2" / "results.json").read_text())
    schema = json.loads(files("attnatlas.schemas").joinpath("results.schema.json").read_text())
    jsonschema.validate(found, schema)
    broken = json.loads(json.dumps(found))
    broken["results"]["repeated_tokens"]["grids"][0]["values"][0][0] = "high"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)
    assert found["model"] == "gpt2"
    [grid] = found["results"]["repeated_tokens"]["grids"]
    assert np.shape(grid["values"]) == (len(repeated_tokens.METRICS), 3, 4)


def test_the_numbers_of_importance_are_in_the_data_files(asked):
    site, _ = asked
    for entry in read_arrays(site / "data"):
        found = entry.results["importance"]
        assert found["version"] == importance.ANALYSIS.version
        assert np.shape(found["grids"][0]["values"]) == (1, 3, 4)


def test_the_page_of_a_record_says_what_was_added(asked):
    site, _ = asked
    page = unescape(next((site / "records" / "gpt2").glob("*.html")).read_text())
    assert "Value zeroing: what a token takes from the others" in page
    assert "Importance: the answer without one head" in page
    assert '"value_zeroing":"Value zeroing"' in page


def test_arrays_bring_back_what_was_asked_of_the_model(asked, tmp_path):
    site, settings = asked
    again = build_site(
        Settings(
            arrays=site / "data", output=tmp_path / "site", store=settings.store, numbers="float32"
        )
    )
    ours, theirs = tree(site), tree(again.output)
    assert ours.keys() == theirs.keys()
    receipts = {"about.html", "atlas.json", "manifest-sha256.txt", "manifest.js", ".attnatlas-site"}
    assert {url for url in ours if ours[url] != theirs[url]} <= receipts


@pytest.mark.parametrize("text", ["{", '{"model": "gpt2", "results": {"repeated_tokens": %s}}'])
def test_a_file_that_was_changed_is_one_sentence(asked, tmp_path, text):
    site, _ = asked
    shutil.copytree(site / "data", tmp_path / "data")
    version = json.dumps({"version": repeated_tokens.ANALYSIS.version, "grids": 3, "scores": []})
    (tmp_path / "data" / "gpt2" / "results.json").write_text(text.replace("%s", version))
    source = ArraysSource(tmp_path / "data")
    with pytest.raises(InputError, match=r"results\.json") as error:
        source.given_of_model(source.models[0])
    assert "\n" not in error.value.message


def test_a_model_is_asked_once(asked, monkeypatch):
    _, settings = asked
    monkeypatch.setattr("attnatlas.models.load_model", None)  # the store has it all
    kept = compute(gather(settings), settings, Silence())
    assert kept.unread == {}
    assert "repeated_tokens" in kept.model(kept.models[0]).results


def test_a_probe_that_fails_is_said_on_the_page_of_the_model(asked, tmp_path, monkeypatch):
    _, settings = asked
    monkeypatch.setattr("attnatlas.probes.repeated.framing", lambda tokenizer: tokenizer.no_such())
    given = replace(settings, output=tmp_path / "s", store=tmp_path / "store", also=())
    page = model_page(build_site(given).output)
    assert "This could not be computed for this model" in page
    assert "no_such" in page
