"""Texts and names in Markdown (cards, Spaces, summaries) are text: no markup, link or escape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attnatlas.commands.gate import write_summary
from attnatlas.share.hugging_face import plain, space

NAMES = (
    "[a](https://evil.example)",
    "![a](https://evil.example/a.png)",
    "<img src=x onerror=alert(1)>",
    "www.evil.example",
    "https://evil.example",
    "a | b | c",
    "`code` **bold** ~~gone~~ &lt;",
    "# heading\n- item\n```\nfence",
    "\x1b[2J\x1b]0;title\x07\u202e",
)
MARKS = set("`*_[]<>#|!&~")
"""What begins markup, where no backslash stands before it."""


def marks(markdown: str) -> list[str]:
    """Return the marks that Markdown would act on."""
    return [mark for mark in re.sub(r"\\.", "", markdown) if mark in MARKS]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_plain_text(name: str) -> None:
    said = plain(name)
    assert marks(said) == []
    assert said.isprintable()
    assert "www.evil" not in said
    assert "https://" not in said


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_is_one_row_of_a_table(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    row = {"key": name, "expected": ">= 0.9", "model": name, "value": 0.5, "interval": None}
    write_summary([{**row, "level": "holds", "passed": False}])
    said = (tmp_path / "summary").read_text("utf-8")
    _, _, line = said.strip().splitlines()
    assert marks(line) == ["|"] * 6


@pytest.mark.parametrize("name", NAMES)
def test_a_space_has_its_header_and_a_heading(name: str) -> None:
    atlas = {"title": name, "models": [{"name": name}]}
    readme = space({}, atlas)["README.md"].decode()
    assert marks(readme.split("---\n", 2)[2]) == ["#"]
    assert all(line.isprintable() for line in readme.splitlines())
