"""A site as one file: the same bytes every time, and whole."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from attnatlas.cli import run
from attnatlas.pages.packing import characters, pack_script, packs_in
from attnatlas.site.manifest import is_whole
from attnatlas.site.ownership import is_atlas

from tests.share.spoiled import renewed


def exported(site: Path, target: Path, *options: str) -> bytes:
    """Return the bytes that an export writes."""
    assert run(["export", str(site), *options, "-o", str(target)]) == 0
    return target.read_bytes()


def test_two_zips_are_the_same_and_open_when_unpacked(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / small.name
    shutil.copytree(small, copy, copy_function=shutil.copyfile)
    (copy / "notes.txt").write_text("mine")
    one = exported(small, tmp_path / "one.zip", "--zip")
    assert exported(copy, tmp_path / "two.zip", "--zip") == one
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert is_whole(tmp_path / "out" / "lines")
    assert is_atlas(tmp_path / "out" / "lines")
    assert exported(tmp_path / "one.zip", tmp_path / "three.zip", "--zip")[:2] == b"PK"


def test_two_single_files_are_the_same(small: Path, tmp_path: Path) -> None:
    one = exported(small, tmp_path / "one.html", "--single-file")
    exported(small, tmp_path / "site.zip", "--zip")
    assert exported(tmp_path / "site.zip", tmp_path / "two.html", "--single-file") == one


def test_a_single_file_is_hardly_larger_than_a_zip(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zipped = len(exported(small, tmp_path / "one.zip", "--zip"))
    capsys.readouterr()
    single = len(exported(small, tmp_path / "one.html", "--single-file"))
    assert single <= 1.15 * zipped
    told = capsys.readouterr()
    assert told.out.strip() == str(tmp_path / "one.html")
    assert f"{single / 1000:,.1f}" in told.err.splitlines()[-1]
    without = exported(small, tmp_path / "two.html", "--single-file", "--without-numbers")
    assert len(without) < single - 20_000


def test_what_runs_in_a_single_file_is_named_by_its_hash(small: Path, tmp_path: Path) -> None:
    text = exported(small, tmp_path / "one.html", "--single-file").decode("utf-16")
    policy = re.search(r'Content-Security-Policy"\s*content="([^"]+)"', text)
    assert policy
    assert "script-src &#39;sha256-" in policy[1]
    assert "self" not in policy[1]
    assert "http" not in policy[1]
    assert len(re.findall("<script>", text)) == 1


def test_chosen_texts_alone_have_their_pages(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = exported(small, tmp_path / "all.html", "--single-file")
    assert len(exported(small, tmp_path / "one.html", "--only", "river", "--single-file")) < len(
        whole
    )
    assert "1 other text" in capsys.readouterr().err
    assert run(["export", str(small), "--single-file", "--only", "rivre"]) == 2
    assert "'river'" in capsys.readouterr().err


def test_one_report_is_a_small_file(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = exported(small, tmp_path / "errors.html", "--report", "errors")
    assert len(report) < 0.4 * len(exported(small, tmp_path / "all.html", "--single-file"))
    assert run(["export", str(small), "--report", "error"]) == 2
    assert "'errors'" in capsys.readouterr().err


def test_what_to_write_has_to_be_said(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(small)]) == 2
    assert "--single-file" in capsys.readouterr().err


def test_a_folder_is_no_file_to_write(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(small), "--zip", "-o", str(tmp_path)]) == 2
    assert f"{tmp_path} is a folder; name a file" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_packs_come_out_of_a_script_as_they_went_in() -> None:
    every = b"".join(number.to_bytes(2, "little") for number in range(0x10000))
    packs = {"self.L00": every, 'a "quoted\\" key': b"odd", "empty": b""}
    assert packs_in(pack_script(packs)) == packs
    assert "<" not in characters(every)


def test_a_space_has_the_header_that_the_hub_reads(small: Path, tmp_path: Path) -> None:
    assert run(["export", str(small), "--space", "-o", str(tmp_path / "space")]) == 0
    _, header, body = (tmp_path / "space" / "README.md").read_text("utf-8").split("---\n", 2)
    about = yaml.safe_load(header)
    assert about["sdk"] == "static"
    assert (tmp_path / "space" / about["app_file"]).is_file()
    assert about["title"] == "Two lines"
    assert "sentiment" in body
    assert is_whole(tmp_path / "space")


def test_a_model_card_has_what_was_measured(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(small), "--model-card"]) == 0
    _, header, body = capsys.readouterr().out.split("---\n", 2)
    (entry,) = yaml.safe_load(header)["model-index"]
    assert entry["name"] == "sentiment"
    (metric,) = entry["results"][0]["metrics"]
    errors = json.loads((small / "data" / "reports" / "errors.json").read_text("utf-8"))
    table = errors["tables"]["accuracy"]
    assert metric["value"] == table["rows"][0][table["columns"].index("accuracy")]
    assert body.count("\n- ") > 3


def test_a_page_is_printed(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "home.pdf"
    assert run(["export", str(small), "--pdf", "index.html", "-o", str(target)]) == 0
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 10_000


def test_a_page_that_is_not_there_is_not_printed(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(small), "--pdf", "nowhere.html"]) == 2
    assert "index.html is one" in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_nothing_is_made_of_a_site_that_is_not_whole(
    damage: str, copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = copied / "about.html"
    page.write_text("spoiled") if damage == "changed" else page.unlink()
    for form in ("--zip", "--single-file", "--bag"):
        assert run(["export", str(copied), form, "-o", str(tmp_path / "made")]) == 1
        assert "about.html" in capsys.readouterr().err
        assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--zip", "--only", "river"], "--only goes with --single-file alone"),
        (["--report", "errors", "--without-numbers"], "--without-numbers goes with --single-file"),
        (["--zip", "--bag"], "--zip and --bag: ask for one at a time"),
        (["--model-card", "--pdf", "index.html"], "--model-card and --pdf: ask for one"),
    ],
)
def test_no_option_is_passed_over(
    options: list[str],
    says: str,
    small: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "made"
    assert run(["export", str(small), *options, "-o", str(target)]) == 2
    assert says in capsys.readouterr().err
    assert not target.exists()


FORMS = [
    ["--zip"],
    ["--single-file"],
    ["--report", "errors"],
    ["--model-card"],
    ["--pdf", "index.html"],
    ["--space"],
    ["--bag"],
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_what_is_the_users_is_not_written_over(
    form: list[str], small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "README.html"
    mine.write_text("my own words")
    assert run(["export", str(small), *form, "-o", str(mine)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"Error: {mine} is there already; remove it, or choose another with -o."
    )
    assert mine.read_text() == "my own words"
    assert [*tmp_path.iterdir()] == [mine]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(
    form: list[str], small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes").write_text("a file, no folder")
    target = tmp_path / "notes" / "made"
    assert run(["export", str(small), *form, "-o", str(target)]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith(f"Error: {target} cannot be written: ")
    assert told.endswith("; choose another place with -o.")
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes"]


def test_a_later_export_takes_the_place_of_an_earlier_one(small: Path, tmp_path: Path) -> None:
    for form, name in (("--zip", "a.zip"), ("--single-file", "a.html")):
        one = exported(small, tmp_path / name, form)
        assert exported(small, tmp_path / name, form) == one


def test_an_export_of_an_export_is_named_after_the_site(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(small, tmp_path / "a.b.ZIP", "--zip")
    capsys.readouterr()
    assert run(["export", str(tmp_path / "a.b.ZIP"), "--bag"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "a.b-bag")


@pytest.mark.parametrize("form", ["--zip", "--bag", "--single-file"])
def test_one_html_file_is_not_made_into_all_of_a_site(
    form: str, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(small, tmp_path / "one.html", "--single-file")
    capsys.readouterr()
    assert run(["export", str(tmp_path / "one.html"), form]) == 2
    assert "one.html was made without some files of its site; name" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["one.html"]


def test_a_zip_that_was_cut_is_known_as_one(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = exported(small, tmp_path / "whole.zip", "--zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(content[: len(content) // 2])
    capsys.readouterr()
    for command in (["check"], ["verify"], ["export", "--space"]):
        assert run([*command, str(cut)]) == 2
        assert capsys.readouterr().err == (
            f"Error: {cut} is a zip without its end; copy it again, or export it again.\n"
        )


def test_what_a_site_says_is_no_markup_in_a_card_or_a_space(copied: Path, tmp_path: Path) -> None:
    hostile = "x](javascript:a) <img src=//e.example/a.png> ![p](https://e.example/p) `b` | # *c*"
    atlas = json.loads((copied / "atlas.json").read_text("utf-8"))
    atlas["title"] = f"{hostile}\n# Another heading"
    (copied / "atlas.json").write_text(json.dumps(atlas), "utf-8")
    findings = json.loads((copied / "data/findings.json").read_text("utf-8"))
    own = next(one for one in findings if one["page"] == atlas["models"][0]["page"])
    own["statement"] = hostile
    (copied / "data/findings.json").write_text(json.dumps(findings), "utf-8")
    renewed(copied)
    card = tmp_path / "card.md"
    assert run(["export", str(copied), "--model-card", "-o", str(card)]) == 0
    assert run(["export", str(copied), "--space", "-o", str(tmp_path / "space")]) == 0
    readme = (tmp_path / "space" / "README.md").read_text("utf-8").partition("\n---\n")[2]
    for text in (card.read_text("utf-8"), readme):
        assert "e.example/a.png" in text
        for mark in (
            "<img",
            r"\]\(j",
            r"!\[p",
            r"\]\(https:",
            "`b`",
            r"\*c",
            r"https://e",
            r"\n# Ano",
        ):
            assert not re.search(rf"(?<!\\){mark}", text), mark
