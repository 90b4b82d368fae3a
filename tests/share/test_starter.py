"""A starter project builds as it is, and its workflow has no more rights than it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from attnatlas.cli import run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project, and work in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("OUTPUT", "STORE", "CONFIG"):
        monkeypatch.delenv(f"ATTNATLAS_{name}", raising=False)
    assert run(["new", "mine"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def test_a_new_project_builds(project: Path) -> None:
    assert run(["build", "--quiet"]) == 0
    home = (project / "site" / "index.html").read_text("utf-8")
    assert "My atlas" in home
    assert len(list((project / "site" / "records" / "sentiment").iterdir())) == 6
    ignored = (project / ".gitignore").read_text("utf-8")
    assert {path.name for path in project.iterdir() if f"/{path.name}/" in ignored} == {
        "site",
        ".attnatlas",
    }


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "texts.toml").write_text("mine", "utf-8")
    (project / "attnatlas.toml").unlink()
    capsys.readouterr()
    assert run(["new", "."]) == 2
    assert "texts.toml is there already" in capsys.readouterr().err
    assert not (project / "attnatlas.toml").exists()
    assert (project / "texts.toml").read_text("utf-8") == "mine"


def test_the_workflow_has_the_least_rights(project: Path) -> None:
    text = (project / ".github" / "workflows" / "pages.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    deploy = workflow["jobs"]["deploy"]
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == ["deploy"]
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert not any("run" in step or "checkout" in step["uses"] for step in deploy["steps"])
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name in used)
    assert "secrets." not in text


def test_the_other_commands_take_its_settings(
    project: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The site that a project is set to write is the one they mean, and not where they write."""
    copied.rename(project / "site")
    with (project / "attnatlas.toml").open("a", encoding="utf-8") as file:
        file.write("sample = 100\nseed = 7\n")
    capsys.readouterr()
    assert run(["check", "--fast"]) == 0
    assert capsys.readouterr().out.startswith("site (folder, ")
    assert run(["export", "--zip"]) == 0
    assert run(["verify", "-q", "--sample", "1"]) == 0
    assert "1 of 2 texts read again: the same numbers." in capsys.readouterr().out
    for command in ("diff", "history"):
        assert run([command, "site", "site.zip"]) == 0
        assert run([command, "site", "site.zip", "-o", f"{command} page"]) == 0
    assert (project / "history_output" / "index.html").is_file()
    assert run(["verify", "-q", "-m", "nobody=site"]) == 2
    assert "names no model of the site: it has sentiment." in capsys.readouterr().err


def test_the_environment_says_where_a_site_is_and_not_where_pages_go(
    copied: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTNATLAS_OUTPUT", str(copied))
    monkeypatch.setenv("ATTNATLAS_MODELS", "sentiment")
    monkeypatch.setenv("ATTNATLAS_SAMPLE", "100")
    assert run(["check", "--fast"]) == 0
    assert run(["verify", "-q", "--sample", "1"]) == 0
    assert run(["diff", str(copied), str(copied)]) == 0
    assert run(["history", str(copied), str(copied)]) == 0
    assert (tmp_path / "history_output" / "index.html").is_file()
