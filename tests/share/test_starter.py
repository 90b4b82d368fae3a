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
