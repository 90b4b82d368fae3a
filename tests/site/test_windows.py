"""A site of texts that are too long, read as windows."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from attnatlas.build import BuildReport, build_site
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.data.record_files import read_arrays

from tests.site.links import broken_links

LONG = "The doctor told the nurse that she was late. " * 6
RECORDS = [
    {"id": "short", "text": "The bank of the river is muddy.", "target": "La rivière."},
    {"id": "long", "text": LONG, "target": "Elle.", "label": "negative", "mention": "she"},
]


@pytest.fixture(scope="module")
def settings(models: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("windows")
    return Settings(
        models=(models["bert"], models["bart"]),
        output=root / "site",
        store=root / "store",
        windows=20,
        max_tokens=40,
        numbers="float32",
    )


@pytest.fixture(scope="module")
def windowed(settings: Settings) -> BuildReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        return build_site(settings, records=RECORDS)


def test_all_models_read_the_same_windows_and_nothing_is_cut(windowed: BuildReport) -> None:
    atlas = json.loads((windowed.output / "atlas.json").read_text())
    schema = json.loads(files("attnatlas.schemas").joinpath("atlas.schema.json").read_text())
    jsonschema.validate(atlas, schema)
    parts = [record for record in atlas["records"] if "window" in record]
    assert [part["window"]["number"] for part in parts] == list(range(1, len(parts) + 1))
    assert {part["window"]["record"] for part in parts} == {"long"}
    assert len(atlas["captures"]) == 2 * len(atlas["records"])
    covered = {i for p in parts for i in range(p["window"]["start"], p["window"]["end"])}
    assert {i for i, letter in enumerate(LONG) if not letter.isspace()} <= covered
    assert all(p["text"] == LONG[p["window"]["start"] : p["window"]["end"]] for p in parts)
    assert atlas["settings"]["windows"] == 20
    assert "--windows 20" in atlas["provenance"]["command"]
    assert atlas["provenance"]["truncated"] == 0
    facts = atlas["provenance"]["corpora"][0]
    assert (facts["records"], facts["long"], facts["windows"]) == (2, 1, len(parts))


def test_pages_say_which_window_and_lead_to_the_next(windowed: BuildReport) -> None:
    assert broken_links(windowed.output) == []
    pages = {path.stem: path for path in windowed.output.glob("records/*/long-window-*.html")}
    text = unescape(pages["long-window-2"].read_text())
    assert "Window 2 of" in text
    assert "of the text</span>" in text
    assert 'long-window-1.html">← Window 1 of' in text
    assert 'long-window-3.html">Window 3 of' in text
    assert "Of the whole text, not here: target" in text
    last = pages[f"long-window-{len(pages)}"].read_text()
    assert "Window 1 of" not in last
    home = unescape((windowed.output / "index.html").read_text())
    assert "read two texts" in home
    assert "window 2 of" in home
    assert "1 of them read as" in (windowed.output / "about.html").read_text()


def test_the_windows_of_a_text_count_once(windowed: BuildReport) -> None:
    found = list(read_arrays(windowed.output / "data"))
    bert = [entry.capture for entry in found if entry.capture.model.family == "encoder"]
    folder = next(windowed.output.glob("data/*bert*"))
    first = next(csv.DictReader((folder / "heads.csv").read_text().splitlines()))
    assert first["records"] == "2"
    assert first["queries"] == str(sum(len(capture.maps[0].queries) for capture in bert))

    def entropy(weights: np.ndarray) -> float:
        rows = weights[0, 0].astype(np.float64)
        return float(-(rows * np.log(rows, where=rows > 0, out=np.zeros_like(rows))).sum(-1).mean())

    texts: dict[str, list[float]] = {}
    for capture in bert:
        window = capture.record.window
        name = window.record if window else capture.record.id
        texts.setdefault(name, []).append(entropy(capture.maps[0].weights))
    expected = np.mean([np.mean(values) for values in texts.values()])
    assert float(first["entropy"]) == pytest.approx(expected, rel=1e-9)


def test_numbers_of_windows_make_the_same_site(windowed: BuildReport, tmp_path: Path) -> None:
    again = build_site(Settings(arrays=windowed.output / "data", output=tmp_path / "site"))
    assert again.pages == windowed.pages
    before = json.loads((windowed.output / "atlas.json").read_text())
    after = json.loads((again.output / "atlas.json").read_text())
    assert after["records"] == before["records"]
    assert after["provenance"]["corpora"] == before["provenance"]["corpora"]


def test_an_unchanged_build_with_windows_does_nothing(
    windowed: BuildReport, settings: Settings
) -> None:
    assert build_site(settings, records=RECORDS).unchanged


def test_without_windows_a_text_is_cut_and_says_so(settings: Settings, tmp_path: Path) -> None:
    cut = replace(settings, windows=None, output=tmp_path / "site")
    report = build_site(cut, records=RECORDS)
    assert report.records == 2
    assert (
        "tokens are shown.</b>" in next(report.output.glob("records/*bert*/long.html")).read_text()
    )


@pytest.mark.parametrize("stride", ["38", "600"])
def test_a_stride_as_long_as_a_window_is_refused(
    stride: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("One.\n")
    words = ["build", str(tmp_path / "a.txt"), "-m", settings.models[0], "--max-tokens", "40"]
    words += ["-o", str(tmp_path / "site"), "--store", str(tmp_path / "store")]
    assert run([*words, "--windows", stride, "-q"]) == 2
    assert f"--windows {stride} is not from 1 to less than the window" in capsys.readouterr().err
