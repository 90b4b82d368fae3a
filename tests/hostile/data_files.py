"""Files of attention that are not what they say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from attnatlas.analyses.word_erasure.tables import ANSWER
from attnatlas.data.record_files import read_arrays
from attnatlas.data.result_files import probes
from attnatlas.results.codec import result_to_json
from attnatlas.results.shapes import Partial, Result, Table
from attnatlas.sources import ArraysSource
from safetensors.numpy import save_file

from tests.hostile.case import Case

GOOD = np.full((1, 1, 2, 2), 0.5, np.float32)
HEADER: dict[str, Any] = {
    "record": {"id": "r", "text": "a b"},
    "model": {"name": "m", "family": "encoder"},
    "tokens": {"self": ["a", "b"]},
}


def read(weights: Any = GOOD, raw: str | None = None, **header: Any) -> Callable[[Path], object]:
    def act(folder: Path) -> object:
        text = json.dumps({**HEADER, **header}) if raw is None else raw
        save_file({"attention.self": weights}, folder / "r.safetensors", {"attnatlas": text})
        return list(read_arrays(folder))

    return act


def at(place: tuple[int, ...], value: float) -> Any:
    changed = GOOD.copy()
    changed[place] = value
    return changed


def bytes_of(edit: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    def act(folder: Path) -> object:
        path = folder / "r.safetensors"
        save_file({"attention.self": GOOD}, path, {"attnatlas": json.dumps(HEADER)})
        path.write_bytes(edit(path.read_bytes()))
        return list(read_arrays(folder))

    return act


def of_pipe(folder: Path) -> object:
    os.mkfifo(folder / "r.safetensors")
    return list(read_arrays(folder))


def result(analysis: str, **said: Any) -> Callable[[Path], object]:
    """Give what an analysis that needs the model is said to have found."""
    version = next(one.version for one in probes() if one.name == analysis)
    given = {"version": version, **result_to_json(Result(analysis, **said))}
    write = read(results={analysis: given}, prediction={"task": "none"})
    return lambda folder: (write(folder), ArraysSource(folder))


def written(**more: Any) -> Callable[[Path], object]:
    """Give what an encoder-decoder has written."""
    tokens = {"cross": {"queries": ["a", "b"], "keys": ["a", "b"], **more.pop("tokens", {})}}
    said = {"task": "translation", "text": "a b", **more}
    model = {"name": "m", "family": "encoder-decoder"}

    def act(folder: Path) -> object:
        header = {**HEADER, "model": model, "tokens": tokens, "prediction": said}
        path = folder / "r.safetensors"
        save_file({"attention.cross": GOOD}, path, {"attnatlas": json.dumps(header)})
        return list(read_arrays(folder))

    return act


WORDS = {
    "answer": Table(
        ANSWER, (("the class", "value", 0.5, "occlusion", None, "deletion", None, None),)
    ),
    "words": Table(
        ("word", "start", "share", "side", "without"),
        (("a", 0, 0.5, None, None), ("b", 90, 0.5, None, None)),
    ),
}
TARGET = {
    "target": Table(
        ("words", "unit", "erased by", "method", "steps", "sum", "difference", "converged"),
        (("the class", "logit", "deletion", "gradient", None, None, None, None),),
    )
}
LONG = (2**60).to_bytes(8, "little")
CASES = {
    "arrays: a NaN": Case(read(at((0, 0, 0, 0), np.nan)), "NaN or infinite"),
    "arrays: endless": Case(read(at((0, 0, 1, 0), np.inf)), "NaN or infinite"),
    "arrays: below zero": Case(read(at((0, 0, 0, 1), -0.5)), "negative value"),
    "arrays: no share": Case(read(GOOD * 3), "sums to 3"),
    "arrays: other axes": Case(read(GOOD[0]), "its shape must be"),
    "arrays: empty": Case(read(np.zeros((0, 1, 2, 2), np.float32)), "its shape must be"),
    "arrays: whole numbers": Case(read(GOOD.astype(np.int64)), "save it as float16"),
    "arrays: other tokens": Case(read(tokens={"self": ["a"]}), "tokens"),
    "arrays: no tokens": Case(read(tokens=7), "'tokens'"),
    "arrays: a header that is no JSON": Case(read(raw="{"), "not JSON"),
    "arrays: a header that is deep": Case(read(raw="[" * 200_000), "not JSON"),
    "arrays: a header that is a list": Case(read(raw="[]"), "a JSON object"),
    "arrays: a family that is none": Case(
        read(model={"name": "m", "family": "<script>"}), "'model.family'"
    ),
    "arrays: a name that is none": Case(read(model={"name": 3, "family": "encoder"}), "name"),
    "arrays: cut off": Case(bytes_of(lambda content: content[:-4]), "not a safetensors file"),
    "arrays: nothing": Case(bytes_of(lambda content: b""), "not a safetensors file"),
    "arrays: a giant header": Case(
        bytes_of(lambda content: LONG + content[8:]), "not a safetensors file"
    ),
    "arrays: a zip": Case(bytes_of(lambda content: b"PK\x03\x04" + content), "not a safetensors"),
    "arrays: words that the text has not": Case(
        result("word_erasure", tables=WORDS), "'start' that must be 2 for its text"
    ),
    "arrays: numbers of other tokens": Case(
        result("saliency", tables=TARGET, partials=(Partial("masked.rollout", np.ones(9)),)),
        "'masked.rollout' of 9 numbers, and its text needs 2",
    ),
    "arrays: written tokens that are too many": Case(
        written(tokens={"predicted": ["a", "b", "c"]}), "'tokens.cross.predicted' lists 3"
    ),
    "arrays: numbers of written tokens that are too many": Case(
        written(log_probabilities=[-0.1] * 3), "has 3 numbers, for 2 written tokens"
    ),
    "arrays: a pipe": Case(of_pipe, "not a file"),
}
