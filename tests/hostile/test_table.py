"""Hostile input of every kind: refused in one sentence, or shown as the text that it is."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest
from attnatlas.errors import AtlasError

from tests.capture.tiny import tiny_model
from tests.hostile import addresses, archives, data_files, models
from tests.hostile.case import CANARY, Case

CASES: dict[str, Case] = {
    **archives.CASES,
    **addresses.CASES,
    **models.CASES,
    **data_files.CASES,
}
MOST_BYTES = 300_000_000


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that loads."""
    return tiny_model(tmp_path_factory.mktemp("model") / "good", "bert", num_hidden_layers=1)


def outcome(case: Case, folder: Path) -> tuple[str, int]:
    """Return the sentence that a case ends with, if it does, and the bytes that Python held."""
    tracemalloc.start()
    try:
        case.act(folder)
        return "", tracemalloc.get_traced_memory()[1]
    except AtlasError as error:
        return error.message, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_has_its_outcome(name: str, good: Path, tmp_path: Path) -> None:
    case = CASES[name]
    if name.startswith("model: "):
        shutil.copytree(good, tmp_path / "good")
    said, most = outcome(case, tmp_path)
    assert bool(said) == bool(case.said), said or "it was taken"
    assert case.said in said
    assert "\n" not in said
    assert most < MOST_BYTES
    assert not (tmp_path / CANARY).exists()
    assert not (tmp_path.parent / "out.txt").exists()


def test_the_table_is_long() -> None:
    assert len(CASES) >= 60
