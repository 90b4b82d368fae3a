"""What only Unix has is not needed, and paths of Windows are understood."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path, PureWindowsPath

import attnatlas
import pytest
from attnatlas.capture.limits import free_memory
from attnatlas.corpus import load_corpus, tails
from attnatlas.errors import InputError
from attnatlas.share import printed
from attnatlas.site.assets import user_folder
from attnatlas.site.manifest import MANIFEST, read_manifest
from attnatlas.store import shards

from tests.cli.elsewhere import UNIX_MODULES, UNIX_NAMES

HERE = Path(__file__).parent
PACKAGE = Path(attnatlas.__file__).parent

COMMANDS = """
    import os, runpy, sys
    from pathlib import Path
    sys.path.insert(0, {here!r})
    import elsewhere
    elsewhere.hide()
    from attnatlas.cli import run

    def do(*words):
        code = run([*words])
        print("code", code, *words, flush=True)

    build = ("build", "two.csv", "-m", "sentiment", "-o", "site", "--store", "kept")
    do(*build)
    Path("site/CNAME").write_text("atlas.example.org", "utf-8")
    Path("site/data/mine").mkdir()
    Path("site/data/mine/notes.txt").write_text("dear", "utf-8")
    os.symlink("CNAME", "site/link")
    do(*build, "--title", "Another title")
    do(*build, "--title", "Another title")
    do("build", "--arrays", "site/data", "-o", "again", "--store", "kept")
    do("inspect", "site", "two.csv", "sentiment")
    do("open", "site")
    do("list")
    do("clean", "again")
    do("clean", "site", "--store", "--store-folder", "kept")
"""


def test_commands_run_without_what_only_unix_has(work: Path) -> None:
    (work / "two.csv").write_text("text\nA dull film.\nA warm and funny film.\n", "utf-8")
    script = textwrap.dedent(COMMANDS).format(here=str(HERE))
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "BROWSER": "true", "ATTNATLAS_DEBUG": "1"},
    )
    assert re.findall(r"^code (\d+) (\w+)", done.stdout, re.MULTILINE) == [
        ("0", "build"), ("0", "build"), ("0", "build"), ("0", "build"), ("0", "inspect"),
        ("0", "open"), ("0", "list"), ("0", "clean"), ("0", "clean"),
    ], done.stdout + done.stderr  # fmt: skip
    assert "Nothing has changed since the last build" in done.stdout
    left = "Removed the site in site; left what is not of it: CNAME, data/mine, link"
    assert done.stdout.count(left) == 1
    assert (work / "site" / "data" / "mine" / "notes.txt").read_text() == "dear"
    assert os.readlink(work / "site" / "link") == "CNAME"
    assert {path.name for path in work.iterdir()} == {"two.csv", "site"}


def test_a_site_is_served_without_what_only_unix_has(site: Path) -> None:
    command = [sys.executable, str(HERE / "elsewhere.py"), "serve", str(site), "-p", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}atlas.json") as answer:
            assert json.load(answer)["title"] == "Two banks"
        process.terminate()
    assert process.returncode == 143


def test_no_module_of_unix_is_imported_and_every_name_of_unix_is_guarded() -> None:
    imported, named = set(), set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in ("training", "zoo"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named |= {node.attr} if node.value.id in ("os", "signal") else set()
    assert not imported & UNIX_MODULES
    assert "filelock" in imported
    assert named & UNIX_NAMES == {"O_DIRECTORY", "geteuid", "kill", "sysconf"}, (
        "guarded, and tested below"
    )


def test_the_names_of_unix_that_are_used_are_not_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "sysconf")
    monkeypatch.delattr(os, "O_DIRECTORY")
    monkeypatch.delattr(os, "geteuid")
    assert printed._unboxed() == []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "attnatlas"

    class Device:
        type = "cpu"

    assert free_memory(Device()) == 1_000_000_000
    shards._sync_folder(tmp_path)

    def kill(process: int, number: int) -> None:
        raise AssertionError("os.kill ends a process on Windows, whatever the signal is")

    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(os, "name", "nt")
    assert shards._alive(2**22 + 1)


def test_a_shard_that_is_being_read_may_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    kept = shards.Shards(tmp_path)
    entry = ("key", {"a": np.arange(3.0)}, {})
    kept.write([entry])

    def refuse(*paths: object, **options: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", refuse)
    kept.write([entry])
    assert kept.read("key")[0]["a"].tolist() == [0, 1, 2]
    monkeypatch.setattr(Path, "unlink", refuse)
    kept.drop("key")
    assert "key" not in kept
    with pytest.raises(PermissionError):
        shards._put(tmp_path / "draft.tmp", tmp_path / "nothing.safetensors")


def test_drives_and_backslashes_are_paths(tmp_path: Path) -> None:
    assert tails(PureWindowsPath(r"C:\2024\reviews.csv"), "reviews") == [
        "reviews",
        "2024/reviews",
        "C:/2024/reviews",
    ]
    for name in (r"C:\texts\reviews.csv", "C:/texts/reviews.csv"):
        with pytest.raises(InputError, match="No corpus"):
            load_corpus(name)
    names = ("index.html", r"..\mine.txt", "C:/mine.txt", r"C:mine.txt", r"\mine.txt", "/mine.txt")
    (tmp_path / MANIFEST).write_text("".join(f"{'0' * 64}  {name}\n" for name in names), "utf-8")
    assert read_manifest(tmp_path).keys() == {"index.html"}
