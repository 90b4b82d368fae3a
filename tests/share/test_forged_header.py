"""Numbers of words and tokens in the header of a data file, forged with the manifest, are found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attnatlas.cli import run
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from tests.share.spoiled import renewed

RIVER = "data/sentiment/river.safetensors"
Edit = Callable[[dict[str, Any]], object]


def words(edit: Callable[[list[Any]], object]) -> Edit:
    return lambda said: edit(said["results"]["word_erasure"]["tables"]["words"]["rows"])


def curves(edit: Callable[[list[Any]], object]) -> Edit:
    return lambda said: edit(said["results"]["faithfulness"]["tables"]["curves"]["rows"])


FORGED: dict[str, tuple[Edit, str]] = {
    "a word less": (words(lambda rows: rows.pop()), "words.rows' must be 7 for its text"),
    "a word twice": (words(lambda rows: rows.append(rows[0])), "words.rows' "),
    "a word more": (
        words(lambda rows: rows.append(["dry", 99, 0.1, None, None])),
        "words.rows' must be 7 for its text, and are 8",
    ),
    "a word elsewhere": (
        words(lambda rows: rows[0].__setitem__(1, 2)),
        "words.rows[0]' has a 'start' that must be 0 for its text",
    ),
    "a curve that lacks a step": (curves(lambda rows: rows.pop()), "curves.rows' must be"),
    "tokens that no text has": (
        curves(lambda rows: rows[0].__setitem__(1, 50)),
        "curves.rows[0]' has a 'k' that must be 1 for its text",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_it_is_named_in_one_line(
    name: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit, said = FORGED[name]
    path = copied / RIVER
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    header = json.loads(metadata["attnatlas"])
    edit(header)
    save_file(load_file(path), path, {"attnatlas": json.dumps(header)})
    renewed(copied)
    assert run(["check", str(copied)]) == 1
    found = capsys.readouterr().out
    assert f"{RIVER}: 'results." in found
    assert said in found
