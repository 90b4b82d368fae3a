"""`inspect`, `list` and `open`: what there is, and what a name stands for."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import pytest
from attnatlas.analyses import analyses
from attnatlas.cli import run
from attnatlas.corpus import bundled_corpora
from attnatlas.zoo import zoo_names


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command that goes well prints."""
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_list_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(["list", "--json"], capsys))
    names = {kind: [row["name"] for row in rows] for kind, rows in found.items()}
    assert names == {
        "models": zoo_names(),
        "corpora": list(bundled_corpora()),
        "analyses": [analysis.name for analysis in analyses()],
    }


def test_list_aligns_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(["list", "corpora"], capsys).splitlines()
    assert lines[:2] == ["corpora", ""]
    end = lines[2].index("records") + len("records")
    assert all(line[end - 1].isdigit() and line[end] == " " for line in lines[4:])


def test_inspect_counts_pairs_that_stand_in_two_files(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = {"pro": ("he", "she"), "anti": ("she", "he")}
    for side, (one, other) in ends.items():
        (work / f"{side}_stereotyped.txt").write_text(
            f"1 [The baker] thanked the clerk because [{one}] was cold.\n"
            f"2 The baker thanked [the clerk] because [{other}] {side} helped.\n"
        )
    names = ["pro_stereotyped.txt", "anti_stereotyped.txt"]
    pro, anti = json.loads(printed(["inspect", *names, "--json"], capsys))[:2]
    assert "2 pairs, 1 of them no minimal pair, so its texts are not compared" in pro["notes"]
    assert (pro["records"], anti["records"]) == (2, 2)


def test_inspect_a_corpus(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "mine.jsonl").write_text(
        '{"id": "a", "text": "One two three.", "tags": ["x"]}\n{"text": "One."}\n{"no": 1}\n'
    )
    corpus = json.loads(printed(["inspect", "mine.jsonl", "--json"], capsys))[0]
    assert corpus["kind"] == "corpus"
    assert (corpus["records"], len(corpus["skipped"])) == (2, 1)
    assert corpus["tags"] == {"x": 1}
    assert corpus["longest"] == {"id": "a", "words": 3}


def test_inspect_disarms_what_a_terminal_would_act_on(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "evil.jsonl").write_text('{"text": "One.", "id": "\\u001b[2J", "tags": ["\\u0007"]}\n')
    assert not {"\x1b", "\x07"} & set(printed(["inspect", "evil.jsonl"], capsys))


def test_inspect_a_model_with_a_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["inspect", "sentiment", "showcase", "--json"]
    model, corpus, forecast = json.loads(printed(arguments, capsys))
    assert (model["kind"], model["name"]) == ("model", "sentiment")
    assert len(model["weights_sha256"]) == 64
    assert forecast["kind"] == "forecast"
    assert forecast["records"] == corpus["records"]
    assert 0 < forecast["numbers_bytes"] < forecast["memory_bytes"]


def test_a_forecast_follows_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    def numbers(*more: str) -> int:
        found = json.loads(printed(["inspect", "sentiment", "showcase", "--json", *more], capsys))
        return int(found[-1]["numbers_bytes"])

    none, half, whole = (numbers("--numbers", kind) for kind in ("none", "float16", "float32"))
    assert half == numbers()
    assert whole - none == pytest.approx(2 * (half - none), abs=2)  # four bytes a weight, or two
    assert half > 1.5 * none
    assert numbers("--max-tokens", "5") < numbers() / 2


def test_inspect_a_site(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["inspect", "site_output"], capsys)
    assert out.startswith("site site_output\n")
    assert "  models    tiny\n" in out
    assert "  built     2026-01-02T03:04:05+00:00\n" in out
    assert "data       1  2.0\n" in out


def test_a_damaged_site_is_one_sentence(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "atlas.json").unlink()
    assert run(["inspect", "site_output"]) == 2
    said = "Error: site_output is damaged: atlas.json is missing or not as promised.\n"
    assert capsys.readouterr().err == said


def test_open_shows_the_files(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not opened.append(address))
    assert printed(["open"], capsys) == f"{opened[0]}\n"
    assert opened == [(site / "index.html").as_uri()]


def test_open_without_a_browser_says_what_to_do(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    assert run(["open"]) == 1
    assert "open the address above" in capsys.readouterr().err
