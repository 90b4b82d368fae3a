"""What was captured and computed before, kept by content: the same input is never run twice.

A store is a folder (`.attnatlas/` unless asked otherwise) with `captures/` and `results/`, each a
set of shards. A capture is kept under everything that can change it; what only changes how a
record is shown (note, tags, label, ...) does not count.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from ..analyses.analysis import Analysis
from ..capture import Capture
from ..config import Settings
from ..corpus import Record
from ..data.record_files import capture_from_arrays, capture_to_arrays
from ..errors import AtlasError, InputError, ResourceError
from ..results.codec import result_from_arrays, result_to_arrays
from ..results.shapes import Result
from .shards import DamagedError, Shards

MARKER = "CACHEDIR.TAG"
"""Backup programs know it and leave the folder out; ours has a line that says whose it is."""
MARKER_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# The store of attnatlas, format 1.\n"
IGNORE = ".gitignore"
FOLDERS = ("captures", "results", "assets")
KNOWN = (MARKER, IGNORE, *FOLDERS)

SHARD_RECORDS = 64
SHARD_BYTES = 32_000_000


def capture_key(model_fingerprint: str, record: Record, settings: Settings) -> str:
    """Return the sha256 of everything that can change a capture.

    `model_fingerprint` pins weights and tokenizer; beside it stand the code that captures, the
    libraries it runs on, the settings of the run and the record's texts and languages.
    """
    run = (settings.dtype, settings.device, settings.max_tokens, settings.task, settings.beams)
    texts = (record.text, record.pair, record.target, record.prefix)
    languages = (record.source_lang, record.target_lang)
    return _digest([model_fingerprint, code_version(), run, texts, languages])


def model_key(model_fingerprint: str, settings: Settings) -> str:
    """Return the sha256 of everything that can change what a model does without any record."""
    run = (settings.dtype, settings.device, settings.task)
    return _digest([model_fingerprint, code_version(), run, "model"])


def question_key(key: str, record: Record) -> str:
    """Return the key of what a model is asked about a capture: `key`, and what the record says.

    The same text may be asked about in several ways: its label, its mention and a contrast.
    """
    mention = record.mention and (record.mention.text, record.mention.start)
    asked = (record.label, record.labels, record.label_index, mention, record.contrast)
    return _digest([key, asked]) if any(asked) else key


@cache
def code_version() -> str:
    """Return a hash of the code that captures and the versions of torch and transformers."""
    folder = files("attnatlas.capture")
    sources = sorted((f for f in folder.iterdir() if f.name.endswith(".py")), key=lambda f: f.name)
    code = [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources]
    return _digest([code, [_version(name) for name in ("torch", "transformers")]])


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
        self._results = Shards(root / "results")

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

    def results_get(self, key: str, analysis: str, version: str) -> Result | None:
        """Return what `analysis` found for `key`, None where that has to be computed."""
        name = _digest([key, analysis, version])
        try:
            return result_from_arrays(*self._results.read(name))
        except (KeyError, ValueError, TypeError, DamagedError):
            return None

    def results_has(self, key: str, analysis: str, version: str) -> bool:
        """Return whether what `analysis` found for `key` is here."""
        return _digest([key, analysis, version]) in self._results

    def results_put(self, analysis: str, version: str, items: Sequence[tuple[str, Result]]) -> None:
        """Keep what `analysis` found for each key, in one shard."""
        entries = [
            (_digest([key, analysis, version]), *result_to_arrays(result)) for key, result in items
        ]
        with self._writing():
            self._results.write(entries)

    def iter_results(self, keys: Iterable[str], analysis: str, version: str) -> Iterator[Result]:
        """Yield the kept results of `analysis` in the order of `keys`, one in memory at a time."""
        for key in keys:
            if (result := self.results_get(key, analysis, version)) is not None:
                yield result

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


@dataclass(frozen=True, slots=True)
class StoredResults:
    """What model-scope analyses read: (record, {analysis: result}), again and again, one at a time.

    `items` are (record, key) pairs; a result that the store no longer has is left out.
    """

    store: Store
    items: Sequence[tuple[Record, str]]
    analyses: Sequence[Analysis]

    def __iter__(self) -> Iterator[tuple[Record, dict[str, Result]]]:
        for record, key in self.items:
            found = {a.name: self.store.results_get(key, a.name, a.version) for a in self.analyses}
            yield record, {name: result for name, result in found.items() if result is not None}


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
