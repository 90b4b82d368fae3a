"""What `inspect` forecasts, beside what a build takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus
from attnatlas.forecast import forecast, forecasts
from attnatlas.models import resolve_model

from tests.capture.tiny import tiny_model

WITHIN = 1.34
"""Bytes of a site: forecast by measured, or the other way round."""
MEMORY_WITHIN = 1.5
LONG = "The doctor told the nurse that she was late. The bank of the river is muddy. "
BUILD = """
import sys
from attnatlas.cli import run
code = run(sys.argv[1:])
[line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(line.split()[1]) * 1024)
sys.exit(code)
"""
"""Prints the most memory of the build; ru_maxrss would be that of the tests where they had more."""


def size(folder: Path, *parts: str) -> int:
    files = (file for part in parts for file in [folder / part, *(folder / part).rglob("*")])
    return sum(file.stat().st_size for file in files if file.is_file())


@pytest.mark.parametrize(("kind", "shape"), [("bert", {}), ("gpt2", {}), ("bart", {})])
def test_bytes_and_memory_are_near_what_a_build_takes(
    kind: str, shape: dict[str, int], tmp_path: Path
) -> None:
    folder = tiny_model(tmp_path / kind, kind, **shape)
    corpus = tmp_path / "texts.jsonl"
    texts = [LONG[:20], LONG, LONG + "The river.", LONG * 2]
    corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    words = ["build", str(corpus), "-m", str(folder), "-o", str(tmp_path / "site"), "-q"]
    words += ["--store", str(tmp_path / "store"), "--threads", "1", "--max-tokens", "40"]
    done = subprocess.run([sys.executable, "-c", BUILD, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    settings = Settings(max_tokens=40)
    said = forecast(resolve_model(str(folder), settings), [load_corpus(corpus)], settings)
    site = tmp_path / "site"
    numbers = size(site, "data")
    found = {
        "pages_bytes": (size(site, ".") - numbers, WITHIN),
        "numbers_bytes": (numbers, WITHIN),
        "memory_bytes": (int(done.stdout.split()[-1]), MEMORY_WITHIN),
    }
    for name, (measured, within) in found.items():
        assert 1 / within < said[name] / measured < within, (name, said[name], measured)


def test_memory_grows_with_the_layers_by_one_text_and_not_by_a_batch(tmp_path: Path) -> None:
    corpus = tmp_path / "long.txt"
    corpus.write_text(LONG * 20)
    settings = Settings(batch_size=1)

    def memory(layers: int) -> int:
        folder = tiny_model(
            tmp_path / str(layers), "bert", num_hidden_layers=layers, max_position_embeddings=512
        )
        source = resolve_model(str(folder), settings)
        found: int = forecast(source, [load_corpus(corpus)], settings)["memory_bytes"]
        return found

    # a page takes 13 bytes a weight of one record, and a pass back 12 and what its tokens are
    assert 0 < memory(4) - memory(2) < 2 * 13 * 4 * 512 * 512 + 2e6


def test_windows_are_forecast_as_they_will_be_cut(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "bert", "bert")
    corpus = tmp_path / "texts.txt"
    corpus.write_text(f"{LONG * 5}\nThe river.\n")
    settings = Settings(max_tokens=30, windows=10)
    [said] = forecasts([resolve_model(str(folder), settings)], [load_corpus(corpus)], settings)
    assert said["windows"] == said["records"] - 1
    assert said["windows"] > 5
    assert said["longest"] <= 30


def test_inspect_takes_windows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny_model(tmp_path / "bert", "bert")
    (tmp_path / "texts.txt").write_text(f"{LONG * 5}\n")
    words = ["inspect", str(folder), str(tmp_path / "texts.txt"), "--max-tokens", "30"]
    assert run([*words, "--windows", "10"]) == 0
    assert "windows" in capsys.readouterr().out
    assert run([*words, "--windows", "30"]) == 2
