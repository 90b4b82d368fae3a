"""What is kept, under what, and what is tried again."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses.analysis import (
    Accumulation,
    Aggregate,
    Comparison,
    RecordAnalysis,
    RecordProbe,
)
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.corpus import Record, RecordError, Span
from attnatlas.data.record_files import read_arrays
from attnatlas.engine.keys import CLUSTER_FIELDS, many_key, record_key, seen, visible
from attnatlas.report import Silence
from attnatlas.results.shapes import Finding, Result
from attnatlas.sources import CapturedRecord

from tests.capture.tiny import tiny_model
from tests.plugins import installed

ROOT = Path(__file__).parents[2]
WORDS = dict.fromkeys(("title", "about", "reading", "limits", "cite"), "A word.")


class Heard(Silence):
    """Progress that remembers what was said."""

    def __init__(self):
        self.notes = []

    def note(self, sentence):
        self.notes.append(sentence)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    (folder / "three.txt").write_text("The bank of the river.\nThe nurse was late.\nA kettle.\n")
    return Settings(
        corpora=(str(folder / "three.txt"),),
        models=(str(tiny_model(folder / "gpt2", "gpt2")),),
        output=folder / "site",
        store=folder / "store",
        numbers="float32",
        without=("twins",),
    )


def apart(settings, folder, **changes):
    return replace(settings, output=folder / "site", store=folder / "store", **changes)


def statements(site):
    return [one["statement"] for one in json.loads((site / "data/findings.json").read_text())]


def test_a_changed_title_analyses_nothing_and_loads_no_heavy_library(given):
    build_site(given)
    before = statements(given.output)
    code = (
        "import sys; from pathlib import Path; from attnatlas.build import build_site\n"
        "from attnatlas.config import Settings\n"
        f"build_site(Settings(corpora={given.corpora!r}, models={given.models!r}, title='New',\n"
        f"  output=Path({str(given.output)!r}), store=Path({str(given.store)!r}),\n"
        "  numbers='float32', without=('twins',)))\n"
        "heavy = {'torch', 'transformers', 'scipy', 'captum', 'altair', 'vl_convert'}\n"
        "print(heavy & set(sys.modules) or 'set()')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert "New" in (given.output / "index.html").read_text("utf-8")
    assert statements(given.output) == before


def test_an_edited_source_gives_new_numbers_from_the_same_store(given, tmp_path):
    package = tmp_path / "attnatlas"
    left_out = shutil.ignore_patterns("__pycache__", "training")
    shutil.copytree(ROOT / "generator", package, ignore=left_out)
    for name in ("templates", "corpora"):
        shutil.copytree(ROOT / name, package / name, ignore=left_out)

    def built():
        words = [sys.executable, "-m", "attnatlas", "build", *given.corpora, "-m", *given.models]
        words += ["-o", str(tmp_path / "site"), "--store", str(tmp_path / "store")]
        subprocess.run(words, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, check=True)
        entry = next(read_arrays(tmp_path / "site" / "data"))
        return np.array(entry.saliency["gradient"])

    first = built()
    saliency = package / "analyses" / "saliency.py"
    saliency.write_text(
        saliency.read_text("utf-8")
        + "\n\ndef _larger(capture, loaded, results, plain=ANALYSIS.compute):\n"
        "    from dataclasses import replace\n"
        "    found = plain(capture, loaded, results)\n"
        "    larger = tuple(replace(one, values=one.values * 1000) for one in found.scores)\n"
        "    return replace(found, scores=larger)\n\n\n"
        "import dataclasses\n\nANALYSIS = dataclasses.replace(ANALYSIS, compute=_larger)\n",
        "utf-8",
    )
    np.testing.assert_allclose(built(), first * 1000, rtol=1e-4)


def test_the_key_changes_with_the_fields_that_an_analysis_reads_and_with_no_others():
    analysis = RecordAnalysis(name="x", **WORDS, compute=Result, fields=("candidates", "aspects"))
    record = Record("r", "The doctor saw the nurse.")
    reading = CapturedRecord(None, None, record, "capture")

    def key(**changes):
        changed = replace(reading, record=replace(record, **changes))
        return record_key(changed, analysis, analysis.fields, [])

    same = record_key(reading, analysis, analysis.fields, [])
    assert key(note="New", tags=("a",), id="other", label="x") == same
    assert key(candidates=(Span("nurse", 19),)) != same
    assert key(aspects=(Span("doctor", 4),)) != same
    assert record_key(reading, analysis, analysis.fields, ["a result before it"]) != same
    assert record_key(reading, replace(analysis, version="2"), analysis.fields, []) != same


def test_the_key_of_many_texts_changes_with_what_they_are_made_from():
    analysis = Aggregate(name="x", **WORDS, compute=Result)

    def key(**changes):
        record = replace(Record("r", "The doctor saw the nurse."), **changes)
        return many_key(analysis, [(CapturedRecord(None, None, record, "capture"), "results")])

    assert key(note="New", tags=("a",), variant="v") == key()
    assert len({key(), key(group="g"), key(frame="g"), key(group="g", frame="f")}) == 4
    assert visible(Record("r", "x", frame="f"), CLUSTER_FIELDS).frame == "f"


def test_an_analysis_sees_no_field_that_it_does_not_name():
    record = Record("r", "Text.", label="x", tags=("t",), group="g", note="n", prefix="p")
    shown = visible(record, ("group",))
    assert (shown.text, shown.prefix, shown.group) == ("Text.", "p", "g")
    assert (shown.id, shown.label, shown.tags, shown.note) == ("", None, (), None)


def test_what_the_input_explains_stays_and_what_may_pass_is_tried_again(given, tmp_path):
    settings, calls = apart(given, tmp_path), []

    def explained(capture, loaded, results):
        calls.append("explained")
        raise RecordError("there is nothing to ask")

    def passing(capture, loaded, results):
        calls.append("passing")
        if calls.count("passing") <= 3:
            raise RuntimeError("out of breath")
        return Result("passing", findings=(Finding("now", "It breathes."),))

    probes = (
        RecordProbe(name="explained", **WORDS, compute=explained),
        RecordProbe(name="passing", **WORDS, compute=passing),
    )
    with installed(*probes):
        first = build_site(settings)
        assert dict(first.failed) == {"explained": 3, "passing": 3}
        home = (settings.output / "index.html").read_text("utf-8")
        assert "This atlas is incomplete" in home
        second = build_site(settings)
        assert not second.unchanged
        assert dict(second.failed) == {"explained": 3}
        assert calls.count("explained") == 3
        assert calls.count("passing") == 6
        home = (settings.output / "index.html").read_text("utf-8")
        assert "This atlas is incomplete" not in home
        assert build_site(settings).unchanged
        build_site(replace(settings, title="New"))
        assert len(calls) == 9
    page = next((settings.output / "records" / "gpt2").glob("*.html")).read_text("utf-8")
    assert "there is nothing to ask" in page
    assert "It breathes." in page


def test_a_text_that_failed_once_is_read_when_the_model_is_sound_again(
    given, tmp_path, monkeypatch
):
    from attnatlas.capture import run

    read, settings = run.Run.read, apart(given, tmp_path)

    def failing(self, batch):
        if any("nurse" in entry.record.text for entry in batch):
            raise RuntimeError("a device hiccup")
        return read(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(run.Run, "read", failing)
        first = build_site(settings)
    assert (first.records, len(first.skipped)) == (2, 1)
    second = build_site(settings)
    assert not second.unchanged
    assert (second.records, second.skipped) == (3, ())
    assert build_site(settings).unchanged


@pytest.mark.parametrize("at", [0, 0.5, 1], ids=["length", "middle", "end"])
@pytest.mark.parametrize("folder", ["results", "captures"])
def test_a_flipped_byte_in_the_store_is_found_said_and_mended(given, tmp_path, folder, at):
    settings = apart(given, tmp_path)
    build_site(settings)
    before = statements(settings.output)
    for path in (settings.store / folder).glob("*.safetensors"):
        data = bytearray(path.read_bytes())
        data[int((len(data) - 1) * at)] ^= 1
        path.write_bytes(data)
    heard = Heard()
    report = build_site(replace(settings, title="New"), progress=heard)
    assert report.failed == ()
    assert statements(settings.output) == before
    assert any("damaged in the store" in sentence for sentence in heard.notes)


def test_a_capture_is_shown_without_hidden_fields_but_kept_whole(given):
    from tests.analyses.small_maps import capture, random_map

    one = capture(random_map("a b c"))
    whole = replace(one, record=replace(one.record, label="x"))
    assert seen(whole, ()).record.label is None
    assert seen(whole, ("label",)).record.label == "x"
    assert whole.record.label == "x"


def test_a_comparison_is_made_anew_when_what_it_lacked_is_there(given, tmp_path):
    settings, calls = apart(given, tmp_path), []

    def late(record_results):
        calls.append("late")
        if len(calls) == 1:
            raise RuntimeError("out of breath")
        return Result("late", findings=(Finding("now", "It breathes."),))

    def compare(every):
        [model] = every.models
        there = "late" in every.of_model(model)
        return Result("beside", findings=(Finding("saw", f"It saw the other: {there}."),))

    foreign = (
        Aggregate(name="late", **WORDS, compute=late),
        Comparison(name="beside", **WORDS, compute=compare),
    )
    with installed(*foreign):
        assert dict(build_site(settings).failed) == {"late": 1}
        assert "It saw the other: False." in statements(settings.output)
        assert build_site(settings).failed == ()
    assert "It saw the other: True." in statements(settings.output)


def test_an_accumulator_that_cannot_begin_takes_nothing_with_it(given, tmp_path):
    def begin():
        raise ZeroDivisionError("nothing to begin with")

    broken = Accumulation(
        name="broken", **WORDS, accumulate=begin, compute=lambda found, seen: Result("broken")
    )
    settings = apart(given, tmp_path)
    with installed(broken):
        assert dict(build_site(settings).failed) == {"broken": 1}
    assert "nothing to begin with" in (settings.output / "models" / "gpt2.html").read_text("utf-8")
