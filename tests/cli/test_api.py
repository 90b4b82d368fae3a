"""The Python API: the same settings, with texts and models from memory."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attnatlas
import pytest
from attnatlas.config import Settings

Call = tuple[Settings, dict[str, Any]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Collect what is asked of the build."""
    seen: list[Call] = []

    def build_site(settings: Settings, **more: Any) -> str:
        seen.append((settings, more))
        return "report"

    monkeypatch.setattr(import_module("attnatlas.build"), "build_site", build_site)
    return seen


def test_names_and_paths_become_settings(calls: list[Call]) -> None:
    attnatlas.build("showcase", "sentiment", output="site", title="T", store="kept")
    attnatlas.build([Path("a.csv"), Path("b.txt")], [Path("one"), "two"])
    nothing = {"progress": None, "records": None, "model": None, "tokenizer": None}
    assert calls == [
        (
            Settings(
                corpora=("showcase",),
                models=("sentiment",),
                output=Path("site"),
                title="T",
                store=Path("kept"),
            ),
            nothing,
        ),
        (Settings(corpora=("a.csv", "b.txt"), models=("one", "two")), nothing),
    ]


@pytest.mark.parametrize(
    "records", [["The bank."], [{"text": "The bank."}], ({"text": "The bank."} for _ in "ab")]
)
def test_texts_from_memory_are_handed_on(calls: list[Call], records: Any) -> None:
    attnatlas.build(records, "sentiment")
    settings, more = calls[0]
    assert settings.corpora == ()
    assert more["records"] is records


def test_a_loaded_model_is_handed_on(calls: list[Call]) -> None:
    model, tokenizer = object(), object()
    attnatlas.build(["The bank."], model, tokenizer)
    settings, more = calls[0]
    assert settings.models == ()
    assert (more["model"], more["tokenizer"]) == (model, tokenizer)


def test_model_and_tokenizer_go_together() -> None:
    with pytest.raises(TypeError, match="needs its tokenizer"):
        attnatlas.build(["The bank."], object())
    with pytest.raises(TypeError, match="goes with a loaded model"):
        attnatlas.build(["The bank."], "sentiment", object())


def test_an_unknown_setting_names_the_near_one() -> None:
    with pytest.raises(TypeError, match="no setting 'tilte'; did you mean 'title'"):
        attnatlas.build("showcase", tilte="x")


def test_a_corpus_can_be_loaded_and_looked_at() -> None:
    assert attnatlas.load_corpus("showcase").records
    with pytest.raises(attnatlas.AtlasError, match="No corpus 'shwcase'"):
        attnatlas.load_corpus("shwcase")


def test_the_version_is_that_of_the_package() -> None:
    assert attnatlas.__version__ == version("attnatlas")
    with pytest.raises(AttributeError):
        attnatlas.no_such_thing  # noqa: B018


@pytest.mark.parametrize(
    "first", ["import attnatlas.build", "from attnatlas.build import build_site", "pass"]
)
def test_build_stays_a_function_whatever_is_imported(first: str) -> None:
    code = f"{first}\nimport attnatlas\nassert attnatlas.build.__name__ == 'build'\n"
    code += "from attnatlas.build import build_site\nassert callable(attnatlas.build)\n"
    subprocess.run([sys.executable, "-c", code], check=True)
