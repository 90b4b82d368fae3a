"""Safetensors files written layer by layer, so that no array is in memory a second time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
NAMES = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "u1": "U8"}
"""What safetensors calls a type, by what numpy calls it."""


def write_tensors(write: Callable[[Any], object], arrays: Arrays, metadata: dict[str, str]) -> None:
    """Hand a safetensors file to `write`, piece by piece: the bytes that safetensors itself makes.

    An array whose numbers lie on disk is read a layer at a time, and given back at once.
    """
    ordered = sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0]))
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    start = 0
    for name, array in ordered:
        end = start + array.nbytes
        shape, kind = list(array.shape), NAMES[array.dtype.str[1:]]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
        start = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    write(len(text).to_bytes(8, "little"))
    write(text)
    for _, array in ordered:
        for part in _parts(array):
            write(np.ascontiguousarray(part).data.cast("B"))
            give_back(array)


def give_back(array: npt.NDArray[Any]) -> None:
    """Let go of the memory that holds a copy of what lies on disk; reading brings it back."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    if isinstance(base, mmap) and hasattr(base, "madvise"):
        from mmap import MADV_DONTNEED

        base.madvise(MADV_DONTNEED)


def _parts(array: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """Yield an array by its first axis, or whole where it has none."""
    if array.size:
        yield from array if array.ndim > 1 else (array,)
