"""Small folders of models, and ways to spoil them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.capture.tiny import tiny_model

Weights = dict[str, torch.Tensor]
Edit = Callable[[Path], object]
FIRST, SECOND = (f"model-0000{n}-of-00002.safetensors" for n in (1, 2))
TEXT = '{"text": "The bank of the river is muddy."}\n'
SMALL: dict[str, dict[str, Any]] = {
    "bert": {"num_hidden_layers": 2},
    "bert-classifier": {"num_hidden_layers": 2},
    "gpt2": {"n_layer": 2},
    "gpt2-classifier": {"n_layer": 1},
    "llama": {"num_hidden_layers": 1},
    "t5": {"num_layers": 1, "num_decoder_layers": 1},
}
READ = "attnatlas build x.jsonl -m m"


def model(kind: str, *edits: Edit, **changes: Any) -> Callable[[], None]:
    """Return what makes a small model and a text, and spoils the model."""

    def make() -> None:
        tiny_model(Path("m"), kind, **{**SMALL.get(kind, {}), **changes})
        Path("x.jsonl").write_text(TEXT)
        for edit in edits:
            edit(Path("m"))

    return make


def weights(change: Callable[[Weights], Weights]) -> Edit:
    def edit(folder: Path) -> None:
        file = folder / "model.safetensors"
        save_file(change(load_file(file)), file, {"format": "pt"})

    return edit


def renamed(prefix: str) -> Edit:
    return weights(lambda found: {prefix + name: value for name, value in found.items()})


def without(part: str) -> Edit:
    return weights(lambda found: {name: v for name, v in found.items() if part not in name})


def config(**changes: Any) -> Edit:
    """Return what changes keys of config.json; None takes one out."""

    def edit(folder: Path) -> None:
        file = folder / "config.json"
        kept = {**json.loads(file.read_text()), **changes}
        file.write_text(json.dumps({name: v for name, v in kept.items() if v is not None}))

    return edit


def sharded(**places: str) -> Edit:
    """Return what writes an index of one shard; `places` say of parts of names in which others."""

    def edit(folder: Path) -> None:
        whole = folder / "model.safetensors"
        names = list(load_file(whole))
        whole.rename(folder / FIRST)
        found = {
            name: next((to for word, to in places.items() if word in name), FIRST) for name in names
        }
        index = {"metadata": {}, "weight_map": found}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    return edit


def pickled(folder: Path) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def gone(*names: str) -> Edit:
    def edit(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return edit


def cut(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])


def pointer(folder: Path) -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 438\n"
    (folder / "model.safetensors").write_text(text)


def of_type(dtype: torch.dtype) -> Edit:
    return weights(lambda found: {name: value.to(dtype) for name, value in found.items()})


def nan(found: Weights) -> Weights:
    name = next(name for name in found if "query.weight" in name)
    return {**found, name: torch.full_like(found[name], torch.nan)}


def wrapped_twice(folder: Path) -> None:
    """Put the model into a folder in its folder, as an archive that is unpacked does."""
    shutil.copytree(folder, folder / "m")
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()


def base(folder: Path) -> None:
    """Keep of a classifier the body alone."""
    without("classifier")(folder)


def tokenizer(folder: Path, **changes: Any) -> None:
    file = folder / "tokenizer_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
