"""The layers of a forward pass, out of memory as soon as they are made."""

from __future__ import annotations

import ctypes
import dataclasses
import tempfile
import weakref
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, Any

import numpy as np
from torch import Tensor

from ..array_types import Singles
from ..errors import InputError, ResourceError
from .rows import TOLERANCES

IN_MEMORY = 8_000_000
"""Bytes of layers that stay in memory; more of them go to a file that has no name."""
TRIM_AFTER = 48_000_000
"""Bytes of layers after which free memory is given back: it costs time, so not after each."""

SPARE_FILES = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Layer:
    """Where the numbers of one layer are: float32 [record, head, query, key] from byte `start`.

    `whole` says that every row sums to about 1; `finite`, that every number is one.
    """

    start: int
    shape: tuple[int, ...]
    whole: bool
    finite: bool

    def place(self, row: int) -> int:
        """Return where the numbers of one record start."""
        return self.start + row * 4 * int(np.prod(self.shape[1:]))


@cache
def _allocator() -> Any:
    """Return the C library where it can give memory back (glibc), else None."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    return library if hasattr(library, "malloc_trim") else None


def trim() -> None:
    """Give free memory back to the system; the C library would keep it in pieces of no use."""
    if library := _allocator():
        library.malloc_trim(0)


class ScratchFiles:
    """Where layers lie: files without a name in one folder, used again once nobody looks at them.

    New room on disk costs much more time than room that is there already.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._free: list[IO[bytes]] = []
        weakref.finalize(self, _close, self._free)

    def take(self) -> IO[bytes]:
        """Return a file to write from its start."""
        if not self._free:
            return tempfile.TemporaryFile(dir=self._folder)
        file = self._free.pop()
        file.seek(0)
        return file

    def put_back(self, file: IO[bytes]) -> None:
        """Keep a file for later, or close it where there are enough."""
        if len(self._free) < SPARE_FILES:
            self._free.append(file)
        else:
            file.close()


def _close(files: list[IO[bytes]]) -> None:
    for file in files:
        file.close()


class LayerFile:
    """The layers of one batch, one behind the other: in memory, or on disk where they are large."""

    def __init__(self, scratch: ScratchFiles | None = None) -> None:
        self._scratch = scratch or ScratchFiles()
        self._few: dict[int, Singles] = {}
        self._file: IO[bytes] | None = None
        self._map: mmap | None = None
        self._size = self._untrimmed = 0

    def add(self, numbers: Tensor) -> Layer:
        """Keep the numbers of a layer, [record, head, query, key]; return where they are."""
        values = np.ascontiguousarray(numbers.detach().float().cpu().numpy())
        sums = values.sum(axis=-1, dtype=np.float32)
        whole = bool((sums >= 1 - max(TOLERANCES.values())).all())
        layer = Layer(self._size, values.shape, whole, bool(np.isfinite(sums).all()))
        self._few[self._size] = values
        self._size += values.nbytes
        if self._size > IN_MEMORY:
            self._to_file()
        return layer

    def stack(self, layers: Sequence[Layer], row: int) -> Singles:
        """Return [layer, head, query, key] of one record: a copy, or read-only from disk."""
        if len({layer.shape for layer in layers}) > 1:
            raise InputError("Layers with different numbers of heads cannot be shown side by side.")
        if self._file is None:
            return np.stack([self._few[layer.start][row] for layer in layers])
        places = [layer.place(row) for layer in layers]
        steps = {after - before for before, after in pairwise(places)} or {0}
        if len(steps) > 1 or min(steps) < 0:
            return np.stack([self._mapped(place, layers[0].shape[1:]) for place in places])
        return self._mapped(places[0], (len(layers), *layers[0].shape[1:]), *steps)

    def _mapped(self, place: int, shape: tuple[int, ...], step: int | None = None) -> Singles:
        """Return an array out of the file, its first axis `step` bytes wide; no more is added."""
        if self._map is None and self._file is not None:
            self._file.flush()
            self._map = mmap(self._file.fileno(), self._size, access=ACCESS_READ)
            self._unread.detach()
            weakref.finalize(self._map, self._scratch.put_back, self._file)
        plain: Singles = np.ndarray(shape, np.float32, self._map, place)
        if step is None:
            return plain
        return np.ndarray(shape, np.float32, self._map, place, (step, *plain.strides[1:]))

    def _to_file(self) -> None:
        """Write to the file what is in memory."""
        try:
            if self._file is None:
                self._file = self._scratch.take()
                self._unread = weakref.finalize(self, self._scratch.put_back, self._file)
            for values in self._few.values():
                self._file.write(values.data.cast("B"))
                self._untrimmed += values.nbytes
            self._few.clear()
            if self._untrimmed > TRIM_AFTER:
                trim()
                self._untrimmed = 0
        except OSError as error:
            raise ResourceError(
                f"No room to keep attention while a model runs ({error.strerror or error}): "
                "free space, or choose another folder with --store."
            ) from error
