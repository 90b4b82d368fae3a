"""`clean` removes what builds wrote, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.site.manifest import MANIFEST, read_manifest
from attnatlas.site.swap import replacing
from attnatlas.store import MARKER, MARKER_TEXT


def test_a_site_is_removed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean"]) == 0
    assert capsys.readouterr().out == "Removed site_output\n"
    assert not site.exists()


def test_files_of_the_repository_stay(site: Path) -> None:
    (site / ".gitkeep").touch()
    assert run(["clean"]) == 0
    assert [path.name for path in site.iterdir()] == [".gitkeep"]
    assert run(["clean"]) == 0
    assert [path.name for path in site.iterdir()] == [".gitkeep"]


def test_what_is_the_users_stays_and_is_named(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = [".git/HEAD", "CNAME", "data/notes.txt", "figures/a.png", "figures/b/c.png", "x", "y"]
    for name in mine:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (site / "empty").mkdir()
    (site / "link").symlink_to("atlas.json")
    (site / "404.html").unlink()
    (site / "404.html").symlink_to("x")
    assert run(["clean"]) == 0
    assert capsys.readouterr().out == (
        "Removed the site in site_output; left what is not of it: "
        ".git, 404.html, CNAME, data/notes.txt, empty and 4 more\n"
    )
    left = {path.relative_to(site).as_posix() for path in site.rglob("*") if not path.is_dir()}
    assert left == {*mine, "link", "404.html"}
    assert (site / "empty").is_dir()
    assert all((site / name).read_text() == name for name in mine)


def test_a_changed_file_is_removed_and_named(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "index.html").write_text("changed")
    assert run(["clean"]) == 0
    said = capsys.readouterr()
    assert said.out == "Removed site_output\n"
    assert said.err == "Changed since it was built, and removed: index.html.\n"


def test_a_manifest_that_names_files_elsewhere_reaches_none(site: Path, work: Path) -> None:
    (work / "dear.txt").write_text("dear")
    with (site / MANIFEST).open("a") as manifest:
        for name in ("../dear.txt", str(work / "dear.txt"), "data/../../dear.txt"):
            manifest.write(f"{'0' * 64}  {name}\n")
    assert run(["clean"]) == 0
    assert (work / "dear.txt").read_text() == "dear"
    assert not site.exists()


def test_without_a_manifest_nothing_is_removed(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / MANIFEST).unlink()
    before = sorted(site.rglob("*"))
    assert run(["clean"]) == 2
    assert "has no manifest-sha256.txt to tell what is not of the site" in capsys.readouterr().err
    assert sorted(site.rglob("*")) == before


def test_a_site_that_is_being_built_is_not_removed(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with replacing(site) as folder:
        assert run(["clean"]) == 4
        assert (site / "index.html").exists()
        (folder / "index.html").write_text("new")
    assert "Another build is writing site_output" in capsys.readouterr().err


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


def test_a_pipe_in_the_place_of_a_file_is_never_waited_for(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "atlas.json").unlink()
    os.mkfifo(site / "atlas.json")
    assert run(["inspect", str(site)]) == 2
    assert "atlas.json is missing or not as promised" in capsys.readouterr().err
    assert run(["clean"]) == 0
    assert [path.name for path in site.iterdir()] == ["atlas.json"]
    os.mkfifo(site / MANIFEST)
    assert read_manifest(site) == {}
