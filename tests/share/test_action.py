"""The action for workflows: its own scripts are run, with inputs that try to be more than words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ACTION = Path(__file__).parents[2] / "action.yml"


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    """Return the steps of the action."""
    found: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    return found


def script(steps: list[dict[str, Any]], name: str) -> str:
    """Return the script of a step."""
    return next(str(step["run"]) for step in steps if step.get("name") == name)


def ran(text: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a workflow does, with what is installed here."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    summary = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, **summary, **inputs, "PATH": path},
        capture_output=True,
        text=True,
    )


def test_no_input_is_part_of_a_script_and_actions_cannot_change(
    steps: list[dict[str, Any]],
) -> None:
    assert not any("${{" in step.get("run", "") for step in steps)
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name in used)
    assert steps[-1]["if"] == "always()"
    assert steps[-1]["uses"].startswith("actions/upload-artifact@")


def test_the_scripts_build_check_and_compare(
    steps: list[dict[str, Any]], small: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("A film that is neither funny nor sad.\n")
    inputs = {
        "CORPORA": "mine.txt",
        "MODELS": "sentiment",
        "ARGUMENTS": "--without twins --title $(touch${IFS}hacked) --quiet",
        "OUTPUT": "site",
    }
    done = ran(script(steps, "Build"), tmp_path, **inputs)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "hacked").exists()
    assert ran(script(steps, "Check"), tmp_path, OUTPUT="site").returncode == 0
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert re.fullmatch(r"```\nsite [^`]*nothing is wrong\.\n```\n", summary)
    compare = script(steps, "Compare")
    same = {"BEFORE": "site", "OUTPUT": "site", "STRICT": "true"}
    assert ran(compare, tmp_path, **same).returncode == 0
    other = {"BEFORE": str(small), "OUTPUT": "site", "STRICT": "true"}
    assert ran(compare, tmp_path, **other).returncode == 1
    changes = (tmp_path / "attnatlas-changes.txt").read_text("utf-8")
    assert (tmp_path / "summary.md").read_text("utf-8").endswith(f"```\n{changes}```\n")
    assert changes
    assert ran(compare, tmp_path, **{**other, "STRICT": "false"}).returncode == 0
    (tmp_path / "site" / "index.html").write_text("spoiled")
    assert ran(script(steps, "Check"), tmp_path, OUTPUT="site").returncode == 1


def test_an_expectation_that_fails_fails_the_run_and_leaves_the_site(
    steps: list[dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("text,label\nA film that is funny.,negative\n")
    (tmp_path / "attnatlas.toml").write_text('[[expect]]\nthat = "wrong >= 2"\n')
    inputs = {
        "CORPORA": "mine.csv", "MODELS": "sentiment", "ARGUMENTS": "--without twins",
        "OUTPUT": "site",
    }  # fmt: skip
    build = script(steps, "Build")
    assert ran(build, tmp_path, **inputs, GATE="true").returncode == 1
    assert (tmp_path / "site" / "gates.json").is_file()
    assert ran(build, tmp_path, **inputs, GATE="false").returncode == 0
