"""A project to begin with: settings, texts, and a workflow that publishes what they make."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from ..errors import InputError

PARTS = {
    "attnatlas.toml": "attnatlas.toml",
    "texts.toml": "texts.toml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "github/pages.yml": ".github/workflows/pages.yml",
}
"""Files of a project: their place among the templates, where no name may begin with a dot, and
their place in the project."""
REQUIREMENTS = "requirements.txt"


def write_starter(folder: Path) -> list[str]:
    """Write a project into a folder; return its files, relative to that.

    Raises InputError where one of them is there already, before anything is written.
    """
    names = [*PARTS.values(), REQUIREMENTS]
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise InputError(f"{folder / there[0]} is there already; name a folder without one.")
    source = files("attnatlas.templates").joinpath("starter")
    for name, target in PARTS.items():
        _write(folder / target, source.joinpath(name).read_text("utf-8"))
    _write(folder / REQUIREMENTS, f"{requirement()}\n")
    return names


def requirement() -> str:
    """Return what pip installs to get this attnatlas: where it came from if from a repository."""
    try:
        ours = distribution("attnatlas")
    except PackageNotFoundError:
        return "attnatlas"
    came = json.loads(ours.read_text("direct_url.json") or "{}")
    vcs = came.get("vcs_info")
    if vcs:
        return f"attnatlas @ {vcs['vcs']}+{came['url']}@{vcs['commit_id']}"
    return f"attnatlas=={ours.version}"


def came_from_a_folder() -> bool:
    """Return whether this attnatlas was installed from files of this machine alone."""
    try:
        text = distribution("attnatlas").read_text("direct_url.json") or "{}"
    except PackageNotFoundError:
        return True
    return str(json.loads(text).get("url", "")).startswith("file:")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
