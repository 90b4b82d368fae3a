"""Progress and tables."""

from __future__ import annotations

import pytest
from attnatlas.report import Bars, Lines, Silence, duration, printable, progress_for, table


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_are_words(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_table_keeps_its_columns() -> None:
    assert table(("name", "n"), [("a", "1"), ("long name", "1,000")], numbers=(1,)) == (
        "name           n\n---------  -----\na              1\nlong name  1,000"
    )


def test_a_table_of_nothing_is_its_header() -> None:
    assert table(("name", "n"), []) == "name  n\n----  -"


def test_printable_keeps_letters_of_all_scripts() -> None:
    assert printable("Ünï 漢字 🙂 \x1b[1m") == "Ünï 漢字 🙂 \ufffd[1m"


def test_lines_say_when_a_stage_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines().stage("Reading", 1200) as advance:
        advance(1000)
        advance(200)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Reading: 1,200 in 0.0 s\n"


def test_lines_say_how_much_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 5.0, 12.0, 24.0])
    monkeypatch.setattr("attnatlas.report.time.monotonic", lambda: next(clock))
    with Lines().stage("Reading", 4) as advance:
        advance(1)
        advance(1)
    assert capsys.readouterr().err == "Reading: 2 of 4, about 12 s left\nReading: 2 in 24 s\n"


def test_who_is_told_depends_on_where_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(progress_for(quiet=True), Silence)
    assert type(progress_for(quiet=False)) is Lines
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert isinstance(progress_for(quiet=False), Bars)


def test_bars_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars().stage("Reading", 2) as advance:
        advance(2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err
