"""What was captured and computed before, kept by content: the same input is never run twice.

A store is a folder (`.attnatlas/` unless asked otherwise) with `captures/` and `results/`, each a
set of shards. A capture is kept under everything that can change it; what only changes how a
record is shown (note, tags, label, ...) does not count.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ..capture import Capture
from ..capture.header import capture_from_arrays, capture_to_arrays
from ..corpus import Record
from ..errors import AtlasError, InputError, ResourceError
from .results import ResultStore
from .shards import DamagedError, Shards

MARKER = "CACHEDIR.TAG"
"""Backup programs know it and leave the folder out; ours has a line that says whose it is."""
MARKER_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# The store of attnatlas, format 1.\n"
IGNORE = ".gitignore"
FOLDERS = ("captures", "results", "assets")
KNOWN = (MARKER, IGNORE, *FOLDERS)

SHARD_RECORDS = 64
SHARD_BYTES = 32_000_000


def sharded(items: Iterable[tuple[str, Capture]]) -> Iterator[list[tuple[str, Capture]]]:
    """Group a stream of (key, capture) so that each group fits one shard."""
    group: list[tuple[str, Capture]] = []
    size = 0
    for key, capture in items:
        more = sum(part.weights.nbytes for part in capture.maps)
        if group and (len(group) >= SHARD_RECORDS or size + more > SHARD_BYTES):
            yield group
            group, size = [], 0
        group.append((key, capture))
        size += more
    if group:
        yield group


class Store:
    """The store in one folder. Nothing is written before the first `put`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._open()

    def _open(self) -> None:
        root = self.root
        self._captures = Shards(root / "captures")
        self.results = ResultStore(root / "results", self._writing)

    def claim(self) -> Path:
        """Make the folder ours, so that there is room to work in it; return it."""
        with self._writing():
            return self.root

    def has(self, key: str) -> bool:
        """Return whether the capture of `key` is here."""
        return key in self._captures

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Return the keys without a capture, each once, in order."""
        return [key for key in dict.fromkeys(keys) if key not in self._captures]

    @property
    def damaged(self) -> int:
        """Return how many files were found damaged; what they held counts as missing."""
        return self._captures.damaged + self.results.damaged

    def get(self, key: str, record: Record | None = None) -> Capture:
        """Return the capture of `key`, with `record` attached if given.

        AtlasError when it is gone or damaged; running the command again makes it anew.
        """
        try:
            capture = capture_from_arrays(*self._captures.read(key))
        except (KeyError, ValueError, DamagedError) as error:
            if key in self._captures:
                self._captures.drop(key)
            of = f" of record {record.id!r}" if record else ""
            raise AtlasError(
                f"The stored capture{of} in {self.root} is gone or damaged: "
                "run the command again to make it anew."
            ) from error
        return replace(capture, record=record) if record else capture

    def put(self, items: Sequence[tuple[str, Capture]]) -> None:
        """Keep captures, all of them in one shard or none; see `sharded` for how many at a time."""
        entries = [(key, *capture_to_arrays(capture)) for key, capture in items]
        with self._writing():
            self._captures.write(entries)

    def size(self) -> int:
        """Return the bytes of all files in the store."""
        return sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())

    def clear(self) -> None:
        """Remove the store; InputError for a folder that is not one."""
        if not self.root.exists():
            return
        if not self._is_ours():
            raise InputError(f"{self.root} was not written by attnatlas, so it is left alone.")
        for folder in FOLDERS:
            shutil.rmtree(self.root / folder, ignore_errors=True)
        for name in (IGNORE, MARKER):
            (self.root / name).unlink(missing_ok=True)
        if not any(self.root.iterdir()):
            self.root.rmdir()
        self._open()

    def _is_ours(self) -> bool:
        marker = self.root / MARKER
        return marker.is_file() and marker.read_text(encoding="utf-8") == MARKER_TEXT

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Make the folder ours on the way in; turn a full or closed disk into one sentence."""
        try:
            self._claim()
            yield
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            kind = ResourceError if full else AtlasError
            raise kind(
                f"The store {self.root} cannot be written ({error.strerror or error}): free space, "
                "or choose another folder with --store."
            ) from error

    def _claim(self) -> None:
        if self._is_ours():
            return
        folder = self.root.is_dir()
        others = folder and any(p.name not in KNOWN for p in self.root.iterdir())
        if others or (self.root.exists() and not folder):
            raise InputError(
                f"{self.root} is not empty and not a store of attnatlas, so it is left alone: "
                "choose an empty or new folder with --store."
            )
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / IGNORE).write_text("*\n", encoding="utf-8")
        (self.root / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
