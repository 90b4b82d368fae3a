"""A folder of its own for every test, and a made-up site in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attnatlas.site.manifest import MANIFEST, manifest_text, sha256_of
from attnatlas.site.ownership import MARKER


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, with no setting from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("OUTPUT", "STORE", "CONFIG", "DEBUG"):
        monkeypatch.delenv(f"ATTNATLAS_{name}", raising=False)
    return tmp_path


@pytest.fixture
def site(work: Path) -> Path:
    """Write the folder of a site, with the files that the commands look at."""
    folder = work / "site_output"
    (folder / "data").mkdir(parents=True)
    (folder / MARKER).write_text("{}")
    (folder / "index.html").write_text("<!doctype html><title>An atlas</title>")
    (folder / "404.html").write_text("<!doctype html><title>Not here</title>")
    (folder / "data" / "one.safetensors").write_bytes(bytes(2000))
    atlas = {
        "title": "Two banks",
        "models": [{"name": "tiny", "family": "encoder", "page": "models/tiny.html"}],
        "records": [{"id": "one", "text": "The bank."}],
        "captures": [{"model": "tiny", "record": "one"}],
        "settings": {},
        "provenance": {
            "skipped": [],
            "date": "2026-01-02T03:04:05+00:00",
            "command": "attnatlas build",
            "versions": {"python": "3.11.7"},
        },
    }
    (folder / "atlas.json").write_text(json.dumps(atlas))
    own = [path for path in folder.rglob("*") if path.is_file() and path.name != MARKER]
    hashes = {path.relative_to(folder).as_posix(): sha256_of(path) or "" for path in own}
    (folder / MANIFEST).write_text(manifest_text(hashes))
    return folder
