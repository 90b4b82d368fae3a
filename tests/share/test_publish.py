"""A site is pushed to a branch of its own, and opens there below any address."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.share.remotes import remote_of
from attnatlas.site.manifest import is_whole

from tests.capture.tiny import tiny_model
from tests.share.lines import small_site


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; return what it prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small site of a small model."""
    folder = tmp_path_factory.mktemp("made")
    tiny_model(folder / "bert", "bert")
    return small_site(folder, str(folder / "bert"))


@pytest.fixture
def site(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the site in a repository, whose remote is a bare one beside it."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = tmp_path / "project"
    project.mkdir()
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(project, "init", "-q", "-b", "main")
    git(project, "config", "user.name", "A reader")
    git(project, "config", "user.email", "reader@example.org")
    (project / "thesis.txt").write_text("mine")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "Begin")
    git(project, "remote", "add", "origin", str(tmp_path / "remote.git"))
    monkeypatch.chdir(project)
    return Path(shutil.copytree(made, project / "out"))


def cloned(tmp_path: Path, name: str = "clone") -> Path:
    """Return a clone of the published branch."""
    git(tmp_path, "clone", "-q", "-b", "gh-pages", "remote.git", name)
    return tmp_path / name


def test_a_site_is_published_whole_and_nothing_else(site: Path, tmp_path: Path) -> None:
    (site / "notes.txt").write_text("private")
    (site / "CNAME").write_text("atlas.example.org\n")
    git(site, "init", "-q")
    assert run(["publish", "out"]) == 0
    clone = cloned(tmp_path)
    assert is_whole(clone)
    assert (clone / ".nojekyll").is_file()
    assert (clone / "CNAME").read_text() == "atlas.example.org\n"
    assert not (clone / "notes.txt").exists()
    assert not (clone / "thesis.txt").exists()
    assert git(site.parent, "status", "--porcelain") == "?? out/"
    assert git(site.parent, "symbolic-ref", "--short", "HEAD") == "main"


def test_the_history_of_the_branch_goes_on_and_its_domain_stays(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", "out"]) == 0
    clone = cloned(tmp_path)
    (clone / "CNAME").write_text("atlas.example.org\n")
    (clone / "old.html").write_text("an old page")
    git(clone, "add", ".")
    for name, value in (("user.name", "B"), ("user.email", "b@example.org")):
        git(clone, "config", name, value)
    git(clone, "commit", "-q", "-m", "Set the domain")
    git(clone, "push", "-q")
    capsys.readouterr()
    assert run(["publish", "out"]) == 0
    assert capsys.readouterr().out == "https://atlas.example.org/\n"
    git(clone, "pull", "-q")
    assert (clone / "CNAME").is_file()
    assert not (clone / "old.html").exists()
    assert len(git(clone, "log", "--oneline").splitlines()) == 3


def test_a_dry_run_pushes_nothing(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", "out", "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "a new branch" in told.err
    assert told.out.startswith("Would be pushed to ")
    assert git(tmp_path / "remote.git", "branch", "--list") == ""


def test_a_site_that_was_changed_is_not_published(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = site / "index.html"
    page.write_text(page.read_text("utf-8").replace("lines", "lies"), "utf-8")
    assert run(["publish", "out"]) == 1
    told = capsys.readouterr().err
    assert "index.html" in told
    assert told.endswith("; build it again.\n")
    assert git(tmp_path / "remote.git", "branch", "--list") == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("remote", "remove", "origin"), "there is no remote 'origin'"),
        (("remote", "set-url", "origin", "/nowhere/at/all.git"), "cannot be reached"),
        (("checkout", "-q", "-b", "gh-pages"), "is the branch that is checked out"),
        (("branch", "gh-pages"), "'gh-pages' holds no site but thesis.txt"),
        (("push", "-q", "origin", "main:gh-pages"), "'gh-pages' holds no site but thesis.txt"),
    ],
    ids=["no remote", "no repository there", "branch in use", "own branch", "own branch there"],
)
def test_what_stands_in_the_way_is_said_in_one_line(
    change: tuple[str, ...], says: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(site.parent, *change)
    assert run(["publish", "out"]) in (1, 2)
    told = capsys.readouterr().err
    assert says in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize("branch", ["", "odd name", "-d", "a..b"])
def test_what_can_be_no_branch_is_refused(
    branch: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", "out", f"--branch={branch}"]) == 2
    assert capsys.readouterr().err == (
        f"Error: {branch!r} can be no name of a branch; choose another --branch.\n"
    )


def test_a_folder_that_is_no_repository_is_refused(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["publish", "project/out"]) == 2
    assert "git init" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("git@github.com:Anna/atlas.git", "https://anna.github.io/atlas/"),
        ("https://github.com/anna/atlas", "https://anna.github.io/atlas/"),
        ("https://anna:secret@github.com/anna/atlas.git", "https://anna.github.io/atlas/"),
        ("ssh://git@ssh.github.com:443/anna/atlas.git", "https://anna.github.io/atlas/"),
        ("git@github.com:anna/Anna.github.io.git", "https://anna.github.io/"),
        ("https://gitlab.com/anna/atlas.git", None),
        ("git@codeberg.org:anna/atlas.git", None),
        ("/srv/git/atlas.git", None),
        ("C:\\git\\atlas.git", None),
        ("file:///srv/git/github.com/atlas.git", None),
    ],
)
def test_the_future_address_is_that_of_the_host(url: str, address: str | None) -> None:
    remote = remote_of("origin", url)
    assert remote.address() == address
    assert "secret" not in remote.url
    assert remote.address("atlas.example.org") == "https://atlas.example.org/"


def test_what_is_the_users_outlives_a_rebuild(site: Path, made: Path) -> None:
    git(site, "init", "-q")
    head = (site / ".git" / "HEAD").read_bytes()
    (site / "CNAME").write_text("atlas.example.org\n")
    (site / "notes").mkdir()
    (site / "notes" / "one.md").write_text("mine")
    build_site(
        Settings(
            corpora=(str(made.parent / "lines.toml"),),
            models=(str(made.parent / "bert"),),
            output=site,
            store=made.parent / "store",
            title="Built again",
        )
    )
    assert json.loads((site / "atlas.json").read_text("utf-8"))["title"] == "Built again"
    assert (site / ".git" / "HEAD").read_bytes() == head
    assert (site / "CNAME").read_text() == "atlas.example.org\n"
    assert (site / "notes" / "one.md").read_text() == "mine"
