"""The files of a model's folder: config, weights, tokenizer, card, and the hashes that pin them."""

from __future__ import annotations

import hashlib
import json
import math
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import InputError

BUFFER = 1 << 22
TOKENIZER_FILES = (
    *("added_tokens.json", "merges.txt", "special_tokens_map.json", "spiece.model"),
    *("sentencepiece.bpe.model", "sentencepiece.model", "source.spm", "target.spm"),
    *("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt"),
)
HUB_FILES = ["config.json", "generation_config.json", "README.md", *TOKENIZER_FILES]


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model's `config.json`."""
    path = folder / "config.json"
    if not path.is_file():
        raise InputError(f"{folder}: no config.json, so this is not a model's folder.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}).") from error
    if not isinstance(config, dict):
        raise InputError(f"{path}: must hold a JSON object.")
    return config


def weight_files(folder: Path, allow_pickle: bool) -> list[Path]:
    """List the files that hold the weights; pickles only where allowed."""
    if safe := sorted(folder.glob("model*.safetensors")):
        return safe
    pickles = sorted(folder.glob("pytorch_model*.bin"))
    if not pickles:
        raise InputError(f"{folder}: no weights; model.safetensors is missing.")
    if not allow_pickle:
        raise InputError(
            f"{folder}: the weights are a pickle, which can run code when it is read; "
            "convert them to safetensors, or give --allow-pickle if you trust them."
        )
    return pickles


def tokenizer_files(folder: Path) -> list[Path]:
    """List the files that make the tokenizer."""
    found = [folder / name for name in TOKENIZER_FILES if (folder / name).is_file()]
    if not found:
        raise InputError(f"{folder}: no tokenizer; save it beside the model.")
    return found


def hash_files(files: list[Path]) -> str:
    """Return the sha256 of a single file, or of the list of names and hashes of several."""
    if len(files) == 1:
        return _hash_file(*_identity(files[0]))
    lines = [f"{_hash_file(*_identity(file))}  {file.name}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def count_parameters(files: list[Path]) -> int | None:
    """Count the numbers in safetensors files from their headers alone; None for pickles."""
    if any(file.suffix != ".safetensors" for file in files):
        return None
    return sum(_count(file) for file in files)


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


def _count(file: Path) -> int:
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(length, 100_000_000)))
        shapes = [entry["shape"] for name, entry in header.items() if name != "__metadata__"]
        return sum(math.prod(shape) for shape in shapes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file}: not a safetensors file.") from error
