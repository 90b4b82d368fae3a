"""The same store gives the same bytes, wherever and under whatever settings of a shell."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attnatlas.errors import InputError
from attnatlas.site.provenance import build_time

EPOCH = "1760000000"
FIRST = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
OTHER = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "42", "COLUMNS": "20"}
TEXTS = """
title = "Ein Ä, ein 字 und ein İ"
[[record]]
id = "one"
text = "The waiter was rude, naïve and cold."
tags = ["zwei", "Äpfel", "eins"]
label = "negative"
[[record]]
id = "two"
text = "A lovely garden — with friendly hosts."
label = "positive"
"""


def built(folder: Path, corpus: Path, store: Path, shell: dict[str, str], umask: int) -> Path:
    """Build in a process of its own, in an empty folder; return the site."""
    folder.mkdir()
    code = "from attnatlas.cli import main; main()"
    words = ["build", str(corpus), "-m", "sentiment", "-q", "-o", "site", "--store", str(store)]
    shell = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "TMPDIR": str(folder), **shell}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder, env=shell, umask=umask, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


def bytes_of(site: Path) -> dict[str, str]:
    """Return a hash of every file by address."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site, with corpus and store beside it."""
    root = tmp_path_factory.mktemp("first")
    (root / "texts.toml").write_text(TEXTS, "utf-8")
    return built(root / "a", root / "texts.toml", root / "store", FIRST, 0o022)


def test_another_shell_and_folder_give_the_same_bytes(first: Path) -> None:
    root = first.parent.parent
    other = built(root / "b c ä", root / "texts.toml", root / "store", OTHER, 0o077)
    ours, theirs = bytes_of(first), bytes_of(other)
    assert len(ours) > 50
    assert {url for url in ours.keys() | theirs.keys() if ours.get(url) != theirs.get(url)} == set()


def test_computing_anew_gives_the_same_bytes(first: Path) -> None:
    root = first.parent.parent
    other = built(root / "c", root / "texts.toml", root / "another-store", OTHER, 0o077)
    ours, theirs = bytes_of(first), bytes_of(other)
    assert {url for url in ours.keys() | theirs.keys() if ours.get(url) != theirs.get(url)} == set()


def test_the_date_is_the_one_that_was_given(first: Path) -> None:
    assert '"date": "2025-10-09T08:53:20+00:00"' in (first / "atlas.json").read_text("utf-8")
    assert "9 October 2025, 08:53 UTC" in (first / "about.html").read_text("utf-8")
    for path in first.rglob("*.html"):
        assert str(first.parent.parent) not in path.read_text("utf-8"), path


@pytest.mark.parametrize("epoch", ["soon", "1e9", "99999999999999999999", "-"])
def test_a_date_that_is_none_is_said(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is"):
        build_time()
