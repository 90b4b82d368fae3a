"""Kinds 13 to 15: names and tokens that others gave, arrays, and what never ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from tests.kinds.case import Case, python
from tests.kinds.spoilt import model

EVEN = np.full((1, 1, 2, 2), 0.5, np.float32)
HEADER: dict[str, Any] = {
    "record": {"id": "r", "text": "a b"},
    "model": {"name": "m", "family": "encoder"},
    "tokens": {"self": ["a", "b"]},
}


def arrays(
    more: dict[str, Any] | None = None, name: str = "r", **header: Any
) -> Callable[[], object]:
    """Return what writes one file of attention; of `more` tensors; None takes one out."""

    def make() -> None:
        tensors = {"attention.self": EVEN, **(more or {})}
        Path("d").mkdir(exist_ok=True)
        text = json.dumps({k: v for k, v in {**HEADER, **header}.items() if v is not None})
        kept = {key: value for key, value in tensors.items() if value is not None}
        save_file(kept, f"d/{name}.safetensors", {"attnatlas": text})

    return make


def both(*makers: Callable[[], object]) -> Callable[[], object]:
    def make() -> None:
        for one in makers:
            one()

    return make


D = "attnatlas build --arrays d"
ARRAYS = [
    Case(14, "attention and tokens", D, arrays()),
    Case(14, "a prediction that is a text", D, arrays(prediction="good"), 2),
    Case(
        14,
        "a probability past one",
        D,
        arrays(prediction={"task": "classification", "label": "a", "score": 7, "labels": {"a": 7}}),
        2,
    ),
    Case(14, "a task that is none", D, arrays(prediction={"task": "sing"}), 2),
    Case(14, "results that are a list", D, arrays(results=[1]), 2),
    Case(14, "flow of NaN", D, arrays({"flow.self": np.full((2, 2), np.nan, np.float32)}), 2),
    Case(14, "flow below zero", D, arrays({"flow.self": np.full((2, 2), -1, np.float32)}), 2),
    Case(
        14,
        "saliency of another length",
        D,
        arrays({"saliency.gradient": np.ones(3, np.float32)}),
        2,
    ),
    Case(14, "rollout without layers", D, arrays({"rollout.self": np.ones((2, 2), np.float32)}), 2),
    Case(14, "a name that is a number", D, arrays(model={"name": 3, "family": "encoder"}), 2),
    Case(14, "an id that is missing", D, arrays(record={"text": "a b"}), 2),
    Case(14, "rows that sum to three", D, arrays({"attention.self": EVEN * 3}), 2),
    Case(14, "whole numbers", D, arrays({"attention.self": EVEN.astype(np.int64)}), 2),
    Case(14, "double precision", D, arrays({"attention.self": EVEN.astype(np.float64)})),
    Case(14, "a batch axis", D, arrays({"attention.self": EVEN[None]}), 2),
    Case(14, "no tokens", D, arrays(tokens=None), 2),
    Case(14, "one token too few", D, arrays(tokens={"self": ["a"]}), 2),
    Case(14, "no model", D, arrays(model=None), 2),
    Case(14, "a family that is none", D, arrays(model={"name": "m", "family": "rnn"}), 2),
    Case(14, "the same record twice", D, both(arrays(), arrays(name="s")), 2),
    Case(
        14,
        "no header",
        D,
        lambda: (Path("d").mkdir(), save_file({"attention.self": EVEN}, "d/r.safetensors")),
        2,
    ),
    Case(14, "an empty folder", D, {"d/notes.txt": ""}, 2),
    Case(14, "the file for the folder", "attnatlas build --arrays d/r.safetensors", arrays(), 2),
    Case(14, "arrays of NumPy", D, lambda: (Path("d").mkdir(), np.save("d/r.npy", EVEN)), 2),
    Case(
        14,
        "with a corpus beside",
        "attnatlas build --arrays d x.jsonl",
        both(arrays(), lambda: Path("x.jsonl").write_text('{"text": "a"}')),
        2,
    ),
    Case(13, "names of byte pairs", D, arrays(tokens={"self": ["ĠRain", "Ċ"]})),
    Case(13, "names of sentencepiece", D, arrays(tokens={"self": ["▁Rain", "y"]})),
    Case(13, "names of word pieces", D, arrays(tokens={"self": ["rain", "##y"]})),
    Case(13, "tokens without text", D, arrays(tokens={"self": ["", " "]})),
    python(
        13,
        "attention that a model returned",
        "import torch; a = (torch.full((1, 2, 3, 3), 1 / 3),) * 2",
        "attnatlas.build(attentions=a, tokens=['[CLS]', 'rain', '##y'])",
    ),
    python(
        13,
        "attention with a row of NaN",
        "import torch; a = (torch.full((1, 2, 3, 3), float('nan')),)",
        "attnatlas.build(attentions=a, tokens=['a', 'b', 'c'])",
        2,
    ),
    python(
        13,
        "attention that was not asked for",
        "pass",
        "attnatlas.build(attentions=None, tokens=['a'])",
        2,
    ),
    python(
        13,
        "tokens of another count",
        "import torch; a = (torch.full((1, 2, 3, 3), 1 / 3),)",
        "attnatlas.build(attentions=a, tokens=['a', 'b'])",
        2,
    ),
]


def silent() -> None:
    os.mkfifo("x.jsonl")


ENDLESS = [
    Case(15, "a pipe for a corpus", "attnatlas inspect x.jsonl", silent, 2),
    Case(15, "a device for a corpus", "attnatlas inspect /dev/zero --format txt", {}, 2),
    Case(
        15,
        "a pipe among weights",
        "attnatlas build x.jsonl -m m",
        model(
            "bert",
            lambda f: ((f / "model.safetensors").unlink(), os.mkfifo(f / "model.safetensors")),
        ),
        2,
    ),
    Case(
        15, "a pipe among arrays", D, lambda: (Path("d").mkdir(), os.mkfifo("d/r.safetensors")), 2
    ),
    Case(
        15,
        "a file that leads to itself",
        "attnatlas inspect x.jsonl",
        lambda: Path("x.jsonl").symlink_to("x.jsonl"),
        2,
    ),
    Case(
        15,
        "a model that is not here, and no network",
        "attnatlas build x.jsonl -m nobody/nothing --offline",
        {"x.jsonl": '{"text": "a"}'},
        2,
    ),
    Case(
        15,
        "many bad rows, said once",
        "attnatlas build x.jsonl -m sentiment",
        {"x.jsonl": '{"text": "Rain."}\n' + '{"text": 3, "tags": 4}\n' * 30 + '{"no": 1}\n' * 30},
    ),
]
CASES = (*ARRAYS, *ENDLESS)
