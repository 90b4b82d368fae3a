"""A check finds every changed byte, and every sentence that the numbers do not bear out."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses.analysis import RecordAnalysis
from attnatlas.cli import run
from attnatlas.results.shapes import Result
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import Report
from attnatlas.share.check.everything import check as check_site
from attnatlas.share.check.whole import _file

from tests.plugins import installed
from tests.share.spoiled import bagged, renewed, zipped
from tests.site.test_from_sites import TEXTS, site


def checked(path: Path, recompute: bool = False) -> Report:
    return check_site(open_site(path), recompute=recompute)


def flipped(content: bytes, at: int | None = None) -> bytes:
    place = len(content) // 2 if at is None else at
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def names_of(report: Report) -> str:
    return "\n".join(map(str, report.problems))


def test_a_good_site_is_good_in_every_form(small: Path, tmp_path: Path) -> None:
    for path in (small, zipped(small, tmp_path / "a.zip"), bagged(small, tmp_path / "bag")):
        report = checked(path, recompute=path == small)
        assert report.problems == ()
        assert report.notes == ()
    packed_bag = zipped(tmp_path / "bag", tmp_path / "bag.zip")
    report = checked(packed_bag, recompute=True)
    assert (report.form, report.problems) == ("bag", ())


def test_one_flipped_byte_in_any_file_is_found_and_the_file_named(copied: Path) -> None:
    files = sorted(path for path in copied.rglob("*") if path.is_file())
    assert len({path.suffix for path in files}) >= 7
    missed = []
    for path in files:
        content = path.read_bytes()
        if not content:
            continue
        for at in {0, len(content) // 3, len(content) - 1}:
            path.write_bytes(flipped(content, at))
            url = path.relative_to(copied).as_posix()
            found = files_only(copied)
            if url not in found:
                missed.append((url, at, found))
        path.write_bytes(content)
    assert missed == []
    assert files_only(copied) == ""


def places(content: bytes, draw: random.Random, count: int) -> list[int]:
    """Return first and last byte, and some at random."""
    return [0, len(content) - 1, *(draw.randrange(len(content)) for _ in range(count))]


def test_each_file_of_a_folder_and_a_bag_is_named_wherever_it_is_changed(
    small: Path, tmp_path: Path
) -> None:
    """What compares one file with the manifest decides; a thousand places and more."""
    folder, draw, tried, missed = bagged(small, tmp_path / "bag"), random.Random(18), 0, []
    place = open_site(folder)
    assert list(place.manifest) == list(open_site(small).manifest)
    for url in place.manifest:
        path = folder / "data" / "site" / url
        content = path.read_bytes()
        for at in places(content, draw, 12) if content else ():
            path.write_bytes(flipped(content, at))
            tried += 1
            missed += [] if url in "".join(map(str, _file(place, url))) else [(url, at)]
        path.write_bytes(content)
    assert tried > 1000
    assert missed == []


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "manifest.js", ".attnatlas-site"])
def test_the_lists_themselves_are_named_wherever_they_are_changed(copied: Path, name: str) -> None:
    path, draw, missed = copied / name, random.Random(18), []
    content = path.read_bytes()
    for at in places(content, draw, 40):
        path.write_bytes(flipped(content, at))
        missed += [] if name in files_only(copied) else [at]
    assert missed == []


def test_each_file_of_a_zip_is_named_wherever_it_is_changed(small: Path, tmp_path: Path) -> None:
    path, draw, missed = zipped(small, tmp_path / "site.zip"), random.Random(18), []
    with zipfile.ZipFile(path) as packed:
        entries = {entry.filename: entry for entry in packed.infolist() if entry.file_size}
        held = {name: packed.read(name) for name in entries}
    whole = path.read_bytes()
    for url in open_site(path).manifest:
        start = whole.index(held[url], entries[url].header_offset) if url in held else 0
        for at in places(held[url], draw, 3) if url in held else ():
            path.write_bytes(flipped(whole, start + at))
            missed += [] if url in "".join(map(str, _file(open_site(path), url))) else [(url, at)]
    assert missed == []


def files_only(path: Path) -> str:
    """Return what is said of the files themselves: the part of a check that looks at bytes."""
    from attnatlas.share.check.bags import bag
    from attnatlas.share.check.signature import signature
    from attnatlas.share.check.whole import whole

    site = open_site(path)
    return "\n".join(map(str, [*bag(site), *whole(site), *signature(site)]))


def test_an_empty_file_that_is_filled_is_found(copied: Path) -> None:
    (copied / ".nojekyll").write_text("x")
    assert ".nojekyll" in files_only(copied)


@pytest.mark.parametrize("seal", [False, True])
def test_a_flipped_byte_is_found_in_a_zip(small: Path, tmp_path: Path, seal: bool) -> None:
    """In the zip as it lies there, and in one that was packed again with the changed file."""
    path = zipped(small, tmp_path / "site.zip")
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        contents = {entry.filename: packed.read(entry) for entry in entries}
    whole, missed = path.read_bytes(), []
    for entry in entries if not seal else entries[::4]:
        if not entry.file_size:
            continue
        if seal:
            with zipfile.ZipFile(path, "w") as packed:
                for name, content in contents.items():
                    packed.writestr(name, flipped(content) if name == entry.filename else content)
        else:
            start = whole.index(contents[entry.filename], entry.header_offset)
            path.write_bytes(flipped(whole, start + entry.file_size // 2))
        if entry.filename not in files_only(path):
            missed.append(entry.filename)
    assert missed == []


def test_a_flipped_byte_is_found_in_a_bag(small: Path, tmp_path: Path) -> None:
    folder = bagged(small, tmp_path / "bag")
    missed = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if content := path.read_bytes():
            path.write_bytes(flipped(content))
            if path.relative_to(folder).as_posix().removeprefix("data/site/") not in files_only(
                folder
            ):
                missed.append(path)
            path.write_bytes(content)
    assert missed == []


def test_what_is_missing_and_what_was_put_in_is_found(copied: Path) -> None:
    (copied / "data/sentiment/heads.csv").unlink()
    (copied / "records/sentiment/planted.html").write_text("<p>mine</p>")
    (copied / "notes.txt").write_text("the owner's")
    (copied / "data" / "README.md").write_text("the owner's, too")
    found = files_only(copied)
    assert "heads.csv: it is missing" in found
    assert "planted.html" in found
    assert "notes" not in found
    assert "README" not in found


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), "utf-8")


PAGE, END = "models/sentiment.html", "</body>"
SPOILS: dict[str, tuple[str, str, str, str]] = {
    "a script from elsewhere": (PAGE, END, "<script src=//x.y/a.js></script>" + END, "elsewhere"),
    "a picture from elsewhere": (PAGE, END, '<img src="//x.y/a.png">' + END, "elsewhere"),
    "a handler": (PAGE, "<body", '<body onload="x()"', "onload"),
    "a loose policy": (PAGE, "script-src 'self'", "script-src 'unsafe-inline'", "script-src"),
    "an open policy": (PAGE, "connect-src 'none'", "connect-src *", "connect-src"),
    "no policy": (PAGE, "Content-Security-Policy", "X-Policy", "Content-Security-Policy"),
    "a frame": (PAGE, "</body>", '<iframe src="index.html"></iframe></body>', "iframe"),
    "a redirect": (PAGE, "<title>", '<meta http-equiv="refresh" content="0"><title>', "refresh"),
    "a script link": (PAGE, "</body>", '<a href="javascript:x()">x</a></body>', "javascript:"),
    "a dead link": (PAGE, "</body>", '<a href="../gone.html">x</a></body>', "gone.html"),
    "a dead fragment": (PAGE, "</body>", '<a href="#nowhere">x</a></body>', "nowhere"),
    "a style from elsewhere": ("assets/atlas.css", "body", "@import 'https://x';body", "@import"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILS)
def test_a_page_that_is_not_safe_is_found_though_the_manifest_fits(name: str, copied: Path) -> None:
    url, old, new, said = SPOILS[name]
    replaced(copied / url, old, new)
    renewed(copied)
    found = [str(one) for one in checked(copied).problems]
    assert any(one.startswith(f"{url}:") and said in one for one in found), found


def first_finding(site: Path, name: str) -> dict[str, object]:
    findings = json.loads((site / "data/findings.json").read_text("utf-8"))
    return next(one for one in findings if one["id"] == f"sentiment-{name}")


def everywhere(site: Path, old: str, new: str) -> None:
    """Say something else on all pages, and in the list of findings."""
    for page in [*site.rglob("*.html"), site / "data/findings.json"]:
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


def test_a_forged_sentence_is_found_against_the_findings(copied: Path) -> None:
    said = str(first_finding(copied, "self-reach")["statement"])
    kept = (copied / "data/findings.json").read_text("utf-8")
    everywhere(copied, said[:20], "All is said to be far")
    (copied / "data/findings.json").write_text(kept, "utf-8")
    renewed(copied)
    found = names_of(checked(copied))
    assert f"{PAGE}: lacks the sentence: {said[:60]}" in found
    assert f"{PAGE}: prints a sentence that is no finding: All is said to be far" in found


def test_a_forged_finding_is_found_against_the_data(copied: Path) -> None:
    """Page, findings and manifest all say the same; the tensors do not."""
    said = str(first_finding(copied, "self-reach")["statement"])
    everywhere(copied, said[:20], "All is said to be far")
    renewed(copied)
    assert "All is said" not in names_of(checked(copied))
    found = names_of(checked(copied, recompute=True))
    assert "data/findings.json: sentiment-self-reach says: All is said to be far" in found


@pytest.mark.parametrize("name", ["value", "n", "interval"])
def test_a_forged_number_is_found_against_the_data(name: str, copied: Path) -> None:
    path = copied / "data/findings.json"
    findings = json.loads(path.read_text("utf-8"))
    for one in findings:
        if one["id"] == "sentiment-self-spread":
            one[name] = [0.1, 0.2] if name == "interval" else 7
    path.write_text(json.dumps(findings), "utf-8")
    renewed(copied)
    assert "sentiment-self-spread has" in names_of(checked(copied, recompute=True))


def test_a_forged_end_of_an_interval_is_found_to_the_millionth(copied: Path) -> None:
    """Attention is float16 here, and findings were computed from just what the files hold."""
    path = copied / "data" / "findings.json"
    findings = json.loads(path.read_text("utf-8"))
    one = next(one for one in findings if one["id"] == "sentiment-self-spread")
    one["null"][1] += 1e-5
    path.write_text(json.dumps(findings), "utf-8")
    renewed(copied)
    assert "sentiment-self-spread has null" in names_of(checked(copied, recompute=True))


def test_forged_tables_and_tensors_are_found(copied: Path) -> None:
    from safetensors.numpy import load_file, save_file

    heads = copied / "data/sentiment/heads.csv"
    lines = heads.read_text("utf-8").splitlines()
    cells = lines[5].split(",")
    cells[lines[0].split(",").index("entropy")] = "0.01"
    heads.write_text("\n".join([*lines[:5], ",".join(cells), *lines[6:]]) + "\n")
    renewed(copied)
    assert "heads.csv: says an entropy of 0.01 for L0H4" in names_of(checked(copied))
    path = copied / "data/sentiment/river.safetensors"
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    arrays = load_file(path)
    arrays["attention.self"] = arrays["attention.self"] * np.float16(0.9)
    save_file(arrays, path, metadata)
    renewed(copied)
    assert "river.safetensors: attention.self has a row that misses 1" in names_of(checked(copied))


def test_a_picture_that_the_tensors_do_not_bear_out_is_found(copied: Path) -> None:
    """Two heads change places in what the page paints, and the manifest fits."""
    from attnatlas.pages.packing import alike_together, in_order, pack, pack_script, packs_in

    (path,) = (copied / "maps").rglob("river.self.js")
    content = np.frombuffer(gzip.decompress(packs_in(path.read_bytes())["self"]), np.uint8)
    heads = in_order(content, (4, 8, -1))
    heads[:, [0, 1]] = heads[:, [1, 0]]
    path.write_bytes(pack_script({"self": pack(alike_together(heads))}))
    renewed(copied)
    found = names_of(checked(copied))
    assert "river.self.js: paints something else than attention.self of data/" in found
    twice = content.copy()
    twice[:2] = twice[2:4]
    path.write_bytes(pack_script({"self": pack(twice)}))
    renewed(copied)
    assert "river.self.js: has another order of heads than" in names_of(checked(copied))


def test_a_page_of_another_kind_is_checked_as_far_as_it_goes(small: Path, tmp_path: Path) -> None:
    assert run(["diff", str(small), str(small), "-o", str(tmp_path / "diff")]) == 0
    assert run(["history", str(small), str(small), "-o", str(tmp_path / "history")]) == 0
    for name in ("diff", "history"):
        report = checked(tmp_path / name, recompute=True)
        assert report.problems == ()
        assert "no atlas" in " ".join(report.notes)
    (tmp_path / "diff" / "index.html").write_text("<p>other")
    assert "index.html: is not what" in names_of(checked(tmp_path / "diff"))


def test_schemas_and_the_budget_are_looked_at(copied: Path) -> None:
    replaced(copied / "atlas.json", '"schema": 1', '"schema": "one"')
    renewed(copied)
    report = check_site(open_site(copied), recompute=False, budget_mb=1)
    assert "atlas.json: is not as its schema wants it" in names_of(report)
    assert "the site: weighs" in names_of(report)


@pytest.mark.parametrize(
    ("spoil", "code"), [(lambda site: None, 0), (lambda site: (site / "about.html").unlink(), 1)]
)
def test_the_command_ends_with_its_code(
    spoil: Callable[[Path], None], code: int, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(copied)
    assert run(["check", str(copied), "--fast", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert said["good"] == (code == 0)
    assert run(["check", str(copied.parent)]) == 2
    assert "holds no site" in capsys.readouterr().err


def failing(capture: object) -> Result:
    raise ArithmeticError("nothing to divide by")


def test_an_analysis_that_failed_is_no_fault_of_the_site(tmp_path: Path) -> None:
    broken = RecordAnalysis(
        name="broken", title="A broken one", about="", reading="", limits="", cite="",
        compute=failing,
    )  # fmt: skip
    with installed(broken):
        folder = site(tmp_path / "site", "made", TEXTS["tide"])
        assert checked(folder).problems == ()
        page = next((folder / "records").rglob("*.html"))
        page.write_text(page.read_text("utf-8").replace("nothing to divide by", "all is well"))
        renewed(folder)
        assert "lacks the sentence: A broken one could not be computed" in names_of(checked(folder))
