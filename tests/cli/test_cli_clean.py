"""`clean` removes what builds wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.store import MARKER, MARKER_TEXT


def test_a_site_is_removed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean"]) == 0
    assert capsys.readouterr().out == "Removed site_output\n"
    assert not site.exists()


def test_files_of_the_repository_stay(site: Path) -> None:
    (site / ".gitkeep").touch()
    assert run(["clean"]) == 0
    assert [path.name for path in site.iterdir()] == [".gitkeep"]


@pytest.mark.parametrize("folder", ["mine", "."])
def test_a_foreign_folder_is_refused(
    folder: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = work / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("years of work")
    assert run(["clean", folder]) == 2
    assert capsys.readouterr().err == (
        f"Error: {folder} was not written by attnatlas, so it is left alone.\n"
    )
    assert (mine / "thesis.tex").read_text() == "years of work"


def test_nothing_to_remove_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--store"]) == 0
    assert capsys.readouterr().out == "No site in site_output\nNo captures in .attnatlas\n"


def test_the_store_goes_only_when_asked(site: Path, work: Path) -> None:
    store = work / ".attnatlas"
    (store / "captures").mkdir(parents=True)
    (store / MARKER).write_text(MARKER_TEXT)
    assert run(["clean"]) == 0
    assert store.exists()
    assert run(["clean", "--store"]) == 0
    assert not store.exists()


def test_a_foreign_store_is_refused(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "attnatlas.toml").write_text('store = "mine"\n')
    (work / "mine").mkdir()
    (work / "mine" / "notes.txt").touch()
    assert run(["clean", "--store"]) == 2
    assert "mine was not written by attnatlas" in capsys.readouterr().err
    assert (work / "mine" / "notes.txt").exists()
