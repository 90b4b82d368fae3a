"""A built site is read where it lies, and what an archive could do to a reader is refused."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from attnatlas.errors import InputError
from attnatlas.share.archives import DamagedError
from attnatlas.share.built_site import BuiltSite, open_site
from attnatlas.site.manifest import manifest_text

PAGES = {
    "index.html": b"<!doctype html>",
    "atlas.json": b'{"schema": 1, "title": "Small"}',
    "data/findings.json": b'[{"id": "one"}]',
    "data/m/r.safetensors": bytes(range(200)) * 50,
}


def write_folder(folder: Path) -> Path:
    import hashlib

    for url, content in PAGES.items():
        (folder / url).parent.mkdir(parents=True, exist_ok=True)
        (folder / url).write_bytes(content)
    hashes = {url: hashlib.sha256(content).hexdigest() for url, content in PAGES.items()}
    (folder / "manifest-sha256.txt").write_text(manifest_text(hashes))
    return folder


def write_zip(folder: Path) -> Path:
    path = folder / "site.zip"
    site = write_folder(folder / "one")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(site.rglob("*")):
            if file.is_file():
                packed.write(file, f"atlas/{file.relative_to(site).as_posix()}")
    return path


def write_bag(folder: Path) -> Path:
    write_folder(folder / "bag" / "data" / "site")
    (folder / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (folder / "bag" / "manifest-sha256.txt").write_text("")
    return folder / "bag"


@pytest.mark.parametrize(
    ("form", "write"), [("folder", write_folder), ("zip", write_zip), ("bag", write_bag)]
)
def test_the_same_is_read_from_each_form(
    form: str, write: Callable[[Path], Path], tmp_path: Path
) -> None:
    site = open_site(write(tmp_path))
    assert site.form == form
    assert [*site.files] == sorted([*PAGES, "manifest-sha256.txt"])
    assert {url: site.read(url) for url in PAGES} == PAGES
    assert site.atlas["title"] == "Small"
    assert site.findings == [{"id": "one"}]
    assert all(site.sha256(url) == digest for url, digest in site.manifest.items())


def test_a_link_is_not_followed_and_no_file_is_read_beyond_its_limit(tmp_path: Path) -> None:
    site_folder = write_folder(tmp_path / "site")
    (tmp_path / "secret.html").write_text("mine")
    (site_folder / "leads-out.html").symlink_to(tmp_path / "secret.html")
    site = open_site(site_folder)
    assert "leads-out.html" not in site.files
    with pytest.raises(DamagedError, match="a link"):
        site.read("leads-out.html")
    with pytest.raises(DamagedError, match="more than 100 bytes"):
        site.read("data/m/r.safetensors", most=100)
    with pytest.raises(DamagedError, match="missing"):
        site.read("../secret.html")


def test_a_damaged_file_of_a_zip_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path)
    content = path.read_bytes()
    at = content.index(b"atlas/index.html") + len("atlas/index.html")
    path.write_bytes(content[:at] + bytes([content[at] ^ 8]) + content[at + 1 :])
    with pytest.raises(DamagedError, match=r"index\.html"):
        open_site(path).read("index.html")


def test_what_is_no_site_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "none"):
        with pytest.raises(InputError):
            open_site(path)
    cut = write_zip(tmp_path)
    cut.write_bytes(b"PK\x05\x06" + b"\xff" * 18)
    with pytest.raises(InputError, match="not a zip"):
        open_site(cut)


def test_reading_a_zip_writes_nothing(tmp_path: Path) -> None:
    path = write_zip(tmp_path)
    before = sorted(os.fspath(found) for found in tmp_path.rglob("*"))
    site: BuiltSite = open_site(path)
    assert json.loads(site.text("atlas.json")) == site.atlas
    assert sorted(os.fspath(found) for found in tmp_path.rglob("*")) == before
