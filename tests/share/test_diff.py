"""Two sites compared: the rule of the five states, what is told, and the page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.share.built_site import open_site
from attnatlas.share.check.page import read_page
from attnatlas.share.diff.compare import compare
from attnatlas.share.diff.states import Number, State, of_numbers, widths

from tests.share.spoiled import renewed, zipped


@pytest.mark.parametrize(
    ("before", "after", "floor", "state"),
    [
        (Number(0.5, 0.4, 0.6), Number(0.5, 0.4, 0.6), 0.0, "identical"),
        (Number(0.5, 0.4, 0.6), Number(0.7, 0.55, 0.85), 0.0, "within noise"),
        (Number(0.5, 0.4, 0.6), Number(0.8, 0.7, 0.9), 0.0, "changed"),
        (Number(0.8, 0.7, 0.9), Number(0.5, 0.4, 0.6), 0.1, "changed"),
        (Number(0.5, 0.49, 0.51), Number(0.54, 0.53, 0.55), 0.1, "within noise"),
        (Number(0.5), Number(0.505), 0.0, "within noise"),
        (Number(0.5), Number(0.52), 0.0, "changed"),
        (Number(0.5), Number(0.52, 0.51, 0.53), 0.05, "within noise"),
    ],
)
def test_the_state_of_a_number(before: Number, after: Number, floor: float, state: State) -> None:
    assert of_numbers(before, after, floor) == state


def test_widths_say_whether_intervals_meet() -> None:
    before = Number(0.5, 0.4, 0.55)
    assert widths(before, Number(0.6, 0.55, 0.7)) == pytest.approx(1)
    assert widths(before, Number(0.9, 0.8, 1.0)) == pytest.approx(0.4 / 0.15)
    assert widths(before, Number(0.2, 0.1, 0.3)) == pytest.approx(-0.3 / 0.2)
    assert widths(before, Number(0.2)) is None


@pytest.fixture
def other(copied: Path) -> Path:
    """A site in which a finding, a head, an answer and a text are others."""
    findings = json.loads((copied / "data/findings.json").read_text("utf-8"))
    first, second, *_ = [one for one in findings if one["value"] is not None]
    first |= {"value": first["value"] + 0.5, "interval": None, "statement": "It is another one."}
    second["value"] += 0.001
    findings.append({**first, "key": "new", "id": "new", "statement": "It is new."})
    (copied / "data/findings.json").write_text(json.dumps(findings), "utf-8")
    path = copied / "data/sentiment/heads_intervals.csv"
    lines = path.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("self,1,3,previous,"))
    lines[at] = "self,1,3,previous,0.9,0.89,0.91,2"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    data = copied / "data/sentiment/river.safetensors"
    content = data.read_bytes()
    said = b'\\"label\\":\\"negative\\",\\"score\\"'
    assert said in content
    data.write_bytes(content.replace(said, b'\\"label\\":\\"positive\\",\\"score\\"'))
    atlas = json.loads((copied / "atlas.json").read_text("utf-8"))
    atlas["records"][1]["text"] = "Another text."
    atlas["models"][0]["weights_sha256"] = "0" * 64
    atlas["settings"]["max_tokens"] = 7
    atlas["settings"]["title"] = "A title is no number"
    (copied / "atlas.json").write_text(json.dumps(atlas), "utf-8")
    renewed(copied)
    return copied


def test_everything_that_is_not_the_same_is_told(small: Path, other: Path) -> None:
    found = compare(open_site(small), open_site(other))
    state = {(item.group, item.title): item.state for item in found.items}
    assert found.counts["models"]["changed"] == 1
    assert state["texts", "film"] == "changed"
    assert found.counts["texts"]["identical"] == 1
    assert [item.title for item in found.of("settings", "changed")] == ["max_tokens"]
    assert found.counts["software"]["identical"] == len(found.of("software", "identical"))
    assert [item.after for item in found.of("findings", "changed")] == ["It is another one."]
    assert found.counts["findings"] | {"identical": 0} == {
        "changed": 1, "added": 1, "removed": 0, "within noise": 1, "identical": 0,
    }  # fmt: skip
    assert [item.title for item in found.of("answers", "changed")] == ["river"]
    assert [item.key for item in found.movers()] == ["sentiment self L1H3 previous"]
    assert found.counts["heads"]["changed"] == 1
    back = compare(open_site(other), open_site(small))
    assert back.counts["findings"]["removed"] == 1


def test_a_site_is_identical_with_itself_in_a_zip(small: Path, tmp_path: Path) -> None:
    found = compare(open_site(small), open_site(zipped(small, tmp_path / "site.zip")))
    assert {item.state for item in found.items} == {"identical"}
    assert not found.changed


def test_the_command_and_its_codes(
    small: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", str(small), str(small), "--fail-on-change"]) == 0
    assert run(["diff", str(small), str(other)]) == 0
    said = capsys.readouterr().out
    assert "changed: river: negative" in said
    assert run(["diff", str(small), str(other), "--fail-on-change", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["changed"]
    assert said["counts"]["answers"]["changed"] == 1
    assert run(["diff", str(small), str(tmp_path)]) == 2


def test_the_page_is_whole_and_loads_nothing_from_elsewhere(
    small: Path, other: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(["diff", str(small), str(other), "-o", str(out)]) == 0
    page = read_page((out / "index.html").read_text("utf-8"))
    assert "It is another one." in page.text
    assert "L1H3" in page.text
    assert len(page.policies) == 1
    needed = {"assets/atlas.css", "assets/base.js", "assets/icon.svg"}
    assert {address for _, address in page.loads} == needed
    assert all((out / name).is_file() for name in needed)
    assert json.loads((out / "diff.json").read_text("utf-8"))["changed"]
    assert run(["diff", str(small), str(small), "-o", str(out)]) == 0
    assert "Nothing changed beyond noise" in (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["diff", "history"])
def test_a_page_about_sites_takes_the_place_of_none(
    command: str,
    small: Path,
    other: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = Path(shutil.copytree(small, tmp_path / "mine"))
    assert run([command, str(mine), str(other), "-o", str(mine)]) == 2
    assert "mine holds an atlas, so it is left alone; choose" in capsys.readouterr().err
    assert open_site(mine).atlas == open_site(small).atlas
    for _ in range(2):  # the second time over a page of its own
        assert run([command, str(mine), str(other), "-o", str(tmp_path / "page")]) == 0


COMMANDS: dict[str, tuple[list[str], str, str]] = {
    "diff": (["diff", "{small}", "{site}"], "data/findings.json", "index.html"),
    "diff of heads": (["diff", "{site}", "{small}"], "data/sentiment/heads_intervals.csv", "maps/"),
    "diff of answers": (["diff", "{small}", "{site}"], "data/sentiment/river.safetensors", "a"),
    "history": (["history", "{small}", "{site}", "-o", "{out}"], "data/findings.json", "records/"),
    "history of heads": (
        ["history", "{small}", "{site}", "-o", "{out}"], "data/sentiment/heads.csv", "assets/"
    ),
    "card": (["export", "{site}", "--model-card"], "data/findings.json", "data/sentiment/"),
    "card of errors": (["export", "{site}", "--model-card"], "data/reports/errors.json", "about"),
}  # fmt: skip
"""A command, a file that it reads of a site, and how one begins that it does not read."""


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_is_read_is_compared_with_the_manifest_and_what_is_not_is_said(
    small: Path, copied: Path, tmp_path: Path, name: str, form: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    words, read, unread = COMMANDS[name]

    def ends(spoilt: Path) -> tuple[int, str, str]:
        content = spoilt.read_bytes()
        spoilt.write_bytes(content.replace(b"0", b"1", 1) + b" ")
        site = zipped(copied, tmp_path / "site.zip") if form == "zip" else copied
        places = {"small": small, "site": site, "out": tmp_path / "out"}
        code = run([word.format(**places) for word in words])
        spoilt.write_bytes(content)
        return code, capsys.readouterr().err, str(site)

    code, said, site = ends(copied / read)
    assert code == 1
    assert said.startswith(f"Error: {read} in {site} cannot be read: it is not what manifest-")
    assert said.endswith(f"see attnatlas check {site}, or build it again.\n")
    url = next(url for url in open_site(copied).manifest if url.startswith(unread) and url != read)
    code, said, site = ends(copied / url)
    assert code == 0
    assert f"{site} is not as it was built ({url}); nothing of that was read: see attnatlas" in said


def test_a_damaged_manifest_is_named(
    small: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied / "manifest-sha256.txt"
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
    assert run(["diff", str(small), str(copied)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert "manifest-sha256.txt" in said


def test_a_damaged_site_is_named_with_what_to_do(
    small: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "data" / "findings.json").unlink()
    assert run(["diff", str(small), str(copied)]) == 1
    assert capsys.readouterr().err == (
        f"Error: data/findings.json in {copied} cannot be read: it is missing; "
        f"see attnatlas check {copied}, or build it again.\n"
    )
