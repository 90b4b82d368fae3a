"""How a corpus is read, chosen on the command line, in the environment and in attnatlas.toml."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attnatlas.cli import run

ROWS = "review;stars;seen\nClean and quiet;1;x\nNever again;0;y\n"


def inspected(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return what `inspect` says of one corpus."""
    assert run(["inspect", *arguments, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("variable", ["text=seen label=stars", "text=seen,label=stars"])
def test_columns_come_from_the_environment(
    variable: str, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "r.csv").write_text(ROWS)
    monkeypatch.setenv("ATTNATLAS_COLUMN", variable)
    found = inspected(capsys, "r.csv")
    assert found["longest"]["words"] == 1
    assert found["notes"][-1] == "ignored, as they are no field of a record: 'review'"


@pytest.mark.parametrize(
    "content",
    [
        'column = { text = "seen", label = "stars" }',
        'column = ["text=seen", "label=stars"]',
        'column = { text = ["nowhere", "seen"], label = "stars" }',
        '[inspect]\ncolumn = { text = "seen", label = "stars" }\nlimit = 5',
    ],
)
def test_columns_come_from_the_settings_file(
    content: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "r.csv").write_text(ROWS)
    (work / "attnatlas.toml").write_text(content)
    assert inspected(capsys, "r.csv")["notes"][-1].endswith("of a record: 'review'")


def test_inspect_shows_how_a_corpus_was_read(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "r.csv").write_text(ROWS.replace("review", "Review"), "utf-16")
    assert run(["inspect", "r.csv", "--sample", "1"]) == 0
    out = capsys.readouterr().out
    assert "  read     CSV, cells are separated by semicolons, in UTF-16\n" in out
    assert "  part     1 of 2 records, drawn with seed 0\n" in out
    assert (
        "column 'Review' is read as 'text' (choose others with --column FIELD=NAME); ignored" in out
    )


def test_standard_input_is_a_corpus(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b'{"text": "So it is"}\n')))
    found = inspected(capsys, "-")
    assert (found["name"], found["records"]) == ("stdin", 1)
    assert found["notes"] == ["read as jsonl (choose another with --format NAME)"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--column", "text"], "Error: --column 'text' has no '='; write it as text=COLUMN."),
        (["--column", "txt=a"], "--column 'txt=a' names no field of a record; did you mean 'text'"),
        (["--delimiter", "::"], "Error: --delimiter '::' is no single mark; give one such as ';'"),
        (["--limit", "1", "--sample", "1"], "--limit takes the first records and --sample some"),
        (["--format", "xls"], "Error: --format 'xls' is no format; there are toml, jsonl"),
        (["--limit", "0"], "0 is not in the range x>=1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("corpus", ["r.csv", "showcase"])
def test_a_wrong_choice_is_one_sentence(
    corpus: str, arguments: list[str], said: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "r.csv").write_text(ROWS)
    assert run(["inspect", corpus, *arguments]) == 2
    assert said in capsys.readouterr().err
