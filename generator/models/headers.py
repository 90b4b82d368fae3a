"""What files of weights say that they hold: the name, the shape and the type of each tensor."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError

POINTER = b"version https://git-lfs"
CODE = "Unsupported"
"""What torch says of a pickle that would make anything but tensors."""
AGAIN = "save the model with save_pretrained, as safetensors"
MOST = 100_000_000
"""Bytes that a header has at most."""
TRAINED = ("F64", "F32", "F16", "BF16")
"""Types that weights are trained in. Any other holds what is left of them, or no weights."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor in a file: its type, as safetensors names it, and its shape."""

    dtype: str
    shape: tuple[int, ...]


def tensors(file: Path) -> dict[str, Stored]:
    """Return the tensors in a file of weights, of safetensors from its header alone.

    It must be whole, and hold nothing else.
    """
    if file.suffix != ".safetensors":
        return _pickled(file)
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(length, MOST)))
        header.pop("__metadata__", None)
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
        if 8 + length + end != file.stat().st_size:
            raise ValueError(end)
        return {name: Stored(one["dtype"], tuple(one["shape"])) for name, one in header.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file}: {_instead(file)}.") from error


def _pickled(file: Path) -> dict[str, Stored]:
    """Return the tensors in a pickle, which is read without running what it may hold."""
    import torch

    try:
        found = torch.load(file, map_location="meta", weights_only=True)
    except Exception as error:  # unpickling foreign bytes may raise anything
        holds = "more than numbers, which is never read" if CODE in str(error) else "no weights"
        raise InputError(f"{file}: a pickle that holds {holds}; {AGAIN}.") from error
    if not isinstance(found, Mapping) or not all(isinstance(name, str) for name in found):
        raise InputError(f"{file}: a pickle that is no list of weights by name; {AGAIN}.")
    return {
        name: Stored(_short(one.dtype), tuple(one.shape))
        if isinstance(one, torch.Tensor)
        else Stored(type(one).__name__, ())
        for name, one in found.items()
    }


def _short(dtype: Any) -> str:
    """Return the name of a type of torch as safetensors has it, if it is one of weights."""
    name = str(dtype).removeprefix("torch.")
    return {"bfloat16": "BF16"}.get(name, name.replace("float", "F").replace("int", "I"))


def count_parameters(files: Sequence[Path]) -> int | None:
    """Count the numbers in safetensors files from their headers alone; None for pickles."""
    if any(file.suffix != ".safetensors" for file in files):
        return None
    return sum(math.prod(one.shape) for file in files for one in tensors(file).values())


def tensor_names(files: Sequence[Path]) -> set[str]:
    """Return the names of all tensors in files of weights."""
    return {name for file in files for name in tensors(file)}


def not_trained(model: Any, files: Sequence[Path]) -> str | None:
    """Return, as the end of a sentence, which weights of a model are of a type of no weights."""
    prefix = f"{model.base_model_prefix}."
    own = {name.removeprefix(prefix) for name, _ in model.named_parameters()}
    for file in files:
        for name, one in tensors(file).items():
            if one.dtype not in TRAINED and name.removeprefix(prefix) in own:
                return (
                    f"{name} is {one.dtype} in its file, and not as it was trained; "
                    "save the model as it was before it was quantised"
                )
    return None


def other_shape(model: Any, files: Sequence[Path]) -> str | None:
    """Return, as the end of a sentence, a tensor that a config gives another shape than files."""
    prefix = f"{model.base_model_prefix}."
    state = model.state_dict().items()
    wanted = {name.removeprefix(prefix): tuple(one.shape) for name, one in state}
    for file in files:
        for name, one in tensors(file).items():
            shape = wanted.get(name.removeprefix(prefix), one.shape)
            if shape != one.shape:
                held, asked = ("×".join(map(str, each)) for each in (one.shape, shape))
                return f"{name} is {held}, not {asked}"
    return None


def _instead(file: Path) -> str:
    """Say what a file is that should hold tensors and does not."""
    with file.open("rb") as stream:
        if stream.read(len(POINTER)) == POINTER:
            return "a pointer of Git LFS to the weights; fetch them with git lfs pull"
    return "not a safetensors file, or cut short; copy it anew"
