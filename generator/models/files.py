"""The files of a model's folder: config, weights, tokenizer, card, and the hashes that pin them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import InputError

BUFFER = 1 << 22
SAFE, PICKLE = "model.safetensors", "pytorch_model.bin"
INDEX = ".index.json"
PARTS = {
    SAFE: re.compile(r"model[\w.-]*\.safetensors", re.ASCII),
    PICKLE: re.compile(r"pytorch_model[\w.-]*\.bin", re.ASCII),
}
"""What the files of the weights are called, by the name of the one file that may hold them all."""
FOREIGN = {
    ".gguf": "of llama.cpp",
    ".h5": "of TensorFlow",
    ".msgpack": "of Flax",
    ".onnx": "of ONNX",
    ".ckpt": "of another framework",
}
"""Files of weights that transformers does not read here, by their ending."""
UNREAD = re.compile(
    r"(?!optimizer|scheduler|scaler|rng_state|training_args|adapter_model)"
    r".*\.(safetensors|bin|pt|pth)"
)
"""What else a file of weights may be called, among what a trainer leaves."""
DISTRIBUTED = re.compile(r"shard-\d{5}-model-\d{5}-of-\d{5}\.safetensors")
TOKENIZER_FILES = (
    *("added_tokens.json", "merges.txt", "special_tokens_map.json", "spiece.model", "spm.model"),
    *("sentencepiece.bpe.model", "sentencepiece.model", "source.spm", "target.spm"),
    *("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt"),
    *("bpe.codes", "byte_maps.json", "dict.txt", "emoji.json", "entity_vocab.json"),
    *("normalizer.json", "prophetnet.tokenizer", "spm_char.model", "target_vocab.json"),
    *("tekken.json", "tiktoken.model", "vocab-src.json", "vocab-tgt.json"),
    *("word_pronunciation.json", "word_shape.json"),
)
"""Files that tokenizers of transformers are made from; a test compares them with its classes."""
TEMPLATE = "chat_template.jinja"
TEMPLATES = "additional_chat_templates/*.jinja"
VERSIONS = "tokenizer.*.json"
GENERATION = "generation_config.json"
HUB_FILES = ["config.json", GENERATION, "README.md", TEMPLATE, VERSIONS, *TOKENIZER_FILES]


def require_plain(folder: Path) -> None:
    """Raise if something in a model's folder could be read for ever: a pipe, a socket, a device."""
    for path in sorted(folder.iterdir()):
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError(f"{path}: not a plain file, so it is not read; take it out.")


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model's `config.json`."""
    path = folder / "config.json"
    if not path.is_file():
        names = (path.name, "adapter_config.json")
        found = {inner.parent for name in names for inner in folder.glob(f"*/{name}")}
        within = sorted(found, key=_by_number)
        meant = f"; did you mean {within[-1]}?" if within else "."
        raise InputError(f"{folder}: no config.json, so this is not a model's folder{meant}")
    return read_object(path)


def _by_number(path: Path) -> list[tuple[str, int]]:
    """Return what puts `checkpoint-500` before `checkpoint-1000`."""
    return [(text, int(number or 0)) for text, number in re.findall(r"(\D*)(\d*)", path.name)]


def read_generation(folder: Path) -> dict[str, Any]:
    """Return how a model is to write, as its `generation_config.json` says; empty without one."""
    path = folder / GENERATION
    return read_object(path) if path.is_file() else {}


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}).") from error
    if not isinstance(found, dict):
        raise InputError(f"{path}: must hold a JSON object.")
    return found


def weight_files(folder: Path, config: dict[str, Any], allow_pickle: bool) -> list[Path]:
    """List the files that transformers takes the weights from; pickles only where allowed."""
    if shard := next((p for p in folder.iterdir() if DISTRIBUTED.fullmatch(p.name)), None):
        raise InputError(
            f"{shard}: a part of a distributed checkpoint; save the model in one piece, "
            "with save_pretrained."
        )
    names = [SAFE, SAFE + INDEX, PICKLE, PICKLE + INDEX]
    if (named := config.get("transformers_weights")) is not None:
        names = [_named(folder, named)]
    first = next((folder / name for name in names if (folder / name).is_file()), None)
    if first is None:
        raise InputError(_no_weights(folder, names[0]))
    if first.name.startswith(PICKLE) and not allow_pickle:
        raise InputError(
            f"{folder}: the weights are a pickle, which can run code when it is read; "
            "convert them to safetensors, or give --allow-pickle if you trust them."
        )
    return list(_parts(first)) if first.name.endswith(INDEX) else [first]


def _named(folder: Path, named: object) -> str:
    """Return the file that a config names for its weights, if it is one of a model's own."""
    if isinstance(named, str) and PARTS[SAFE].fullmatch(named.removesuffix(INDEX)):
        return named
    raise InputError(
        f"{folder / 'config.json'}: transformers_weights names {named!r}, which is no file of "
        f"weights in this folder; take it out, and call the file {SAFE}."
    )


def _no_weights(folder: Path, name: str) -> str:
    if any(folder.glob("model-*-of-*.safetensors")):
        return f"{folder}: the weights come in parts, and {SAFE + INDEX}, their list, is missing."
    other = next((p for p in sorted(folder.iterdir()) if p.suffix in FOREIGN), None)
    if other is not None:
        kind = FOREIGN[other.suffix]
        return f"{folder}: no weights but {other.name}, which is {kind}; {name} is missing."
    near = next((p for p in sorted(folder.iterdir()) if UNREAD.fullmatch(p.name)), None)
    known = f", and {near.name} is not a name that is read" if near else ""
    return f"{folder}: no weights; {name} is missing{known}."


def _parts(index: Path) -> Iterator[Path]:
    """Yield the files that an index lists, each once, in order; none may lie elsewhere."""
    pattern = PARTS[PICKLE if index.name.startswith(PICKLE) else SAFE]
    listed = read_object(index).get("weight_map")
    names = set(listed.values()) if isinstance(listed, dict) else set()
    if not names or not all(isinstance(name, str) for name in names):
        raise InputError(f"{index}: needs a weight_map, the file of each tensor.")
    for name in sorted(names):
        if not pattern.fullmatch(name):
            raise InputError(
                f"{index}: its weight_map names {name!r}, which is no file of these weights; "
                "save the model again, with save_pretrained."
            )
        if not (index.parent / name).is_file():
            raise InputError(f"{index.parent}: {name} is missing, which {index.name} lists.")
        yield index.parent / name


def tokenizer_files(folder: Path) -> list[Path]:
    """List the files that make the tokenizer, the templates of its chats among them."""
    found = [folder / name for name in TOKENIZER_FILES if (folder / name).is_file()]
    if not found:
        raise InputError(f"{folder}: no tokenizer; save it beside the model.")
    others = [path for glob in (VERSIONS, TEMPLATE, TEMPLATES) for path in folder.glob(glob)]
    return found + sorted(path for path in others if path.is_file())


def hash_files(files: Sequence[Path]) -> str:
    """Return the sha256 of a single file, or of the list of names and hashes of several."""
    if len(files) == 1:
        return _hash_file(*_identity(files[0]))
    lines = [f"{_hash_file(*_identity(file))}  {file.name}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_card(folder: Path) -> dict[str, str]:
    """Return the plain `key: value` lines at the top of a model card, between `---` lines."""
    try:
        lines = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        return {}
    front = lines[1 : lines.index("---", 1)]
    pairs = [line.split(":", 1) for line in front if ":" in line and line[0] not in " -#"]
    values = {key.strip(): value.strip().strip("\"'") for key, value in pairs}
    return {key: value for key, value in values.items() if value}


def _identity(file: Path) -> tuple[str, int, int]:
    status = file.stat()
    return os.path.realpath(file), status.st_size, status.st_mtime_ns


@lru_cache(maxsize=256)
def _hash_file(path: str, size: int, modified: int) -> str:
    """Return the sha256 of a file; size and time make the cache forget one that has changed."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        buffer = memoryview(bytearray(BUFFER))
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
    return digest.hexdigest()
