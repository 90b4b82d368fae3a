"""Untrained copies: what they are, what stands beside a finding, and that none need be run."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import torch
from attnatlas.build import build_site
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, Record
from attnatlas.models import UntrainedModel, load_model, resolve_model
from attnatlas.report import Silence
from attnatlas.results.levels import Claim
from attnatlas.results.shapes import Finding, Result
from attnatlas.results.untrained import (
    Untrained,
    untrained_from,
    untrained_from_json,
    untrained_to_json,
)
from attnatlas.sources import CapturedRecord
from attnatlas.sources.untrained import RECORDS, spread


class Heard(Silence):
    def __init__(self):
        self.notes, self.stages = [], []

    def note(self, sentence):
        self.notes.append(sentence)

    def stage(self, label, length):
        self.stages.append((label, length))
        return super().stage(label, length)


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """Six texts on the embedded sentiment model, read by its copies, too; and the settings."""
    root = tmp_path_factory.mktemp("copies")
    settings = Settings(
        corpora=("reviews",), models=("sentiment",), limit=6, output=root / "site",
        store=root / "store", numbers="float32",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        heard = Heard()
        build_site(settings, progress=heard)
    return settings, heard


def findings(folder: Path):
    return {
        (one["model"], one["key"]): one
        for one in json.loads((folder / "data" / "findings.json").read_text("utf-8"))
    }


@pytest.mark.parametrize("name", ["bert", "gpt2", "bart"])
def test_a_copy_has_the_same_shape_and_nothing_of_what_was_learnt(models, name):
    settings = Settings()
    source = resolve_model(models[name], settings)
    trained = load_model(source, settings)
    with torch.no_grad():
        for weight in trained.model.parameters():
            weight.add_(7.0)  # as far from any beginning as training could lead
    copies = [UntrainedModel(trained, seed).load(settings) for seed in (0, 1, 0)]
    states = [copy.model.state_dict() for copy in copies]
    assert [type(copy.model) for copy in copies] == [type(trained.model)] * 3
    assert states[0].keys() == trained.model.state_dict().keys()
    assert copies[0].task == trained.task
    matrices = [n for n, w in states[0].items() if w.dim() > 1 and w.dtype.is_floating_point]
    differ = [not torch.equal(states[0][name], states[1][name]) for name in matrices]
    assert sum(differ) / len(differ) > 0.8
    assert all(torch.equal(states[0][name], states[2][name]) for name in matrices)
    assert max(float(states[0][name].abs().mean()) for name in matrices) < 1
    assert not copies[0].model.training


def test_copies_are_pinned_by_config_tokenizer_and_seed_and_not_by_weights(models):
    source = resolve_model(models["bert"], Settings())
    other = replace(source, info=replace(source.info, weights_sha256="0" * 64))
    wider = replace(source, config={**source.config, "hidden_size": 8})
    pins = [UntrainedModel(of, seed).fingerprint() for of in (source, other) for seed in (0, 1)]
    assert pins[:2] == pins[2:]
    assert len(set(pins)) == 2
    assert UntrainedModel(wider, 0).fingerprint() not in pins


def test_what_copies_give_stands_beside_each_finding_of_a_model(six):
    settings, heard = six
    found = findings(settings.output)
    own = [one for (model, _), one in found.items() if model == "sentiment"]
    assert own
    assert all(len(one["twin"]) == 2 for one in own if one["level"] == "holds")
    agreement = found["sentiment", "agreement-flow-integrated_gradients"]
    assert all(value < agreement["value"] for value in agreement["twin"])
    reported = [one for one in found.values() if one["page"].startswith("reports/")]
    assert reported
    assert {one["twin"] for one in reported} == {None}
    assert heard.notes[0].startswith("2 untrained copies of the model read 6 texts each")
    atlas = json.loads((settings.output / "atlas.json").read_text("utf-8"))
    assert [one["untrained"] for one in atlas["models"]] == [{"seeds": [0, 1], "records": 6}]
    page = (settings.output / "models" / "sentiment.html").read_text("utf-8")
    assert "untrained copies: " in page
    assert not list(settings.output.rglob("*untrained*copy*"))


def test_copies_are_run_once(six, tmp_path):
    settings, _ = six
    heard = Heard()
    build_site(replace(settings, output=tmp_path / "again"), progress=heard)
    assert not [label for label, _ in heard.stages if label.startswith(("reading", "asking"))]
    assert findings(tmp_path / "again") == findings(settings.output)


def test_a_site_from_arrays_has_what_the_copies_gave(six, tmp_path):
    settings, _ = six
    again = Settings(
        arrays=settings.output / "data", output=tmp_path / "site", store=tmp_path / "store",
        numbers="float32",
    )  # fmt: skip
    build_site(again)
    assert findings(tmp_path / "site") == findings(settings.output)


def test_without_copies_a_verdict_says_so(six, tmp_path):
    settings, _ = six
    heard = Heard()
    build_site(replace(settings, output=tmp_path / "site", without=("twins",)), progress=heard)
    assert not any("untrained" in note for note in heard.notes)
    assert {one["twin"] for one in findings(tmp_path / "site").values()} == {None}
    page = (tmp_path / "site" / "models" / "sentiment.html").read_text("utf-8")
    assert "no untrained copy was run" in page


def test_without_asking_the_model_only_attention_is_left(six, tmp_path):
    settings, _ = six
    out = tmp_path / "site"
    assert run([
        "build", "reviews", "-m", "sentiment", "--limit", "6", "-q", "-o", str(out), "--store",
        str(settings.store), "--without", "asking-the-model", "--without", "similarity",
    ]) == 0  # fmt: skip
    known = {one["analysis"] for one in findings(out).values()}
    assert {"profile", "habits"} <= known
    assert not known & {"agreement", "anchors", "faithfulness", "repeated_tokens", "similarity"}


def test_what_cannot_be_left_out_is_refused(capsys, tmp_path):
    words = ["build", "-o", str(tmp_path / "site"), "--without", "profil"]
    assert run(words) == 2
    assert "--without 'profil' is not an analysis that can be left out" in capsys.readouterr().err


def test_results_of_copies_are_those_of_the_claim_and_survive_json():
    claimed = Finding("a", "A.", value=0.9, claim=Claim(0.5, (0.4, 0.6), (0.0, 0.0), 0.1))
    copies = [
        {"x": Result("x", findings=(replace(claimed, claim=replace(claimed.claim, value=v)),))}
        for v in (0.1, 0.45)
    ]
    known = untrained_from((0, 1), 3, copies)
    assert known.values == {"x": {"a": (0.1, 0.45)}}
    assert untrained_from_json(json.loads(json.dumps(untrained_to_json(known)))) == known
    other = Finding("b", "B.", value=1.0)
    said = known.beside(Result("x", findings=(claimed, other))).findings
    assert [(one.twin, one.level) for one in said] == [
        ((0.1, 0.45), "described"),
        ((), "described"),
    ]
    assert (
        Untrained((0,), 1, {}).beside(Result("x", findings=(claimed,))).findings[0].level == "holds"
    )


def test_a_sample_is_even_and_keeps_groups_together():
    records = tuple(
        Record(f"r{n}", "t", group=f"g{n // 4}" if n < 40 else None) for n in range(120)
    )
    corpus = Corpus("c", "c", "", "", "", None, records, (), "0")
    readings = [CapturedRecord(None, corpus, record, record.id) for record in records]
    readings = [replace(one, model=type("M", (), {"name": "m"})()) for one in readings]
    taken = [one.record for one in spread(readings)]
    assert RECORDS <= len(taken) < RECORDS + 4
    groups = [record.group for record in taken if record.group]
    assert all(groups.count(group) == 4 for group in groups)
    assert {int(record.id[1:]) // 40 for record in taken} == {0, 1, 2}
    assert spread(readings[:RECORDS]) == readings[:RECORDS]


def test_what_is_written_matches_its_schema(six):
    settings, _ = six
    from importlib.resources import files

    for name, path in (
        ("findings", settings.output / "data" / "findings.json"),
        ("results", next((settings.output / "data").rglob("results.json"))),
    ):
        schema = json.loads(files("attnatlas.schemas").joinpath(f"{name}.schema.json").read_text())
        jsonschema.validate(json.loads(path.read_text("utf-8")), schema)
