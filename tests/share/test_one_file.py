"""A site in one HTML file is checked as its folder is, and every changed byte is found."""

from __future__ import annotations

import codecs
import gzip
import json
import random
import re
from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.pages.packing import pack_script, packs_in
from attnatlas.share.archives import DamagedError
from attnatlas.share.built_site import open_site
from attnatlas.share.check.envelope import envelope
from attnatlas.share.check.everything import Report, check
from attnatlas.share.check.problem import Problem
from attnatlas.share.check.whole import whole
from attnatlas.share.chosen import choose, contents_of
from attnatlas.share.one_file import _is_sealed, seal
from attnatlas.share.single_file import single_file

from tests.share.spoiled import renewed


@pytest.fixture(scope="module")
def one(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small site in one file."""
    path = tmp_path_factory.mktemp("one") / "site.html"
    assert run(["export", str(small), "--single-file", "-o", str(path)]) == 0
    return path


def said(path: Path) -> str:
    """Return what a check says of the bytes of a file."""
    try:
        site = open_site(path)
        found = [*envelope(site), *whole(site)]
    except DamagedError as error:
        return str(error)
    return "\n".join(str(problem) for problem in found if isinstance(problem, Problem))


def whole_check(path: Path) -> Report:
    return check(open_site(path))


def test_one_file_is_good_and_its_findings_are_recomputed(one: Path, small: Path) -> None:
    report = whole_check(one)
    assert (report.form, report.problems) == ("file", ())
    assert report.notes == (
        f"2 of {len(open_site(small).manifest)} files of the site are not in this one.",
    )
    site, folder = open_site(one), open_site(small)
    assert {url: site.read(url) for url in site.files} == {
        url: folder.read(url) for url in site.files
    }
    assert any(url.startswith("maps/") for url in site.files)


@pytest.mark.parametrize(
    "options", [["--only", "river", "--without-numbers"], ["--only", "film"], ["--report"]]
)
def test_a_part_of_a_site_is_checked_as_far_as_it_goes(
    small: Path, tmp_path: Path, options: list[str]
) -> None:
    path = tmp_path / "part.html"
    words = ["--report", "errors"] if "--report" in options else ["--single-file", *options]
    assert run(["export", str(small), *words, "-o", str(path)]) == 0
    report = whole_check(path)
    assert report.problems == ()
    assert "not in this one" in report.notes[0]
    assert len(report.notes) == 2


def test_every_flipped_byte_is_found(one: Path, tmp_path: Path) -> None:
    content, path = one.read_bytes(), tmp_path / "flipped.html"
    places = {*range(0, len(content), len(content) // 97), *range(8), *range(-160, 0, 7)}
    missed = []
    for at in sorted(place % len(content) for place in places):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        if not said(path):
            missed.append(at)
    assert missed == []
    path.write_bytes(content[:-2])
    assert "last line" in said(path)


def test_no_flipped_bit_leaves_a_file_sealed(one: Path) -> None:
    """The seal decides: at each end of a part, near it, and at two thousand places at random."""
    content, draw = bytearray(one.read_bytes()), random.Random(18)
    text = content.decode("utf-16")
    assert _is_sealed(bytes(content), text)
    parts = [2 + 2 * found.start() for found in re.finditer("<script|</script|<!--", text)]
    ends = {place + step for place in parts for step in (-2, -1, 0, 1, 2)}
    places = {*ends, *range(64), *range(-2 * len(seal(b"")) - 8, 0)}
    places |= {draw.randrange(len(content)) for _ in range(2000)}
    missed = []
    for place in places:
        content[place] ^= (bit := 1 << draw.randrange(8))
        try:
            sealed = _is_sealed(bytes(content), content.decode("utf-16"))
        except UnicodeDecodeError:  # no text: refused before
            sealed = False
        missed += [place] if sealed else []
        content[place] ^= bit
    assert len(places) > 2200
    assert missed == []
    assert _is_sealed(bytes(content), content.decode("utf-16"))


def test_a_changed_file_inside_is_named(small: Path, one: Path, tmp_path: Path) -> None:
    contents = contents_of(open_site(small))
    path = tmp_path / "forged.html"
    names = ("about.html", "data/findings.json", "data/sentiment/heads.csv", "assets/home.js")
    for url in (*names, "data/sentiment/river.safetensors", "maps/index.js"):
        forged = contents | {url: edited(url, contents[url])}
        path.write_bytes(single_file(forged, choose(forged)).content)
        assert f"{url}: is not what manifest-sha256.txt says" in said(path), url


def edited(url: str, content: bytes) -> bytes:
    """Return a file with another byte; of a script of matrices, with another weight."""
    if url.startswith("maps"):
        packs = {key: bytearray(gzip.decompress(data)) for key, data in packs_in(content).items()}
        next(iter(packs.values()))[0] ^= 1
        return pack_script({key: gzip.compress(data) for key, data in packs.items()})
    at = content.index(b"a", len(content) // 2)
    return content[:at] + b"b" + content[at + 1 :]


def test_a_forged_finding_is_found_in_one_file(copied: Path, tmp_path: Path) -> None:
    findings = copied / "data" / "findings.json"
    told = json.loads(findings.read_text("utf-8"))
    at = next(i for i, one in enumerate(told) if one.get("level") and one.get("value"))
    told[at]["value"] += 0.25
    findings.write_text(json.dumps(told), "utf-8")
    renewed(copied)
    path = tmp_path / "forged.html"
    assert run(["export", str(copied), "--single-file", "-o", str(path)]) == 0
    problems = "\n".join(map(str, whole_check(path).problems))
    assert told[at]["id"] in problems


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('<img src="https://example.org/a.png">', "loads something: img https://example.org"),
        ("<script>alert(1)</script>", "a policy for other scripts"),
        ('<iframe src="a"></iframe>', "iframe"),
        ('<p onclick="x()">A</p>', "p onclick"),
        ('<meta http-equiv="refresh" content="0;url=//x.y">', "meta refresh"),
    ],
)
def test_what_is_planted_around_the_site_is_found(
    one: Path, tmp_path: Path, planted: str, found: str
) -> None:
    text = one.read_text("utf-16").rpartition("<!-- sha256")[0]
    text = text.replace("</main>", f"{planted}</main>", 1)
    path = tmp_path / "planted.html"
    path.write_bytes(sealed(text))
    assert found in said(path)


def sealed(text: str) -> bytes:
    """Return a file with a last line that fits it, as a forger would write it."""
    content = codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return content + seal(content).encode("utf-16-le")


def test_a_policy_that_allows_more_is_found(one: Path, tmp_path: Path) -> None:
    text = one.read_text("utf-16").rpartition("<!-- sha256")[0]
    path = tmp_path / "open.html"
    path.write_bytes(sealed(text.replace("connect-src &#39;none&#39;", "connect-src *")))
    assert "allows connect-src *" in said(path)


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ({"../../etc/passwd": [0, 0, 4]}, "odd entry"),
        ({"/etc/passwd": [0, 0, 4]}, "odd entry"),
        ({"atlas.json": [7, 0, 4]}, "odd entry"),
        ({"atlas.json": [0, -1, 4]}, "odd entry"),
        ({"atlas.json": [0, 0, 10**12]}, "far more than it holds"),
        ({"atlas.json": "all"}, "no atlas in one file"),
        ([], "no atlas in one file"),
    ],
)
def test_a_list_of_files_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], places: object, reason: str
) -> None:
    from attnatlas.share.single_file import _island

    index = gzip.compress(json.dumps({"home": "index.html", "places": places}).encode())
    text = "<!DOCTYPE html>" + _island("index", index) + _island(0, gzip.compress(b"{}  "))
    path = tmp_path / "odd.html"
    path.write_bytes(sealed(text))
    assert run(["check", str(path)]) == 1
    assert reason in capsys.readouterr().err


def test_a_page_that_is_no_atlas_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>Hello</p>")
    assert run(["check", str(path)]) == 1
    told = capsys.readouterr().err
    assert "page.html cannot be read: it is no atlas in one file" in told
    assert "Traceback" not in told
