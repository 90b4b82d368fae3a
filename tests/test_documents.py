"""The examples in the documents are run, so that what a reader copies works."""

from __future__ import annotations

import ast
import inspect
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import attnatlas
import jsonschema
import numpy as np
import pytest
from attnatlas.analyses.analysis import Analysis
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.cli import cli
from attnatlas.commands.configuration import default_map
from attnatlas.corpus import Record, load_corpus
from attnatlas.data.record_files import read_arrays
from attnatlas.gates.expectation import expectations, written

ROOT = Path(__file__).parent.parent


def examples(document: str, language: str) -> list[str]:
    """Return the code blocks of a document, without what a list indents them by."""
    text = (ROOT / document).read_text("utf-8")
    blocks = re.findall(rf"^( *)```{language}\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(f"^{indent}", "", code, flags=re.MULTILINE) for indent, code in blocks]


def arrays_example() -> str:
    """Return the code that writes attention computed elsewhere."""
    (code,) = (one for one in examples("docs/formats.md", "python") if "header" in one)
    return code


def test_the_analysis_of_the_guide_computes() -> None:
    code, _ = examples("CONTRIBUTING.md", "python")
    names: dict[str, Any] = {"__package__": "attnatlas.analyses", "__name__": "reach"}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)  # our own document
    analysis = names["ANALYSIS"]
    assert isinstance(analysis, Analysis)
    weights = np.zeros((2, 1, 3, 3), dtype=np.float32)
    weights[0, 0] = np.eye(3)
    weights[1, 0, :, 0] = 1
    tokens = tuple(Token(text) for text in "abc")
    capture = Capture(
        model=ModelInfo("m", "encoder"),
        record=Record("r", "abc"),
        maps=(AttentionMap("self", tokens, tokens, weights),),
    )
    (series,) = analysis.compute(capture).series
    assert series.y == (0.0, 1.0)


def test_the_corpus_of_the_guide_loads(tmp_path: Path) -> None:
    (code,) = examples("CONTRIBUTING.md", "toml")
    (tmp_path / "garden.toml").write_text(code, "utf-8")
    assert [record.id for record in load_corpus(tmp_path / "garden.toml").records] == ["old-man"]


def test_the_expectations_of_the_formats_are_read() -> None:
    _, *codes = examples("docs/formats.md", "toml")
    tables = [table for code in codes for table in tomllib.loads(code)["expect"]]
    lines: Any = written(tables)
    first, second, third, fourth = expectations(lines)
    assert (first.key, first.bound) == ("accuracy", 0.9)
    assert (second.model, second.strictly) == ("tuned", True)
    assert third.key == "must_not_change.swap-she-he"
    assert fourth.key == "must_rise.positive.drop-not"


def test_the_corpus_of_the_formats_loads(tmp_path: Path) -> None:
    code, *_ = examples("docs/formats.md", "toml")
    (tmp_path / "mine.toml").write_text(code, "utf-8")
    assert load_corpus(tmp_path / "mine.toml", strict=True).task == "coreference"


def test_the_arrays_of_the_formats_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = arrays_example()
    monkeypatch.chdir(tmp_path)
    Path("arrays").mkdir()
    exec(compile(code, "formats.md", "exec"), {})  # our own document
    (entry,) = read_arrays(Path("arrays"))
    assert entry.capture.record.text == "The bank of the river"
    assert entry.capture.maps[0].weights.shape == (2, 4, 5, 5)


def test_the_settings_of_the_readme_are_settings(tmp_path: Path) -> None:
    (code,) = examples("README.md", "toml")
    (tmp_path / "attnatlas.toml").write_text(code, "utf-8")
    found = default_map(tmp_path / "attnatlas.toml", list(cli.commands.values()))
    assert found["build"]["max_tokens"] == 128
    assert found["serve"] == {"port": 9000}


def test_the_calls_of_the_readme_fit_the_function() -> None:
    code = examples("README.md", "python")[0]
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    assert len(calls) == 6
    for call in calls:
        inspect.signature(attnatlas.build).bind(
            *call.args, **{str(keyword.arg): keyword.value for keyword in call.keywords}
        )


def test_the_header_of_the_formats_fits_its_schema() -> None:
    code = arrays_example()
    header = next(
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(code.replace('{"self": tokens}', '{"self": ["The"]}')))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "header"
    )
    path = ROOT / "generator" / "schemas" / "header.schema.json"
    jsonschema.validate(header, json.loads(path.read_text("utf-8")))
