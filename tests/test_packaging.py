"""What is installed is whole: from a wheel in another folder, and from this one in place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("generator", "templates", "corpora", "pyproject.toml", "README.md", "LICENSE")

LOOK = """
import json
from importlib.resources import files
import attnatlas
from attnatlas.corpus import bundled_corpora, load_corpus
from attnatlas.site.writer import environment
from attnatlas.zoo import zoo_folder, zoo_names

def names(package):
    found, folders = [], [("", files(package))]
    while folders:
        prefix, folder = folders.pop()
        for entry in folder.iterdir():
            if entry.is_dir() and entry.name != "__pycache__":
                folders.append((f"{prefix}{entry.name}/", entry))
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                found.append(prefix + entry.name)
    return sorted(found)

print(json.dumps({
    "where": attnatlas.__file__,
    "version": attnatlas.__version__,
    "templates": names("attnatlas.templates"),
    "corpora": names("attnatlas.corpora"),
    "schemas": names("attnatlas.schemas"),
    "loaded": environment().get_template("base.html").name,
    "records": {name: len(load_corpus(name).records) for name in bundled_corpora()},
    "models": {name: (zoo_folder(name) / "model.safetensors").stat().st_size
               for name in zoo_names()},
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build a wheel from a copy, so that nothing of a past build gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for part in PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / part)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    yield next(folder.glob("*.whl"))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder far from the sources."""
    target = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--target", target, wheel)
    return target


def pip(*arguments: str | Path) -> None:
    """Run pip, and show what it says where it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


def look(folder: Path, path: Path | None = None) -> dict[str, object]:
    """Return what the package sees of itself when it is used from `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(path) if path else ""}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def here(folder: str) -> list[str]:
    """Return the files of a folder of the repository."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    found = [path.relative_to(ROOT / folder).as_posix() for path in paths]
    return sorted(name for name in found if "__pycache__" not in name)


def test_a_wheel_is_whole_in_another_folder(installed: Path, tmp_path: Path) -> None:
    found, in_place = look(tmp_path, installed), look(tmp_path)
    assert Path(str(found.pop("where"))).is_relative_to(installed)
    assert Path(str(in_place.pop("where"))).is_relative_to(ROOT)
    assert found == in_place
    for folder in ("templates", "corpora"):
        assert found[folder] == here(folder)
    assert found["schemas"] == here("generator/schemas")
    assert "showcase" in dict(found["records"])  # type: ignore[call-overload]


def test_a_wheel_holds_what_it_should_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"attnatlas"}
    assert "attnatlas/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []
    assert len(names) == len(set(names))


def test_the_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, installed / "bin" / "attnatlas", "list", "corpora"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "showcase" in done.stdout
