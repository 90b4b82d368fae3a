"""Zips and bags that would write elsewhere, never end, or say what they do not hold."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check

from tests.hostile.case import Case

SITE = {"atlas.json": b"{}", "manifest-sha256.txt": b"", "index.html": b"<p>"}


def packed(folder: Path, *names: str, content: bytes = b"x", **more: int) -> Path:
    """Write a zip of a site and of files with these names."""
    path = folder / "site.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        warnings.simplefilter("ignore")
        for name, held in SITE.items():
            file.writestr(name, held)
        for name in names:
            entry = zipfile.ZipInfo("placeholder")
            entry.filename = name
            entry.external_attr = more.get("attr", 0) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, content)
    return path


def opened(*names: str, content: bytes = b"x", **more: int) -> Callable[[Path], object]:
    return lambda folder: open_site(packed(folder, *names, content=content, **more))


def edited(edit: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Open a zip whose bytes were changed, and read a page of it."""

    def act(folder: Path) -> object:
        path = packed(folder, "big.html", content=b"0123456789" * 50)
        path.write_bytes(edit(path.read_bytes()))
        return open_site(path).read("big.html")

    return act


def declared(name: bytes, at: int, value: int) -> Callable[[bytes], bytes]:
    """Say another number of four bytes in the directory entry of a file."""

    def edit(content: bytes) -> bytes:
        place = content.rindex(b"PK\x01\x02", 0, content.rindex(name)) + at
        return content[:place] + struct.pack("<I", value) + content[place + 4 :]

    return edit


def locked(content: bytes) -> bytes:
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"big.html")) + 8
    return content[:place] + b"\x01" + content[place + 1 :]


def overlapping(folder: Path) -> object:
    """Let many entries of the directory share the bytes of one."""
    path = packed(folder, "big.html", content=b"0123456789" * 5000)
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", content[end + 16 : end + 20])[0]
    entry = content[content.rindex(b"PK\x01\x02", 0, end) : end]
    copies = [entry.replace(b"big.html", f"b{i:02d}.html".encode()) for i in range(90)]
    directory = content[start:end] + b"".join(copies)
    count = len(SITE) + 1 + len(copies)
    tail = struct.pack("<HHIIH", count, count, len(directory), start, 0)
    path.write_bytes(content[:start] + directory + b"PK\x05\x06\0\0\0\0" + tail)
    return open_site(path)


def nested(folder: Path) -> object:
    """A zip in a site is a file like any other: nothing opens it."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("../out.txt", "x")
    site = open_site(packed(folder, "inner.zip", content=inner.getvalue()))
    assert site.read("inner.zip") == inner.getvalue()
    return site


def escaping_manifest(folder: Path) -> object:
    """What a list of files names outside of the site is never read."""
    (folder / "secret").write_text("secret")
    site = folder / "site"
    site.mkdir()
    for name, content in SITE.items():
        (site / name).write_bytes(content)
    (site / "manifest-sha256.txt").write_text(f"{'0' * 64}  ../secret\n{'1' * 64}  /etc/passwd\n")
    report = check(open_site(site), recompute=False)
    assert any(one.file == "manifest-sha256.txt" for one in report.problems)
    assert not any("secret" in one.file or "passwd" in one.file for one in report.problems)
    return report


def escaping_bag(folder: Path) -> object:
    """Nor what a list of a bag names outside of it."""
    (folder / "secret").write_text("secret")
    site = folder / "bag" / "data"
    site.mkdir(parents=True)
    for name, content in SITE.items():
        (site / name).write_bytes(content)
    (folder / "bag" / "bagit.txt").write_text(
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    )
    (folder / "bag" / "manifest-sha256.txt").write_text(f"{'0' * 64}  ../secret\n")
    report = check(open_site(folder / "bag"), recompute=False)
    assert any(
        one.file == "../secret" and one.what.startswith("is missing") for one in report.problems
    )
    return report


def linked_file(folder: Path) -> object:
    """A link where a file should be is told and not followed."""
    site = folder / "site"
    site.mkdir()
    for name, content in SITE.items():
        (site / name).write_bytes(content)
    (folder / "secret").write_text("<p>")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(folder / "secret")
    (site / "manifest-sha256.txt").write_text(f"{'0' * 64}  index.html\n")
    report = check(open_site(site), recompute=False)
    assert any(one.file == "index.html" and "a link" in one.what for one in report.problems)
    return report


CASES = {
    "zip: a step up": Case(opened("../out.txt"), "would lie outside"),
    "zip: a step up inside": Case(opened("a/../../out.txt"), "would lie outside"),
    "zip: the root": Case(opened("/etc/cron.d/x"), "would lie outside"),
    "zip: a drive": Case(opened("C:/out.txt"), "would lie outside"),
    "zip: a share of Windows": Case(opened("//host/share/x"), "would lie outside"),
    "zip: backslashes": Case(opened("..\\out.txt"), "would lie outside"),
    "zip: an empty part": Case(opened("a//b.txt"), "would lie outside"),
    "zip: a name twice": Case(opened("a.html", "a.html"), "'a.html' is in it twice"),
    "zip: a page twice": Case(opened("index.html"), "'index.html' is in it twice"),
    "zip: a link": Case(opened("a", content=b"/etc/passwd", attr=stat.S_IFLNK), "is a link"),
    "zip: a device": Case(opened("a", attr=stat.S_IFCHR), "is a link or a device"),
    "zip: a bomb": Case(
        edited(declared(b"big.html", 24, 4_000_000_000)), "would grow to 4000000000"
    ),
    "zip: files that overlap": Case(overlapping, "its files overlap"),
    "zip: a password": Case(edited(locked), "is locked with a password"),
    "zip: cut off": Case(
        edited(lambda content: content[: len(content) // 2]), "a zip without its end"
    ),
    "zip: a zip inside": Case(nested),
    "manifest: names outside": Case(escaping_manifest),
    "bag: names outside": Case(escaping_bag),
    "folder: a link": Case(linked_file),
}
