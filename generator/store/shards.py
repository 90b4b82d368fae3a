"""Files of up to 64 entries, each entry some arrays and a JSON header, kept under a key.

A shard is written beside its place, synced and renamed, so a crash leaves whole shards and a
leftover that the next writer sweeps. Its name is the sha256 of its bytes. A shard that is cut
short or damaged counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from ..tensors import write_tensors

Arrays = Mapping[str, npt.NDArray[Any]]
Header = Mapping[str, Any]
Entry = tuple[str, Arrays, Header]

SUFFIX = ".safetensors"
NAMED = re.compile(r"[0-9a-f]{64}\.safetensors")
LEFTOVER = ".tmp"
DAY = 86_400
MAPPED = 1_000_000
"""Bytes from which an array is read from its file when looked at, and not before."""
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


HEADERS = 8
"""Shards whose headers are in memory: those of one record and its results, and some to spare."""


class DamagedError(Exception):
    """A shard is not what its name says."""


@dataclass(frozen=True, slots=True)
class _Shard:
    """The header of one shard: where each tensor lies, and the JSON of each entry."""

    path: Path
    start: int
    tensors: Mapping[str, Mapping[str, Mapping[str, Any]]]
    headers: Mapping[str, str]


class Shards:
    """All shards of one folder, found when it is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, Path] = {}
        self._sound: set[Path] = set()
        self._header = lru_cache(maxsize=HEADERS)(read_header)
        self.damaged = 0
        """Shards that were found damaged, and removed if that can be."""
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                self._places |= dict.fromkeys(read_header(path).headers, path)
            except DamagedError:
                self._remove(path)
            except OSError:  # it may be sound, and be read another time
                continue

    def __contains__(self, key: str) -> bool:
        """Return whether `key` is here, in a shard that is what its name says.

        All bytes of a shard are looked at, once: one that is damaged is removed, and counted.
        """
        if (path := self._places.get(key)) is None:
            return False
        try:
            self._check(path)
        except (DamagedError, OSError):
            self.drop(key)
            return False
        return True

    def read(
        self, key: str, without: str | None = None
    ) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """Return the arrays and header of `key`; KeyError where there is none.

        Arrays whose name begins with `without` are left out. A shard found damaged is forgotten
        and removed: DamagedError.
        """
        path = self._places[key]
        try:
            self._check(path)
            shard = self._header(path)
            found = shard.tensors.get(key, {})
            wanted = {n: t for n, t in found.items() if not (without and n.startswith(without))}
            return _tensors(shard, wanted), json.loads(shard.headers[key])
        except (DamagedError, OSError, ValueError) as error:
            self.drop(key)
            raise DamagedError(str(path)) from error

    def drop(self, key: str) -> None:
        """Forget the shard that holds `key` and remove it, as soon as nobody looks at it."""
        path = self._places[key]
        self._places = {other: place for other, place in self._places.items() if place != path}
        self._remove(path)

    def write(self, entries: Sequence[Entry]) -> None:
        """Write the entries as one shard."""
        if not entries:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        sweep(self.folder)
        path = _write(self.folder, entries)
        self._places |= dict.fromkeys((key for key, _, _ in entries), path)

    def _remove(self, path: Path) -> None:
        """Remove a damaged shard and count it; what is not called like a shard is left alone."""
        if NAMED.fullmatch(path.name):
            self.damaged += 1
            with suppress(OSError):  # Windows keeps a file that arrays are still read from
                path.unlink(missing_ok=True)

    def _check(self, path: Path) -> None:
        """Raise DamagedError unless the bytes hash to the name; done once for each shard."""
        if path in self._sound:
            return
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.stem:
                raise DamagedError(str(path))
        self._sound.add(path)


def read_header(path: Path) -> _Shard:
    """Read where everything lies in a shard; DamagedError if it is cut short or not a shard."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            size = os.fstat(file.fileno()).st_size
            if not 0 < length <= size - 8:
                raise DamagedError(str(path))
            tensors = json.loads(file.read(length))
        headers = tensors.pop("__metadata__", {})
        end = max((entry["data_offsets"][1] for entry in tensors.values()), default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise DamagedError(str(path)) from error
    if size != 8 + length + end:
        raise DamagedError(str(path))
    places: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, entry in tensors.items():
        key, _, array = name.partition("/")
        places.setdefault(key, {})[array] = entry
    return _Shard(path, 8 + length, places, headers)


def sweep(folder: Path) -> None:
    """Remove what writers on this machine that are gone left behind, and anything a day old."""
    for path in folder.glob(f"*{LEFTOVER}"):
        try:
            host, process, _ = path.name.split("~")
            gone = host == _host() and not _alive(int(process))
            if gone or time.time() - path.stat().st_mtime > DAY:
                path.unlink()
        except (OSError, ValueError):
            continue


def _write(folder: Path, entries: Sequence[Entry]) -> Path:
    """Write a shard beside its place, hashing what is written; sync, rename, return where it is."""
    arrays = {f"{key}/{name}": array for key, found, _ in entries for name, array in found.items()}
    texts = {key: json.dumps(h, separators=(",", ":"), allow_nan=False) for key, _, h in entries}
    draft = folder / f"{_host()}~{os.getpid()}~{secrets.token_hex(4)}{LEFTOVER}"
    digest = hashlib.sha256()
    try:
        with draft.open("xb") as file:

            def write(part: Any) -> None:
                digest.update(part)
                file.write(part)

            write_tensors(write, arrays, texts)
            file.flush()
            os.fsync(file.fileno())
        path = folder / f"{digest.hexdigest()}{SUFFIX}"
        _put(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(folder)
    return path


def _put(draft: Path, path: Path) -> None:
    """Rename a shard to its hash; one that is there, and being read, has the same bytes."""
    try:
        draft.replace(path)
    except PermissionError:
        if not path.exists():
            raise


def _sync_folder(folder: Path) -> None:
    """Make a rename last; a system that cannot open folders does without."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _tensors(shard: _Shard, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, npt.NDArray[Any]]:
    """Return arrays of one entry; the large ones are read from the file when looked at."""
    with shard.path.open("rb") as file:
        return {name: _tensor(shard, entry, file) for name, entry in wanted.items()}


def _tensor(shard: _Shard, entry: Mapping[str, Any], file: BinaryIO) -> npt.NDArray[Any]:
    dtype, shape = np.dtype(DTYPES[entry["dtype"]]), tuple(entry["shape"])
    start, end = entry["data_offsets"]
    if end - start > MAPPED:
        mapped = np.memmap(shard.path, dtype, "c", shard.start + start, shape)
        return mapped.view(np.ndarray)
    file.seek(shard.start + start)
    return np.frombuffer(bytearray(file.read(end - start)), dtype).reshape(shape)


def _host() -> str:
    return socket.gethostname().replace("~", "-").replace("/", "-")


def _alive(process: int) -> bool:
    if os.name == "nt":  # where os.kill would end the process; leftovers wait for a day
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
