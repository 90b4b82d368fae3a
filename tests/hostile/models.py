"""Folders of models that would run code, read elsewhere, or never end."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attnatlas.config import Settings
from attnatlas.models import load_model, resolve_model
from safetensors.numpy import load_file, save_file

from tests.hostile.case import CANARY, Case

Spoil = Callable[[Path], object]


class Bomb:
    """What writes a file as soon as it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def loaded(folder: Path) -> object:
    settings = Settings(offline=True)
    return load_model(resolve_model(str(folder), settings), settings)


def spoiled(spoil: Spoil) -> Callable[[Path], object]:
    """Load a copy of a good model after it was spoiled; `good` lies beside the folder."""

    def act(folder: Path) -> object:
        place = Path(shutil.copytree(folder / "good", folder / "model"))
        spoil(place)
        return loaded(place)

    return act


def config(**changes: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")

    return spoil


def written(name: str, content: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(content)


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(folder.parent / CANARY)))


def with_code(folder: Path) -> None:
    (folder / "evil.py").write_text(f"open({str(folder.parent / CANARY)!r}, 'w')\n")
    names = {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}
    config(model_type="evil", auto_map=names)(folder)


def with_tokenizer_code(folder: Path) -> None:
    """Code for the tokenizer, which a model that transformers knows needs none of."""
    (folder / "evil.py").write_text(f"open({str(folder.parent / CANARY)!r}, 'w')\n")
    path = folder / "tokenizer_config.json"
    said = json.loads(path.read_text("utf-8"))
    said |= {"auto_map": {"AutoTokenizer": ["evil.Tokenizer", None]}}
    path.write_text(json.dumps(said), "utf-8")


def with_template_code(folder: Path) -> None:
    """A chat template that would run a command if templates were trusted."""
    touch = f"touch {folder.parent / CANARY}"
    (folder / "chat_template.jinja").write_text(
        "{{ cycler.__init__.__globals__.os.popen('" + touch + "').read() }}"
    )


def chatted(folder: Path) -> object:
    """Read a chat through that template."""
    from attnatlas.capture.run import capture_records
    from attnatlas.corpus import corpus_from_records

    place = Path(shutil.copytree(folder / "good", folder / "model"))
    with_template_code(place)
    corpus = corpus_from_records([{"chat": [{"role": "user", "content": "The bank."}]}])
    ((_, found),) = capture_records(loaded(place), corpus.records, Settings())  # type: ignore[arg-type]
    assert "template" in found.reason  # type: ignore[union-attr]
    return found


def header(length: int | None = None, cut: int | None = None, text: bytes | None = None) -> Spoil:
    """Change the header of the weights: what it says of its length, its end, what it holds."""

    def spoil(folder: Path) -> None:
        path = folder / "model.safetensors"
        content = path.read_bytes()
        size = int.from_bytes(content[:8], "little")
        inner, rest = content[8 : 8 + size] if text is None else text, content[8 + size :]
        said = len(inner) if length is None else length
        path.write_bytes((said.to_bytes(8, "little") + inner + rest)[:cut])

    return spoil


def weight_map(place: str) -> Spoil:
    """Say that all weights lie in another file."""

    def spoil(folder: Path) -> None:
        path = folder / "model.safetensors"
        names = dict.fromkeys(load_file(path), place)
        shutil.copy(path, folder.parent / "outside.safetensors")
        path.unlink()
        text = json.dumps({"metadata": {}, "weight_map": names})
        (folder / "model.safetensors.index.json").write_text(text)

    return spoil


def not_numbers(folder: Path) -> None:
    path = folder / "model.safetensors"
    arrays = load_file(path)
    name = sorted(arrays)[0]
    save_file({n: a for n, a in arrays.items() if n != name}, path, {"format": "pt"})


def pipe(folder: Path) -> None:
    (folder / "vocab.txt").unlink(missing_ok=True)
    os.mkfifo(folder / "vocab.txt")


def circle(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(folder / "config.json")


def dangling(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to(folder / "gone")


DEEP = b"[" * 200_000
CASES = {
    "model: a pickle": Case(spoiled(pickled), "the weights are a pickle"),
    "model: its own code": Case(spoiled(with_code), "needs code from its repository"),
    "model: code of a tokenizer": Case(spoiled(with_tokenizer_code)),
    "model: code in a chat template": Case(chatted),
    "model: config is no JSON": Case(spoiled(written("config.json", b"\xff\xfe{")), "not JSON"),
    "model: config is deep": Case(spoiled(written("config.json", DEEP)), "not JSON"),
    "model: config is a list": Case(spoiled(written("config.json", b"[1]")), "a JSON object"),
    "model: config is a circle": Case(spoiled(circle), "no config.json"),
    "model: endless layers": Case(spoiled(config(num_hidden_layers=10**9)), "gives 1000000000 as"),
    "model: endless width": Case(spoiled(config(hidden_size=10**9)), "shapes"),
    "model: endless words": Case(spoiled(config(vocab_size=10**13)), "shapes"),
    "model: endless labels": Case(spoiled(config(num_labels=10**9)), "gives 1000000000 as"),
    "model: layers below zero": Case(spoiled(config(num_hidden_layers=-1)), "gives -1 as"),
    "model: a text for a number": Case(spoiled(config(hidden_size="32; rm -rf")), "hidden_size"),
    "model: no such kind": Case(spoiled(config(model_type="../../etc")), "does not load"),
    "model: quantised": Case(spoiled(config(quantization_config={"bits": 4})), "is quantised"),
    "model: weights named elsewhere": Case(
        spoiled(config(transformers_weights="../outside.safetensors")), "no file of weights"
    ),
    "model: a header of 9 exabytes": Case(spoiled(header(length=2**63 - 1)), "safetensors"),
    "model: a header beyond the file": Case(spoiled(header(length=10**9)), "safetensors"),
    "model: no header": Case(spoiled(header(cut=4)), "safetensors"),
    "model: half a header": Case(spoiled(header(cut=200)), "safetensors"),
    "model: half the weights": Case(spoiled(header(cut=30_000)), "cut short"),
    "model: a header that is no JSON": Case(spoiled(header(text=b"{" * 64)), "safetensors"),
    "model: a header that is deep": Case(spoiled(header(text=DEEP)), "safetensors"),
    "model: weights a step up": Case(
        spoiled(weight_map("../outside.safetensors")), "no file of these weights"
    ),
    "model: weights at the root": Case(
        spoiled(weight_map("/etc/passwd")), "no file of these weights"
    ),
    "model: weights from an address": Case(
        spoiled(weight_map("https://evil.example/x")), "no file of these weights"
    ),
    "model: weights that lack": Case(spoiled(not_numbers), "lack"),
    "model: weights that lead nowhere": Case(spoiled(dangling), "is missing"),
    "model: a pipe": Case(spoiled(pipe), "not a plain file"),
    "model: a tokenizer's config that is deep": Case(
        spoiled(written("tokenizer_config.json", DEEP)), "The tokenizer of model 'model' does not"
    ),
    "model: a tokenizer that is a model": Case(
        spoiled(written("tokenizer_config.json", b'{"tokenizer_class": "AutoModel", "x": [}')),
        "The tokenizer of model 'model' does not load",
    ),
    "model: a tokenizer that is none": Case(
        spoiled(written("tokenizer.json", b'{"model": 7}')), "does not load"
    ),
}  # fmt: skip
