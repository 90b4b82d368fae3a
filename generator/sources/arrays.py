"""Attention that somebody else computed, read from files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..capture import Capture, ModelInfo
from ..capture.precision import as_published
from ..config import Numbers
from ..corpus import Corpus, Record, Skipped, distinct, tails
from ..errors import InputError
from ..redaction import Redactor
from ..results.shapes import Matrix, Result, Scores
from .reading import CapturedRecord, Unread, digest_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..data.record_files import ArraysRecord
    from ..results.untrained import Untrained
    from ..store import Store

Key = tuple[str, str]
"""Name and sha256 of a corpus, as far as headers state them."""
HELD = 32_000_000
"""Bytes of arrays that are held from the first look at the files on: short texts are read once."""
TEXTS = ("title", "about", "licence", "source", "form", "part")
"""What a header may say of a corpus in words."""


class ArraysSource:
    """Attention that somebody else computed, read from files; no model is loaded."""

    redactor: Redactor | None = None

    def __init__(self, *folders: Path, numbers: Numbers = "float32") -> None:
        self.folders, self.numbers = folders, numbers
        self._held: dict[Path, ArraysRecord] = {}
        self._room = HELD
        heads = sorted(self._heads(), key=lambda head: _order(head[0]))
        entries = [entry for entry, _ in heads]
        infos: dict[str, ModelInfo] = {}
        corpora: dict[Key, list[ArraysRecord]] = {}
        for entry in entries:
            _same(infos.setdefault(entry.capture.model.name, entry.capture.model), entry)
            corpora.setdefault(_key(entry), []).append(entry)
        names = dict(zip(corpora, _names(folders, corpora), strict=True))
        self.models = tuple(infos.values())
        self.corpora = tuple(_corpus(names[key], found) for key, found in corpora.items())
        self._files: dict[Unread, Path] = {}
        self._given: dict[Path, frozenset[str]] = {entry.path: names for entry, names in heads}
        self._hashes: dict[Path, str] = {}
        for entry in entries:
            record = entry.capture.record
            self._files[entry.capture.model.name, names[_key(entry)], record.id] = entry.path

    def fingerprint(self) -> str:
        """Return a hash of every file."""
        from ..data.model_file import RESULTS

        kinds = ("*.safetensors", RESULTS)
        found = (sorted(path for kind in kinds for path in f.rglob(kind)) for f in self.folders)
        return digest_of([self._hash(file) for files in found for file in files if file.is_file()])

    def model_key(self, model: ModelInfo) -> str:
        """Return a hash of what the files say of a model itself."""
        return digest_of([self._hash(path) for path in self._results(model)])

    def readings(self, model: ModelInfo) -> list[CapturedRecord]:
        """Return the texts that there are arrays of one model for."""
        places = {place: path for place, path in self._files.items() if place[0] == model.name}
        return [
            CapturedRecord(
                model,
                corpus,
                record,
                self._key(places[place]),
                len(self.corpora) > 1,
                places[place],
            )
            for corpus in self.corpora
            for record in corpus.records
            if (place := (model.name, corpus.name, record.id)) in places
        ]

    def unread(self) -> dict[Unread, Skipped]:
        """Return the records of one model that another has no arrays for."""
        unread = {}
        for model in self.models:
            for corpus in self.corpora:
                for record in corpus.records:
                    if (place := (model.name, corpus.name, record.id)) not in self._files:
                        of = f"{corpus.name}, " if len(self.corpora) > 1 else ""
                        where = f"{model.name}, {of}record {record.id!r}"
                        unread[place] = Skipped(where, "no arrays for it")
        return unread

    def capture(self, reading: CapturedRecord, store: Store) -> Capture:
        """Return a capture from its file."""
        return replace(self._read(self._files[reading.place]).capture, model=reading.model)

    def given_names(self, reading: CapturedRecord) -> frozenset[str]:
        """Return the analyses whose results a file holds."""
        return self._given[self._files[reading.place]]

    def given(self, reading: CapturedRecord) -> Mapping[str, Result]:
        """Return the results that a file holds."""
        return dict(_given(self._read(self._files[reading.place])))

    def given_of_model(self, model: ModelInfo) -> Mapping[str, Result]:
        """Return what the files of a model say of itself."""
        from ..data.model_file import read_results
        from ..data.result_files import results_in

        found: dict[str, Result] = {}
        for path in self._results(model):
            found |= results_in(path, read_results(path.parent, model.name)[1], {}, {})
        return {name: result for name, result in found.items() if not result.empty}

    def untrained_of_model(self, model: ModelInfo) -> Untrained | None:
        """Return what the files of a model say of its untrained copies, if they do."""
        from ..data.model_file import read_untrained

        found = (read_untrained(path.parent, model.name) for path in self._results(model))
        return next((one for one in found if one is not None), None)

    def _heads(self) -> Iterator[tuple[ArraysRecord, frozenset[str]]]:
        """Yield the records of all files without arrays, and the analyses they have results of."""
        from ..data.record_files import ArraysRecord, read_arrays

        for entry in read_arrays(*self.folders):
            capture = replace(entry.capture, model=_shaped(entry.capture), maps=())
            given = frozenset(name for name, _ in _given(entry))
            yield ArraysRecord(entry.path, capture, entry.numbers, entry.corpus), given
            self._hold(entry)

    def _hold(self, entry: ArraysRecord) -> None:
        """Keep a record with its arrays while there is room."""
        arrays = list(_arrays(entry))
        size = sum(array.nbytes for array in arrays)
        if size <= self._room:
            self._room -= size
            self._held[entry.path] = self._published(entry)
            for array in _arrays(self._held[entry.path]):
                array.flags.writeable = False  # several read it

    def _read(self, path: Path) -> ArraysRecord:
        """Return a record with its arrays, as a site shows them."""
        from ..data.record_files import read_record

        return self._held[path] if path in self._held else self._published(read_record(path))

    def _published(self, entry: ArraysRecord) -> ArraysRecord:
        return replace(entry, capture=as_published(entry.capture, self.numbers))

    def remarks_of_model(self, model: ModelInfo) -> tuple[str, ...]:
        """Return what the files of a model say of how its weights were read."""
        from ..data.model_file import read_remarks

        found = (read_remarks(path.parent, model.name) for path in self._results(model))
        return tuple(dict.fromkeys(remark for remarks in found for remark in remarks))

    def _results(self, model: ModelInfo) -> list[Path]:
        from ..data.model_file import RESULTS

        places = (path for place, path in self._files.items() if place[0] == model.name)
        files = dict.fromkeys(path.parent / RESULTS for path in places)
        return [path for path in files if path.is_file()]

    def _key(self, path: Path) -> str:
        """Return the hash of a record: of its file, or of those of its layers."""
        files = sorted(path.glob("*.safetensors")) if path.is_dir() else [path]
        rounded = ["float16"] if self.numbers == "float16" else []
        return digest_of([self._hash(file) for file in files] + rounded)

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            with path.open("rb") as file:
                self._hashes[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes[path]


def _given(entry: ArraysRecord) -> Iterator[tuple[str, Result]]:
    """Yield what a file holds beside attention, by analysis."""
    from ..analyses.flow_all_rows import has_more
    from ..data.result_files import results_in

    given = [("rollout", entry.rollout), ("flow", entry.flow)]
    if has_more(entry.capture, entry.flow):
        given.append(("flow_all_rows", entry.flow))
    for name, values in given:
        if values:
            yield name, Result(name, tuple(Matrix(kind, array) for kind, array in values.items()))
    if entry.saliency:
        answer = {name: array for name, array in entry.saliency.items() if "." not in name}
        scores = tuple(Scores(method, array) for method, array in answer.items())
        yield "saliency", Result("saliency", scores=scores)
    given_arrays = entry.saliency, entry.matrices
    yield from results_in(entry.path, entry.results, *given_arrays, entry.capture).items()


def _arrays(entry: ArraysRecord) -> Iterator[npt.NDArray[Any]]:
    """Yield all arrays of a record."""
    for part in entry.capture.maps:
        yield part.weights
        if part.sink is not None:
            yield part.sink
    for group in (entry.rollout, entry.flow, entry.saliency, entry.matrices):
        yield from group.values()


def _key(entry: ArraysRecord) -> Key:
    from ..data.record_files import corpus_key

    return corpus_key(entry.corpus)


def _same(model: ModelInfo, entry: ArraysRecord) -> None:
    """Raise InputError where two models of one name have other weights, as far as files say."""
    hashes = {model.weights_sha256, entry.capture.model.weights_sha256} - {None}
    if len(hashes) > 1:
        raise InputError(
            f"{entry.path}: the weights of model {model.name!r} are others than in other files; "
            "give each model its own name."
        )


def _names(folders: Sequence[Path], corpora: Mapping[Key, Sequence[ArraysRecord]]) -> list[str]:
    """Return what to call corpora: their name, with folders of their files where two share it."""
    top = Path(os.path.commonpath([folder.absolute() for folder in folders]))
    candidates = []
    for number, ((name, sha256), entries) in enumerate(corpora.items(), 1):
        called = name or folders[0].name
        parents = [str(entry.path.parent.absolute().relative_to(top)) for entry in entries]
        common = Path(os.path.commonpath(parents))
        own = tails(common / called, called)
        candidates.append([*own, f"{called} {sha256[:12]}", f"{called} {sha256} {number}"])
    return distinct(candidates)


def _corpus(name: str, entries: Sequence[ArraysRecord]) -> Corpus:
    """Return the corpus that files describe in their headers, as far as they do."""
    about = entries[0].corpus
    records = _records(entries)
    texts = {key: str(about.get(key) or "") for key in TEXTS}
    title, notes = texts.pop("title") or name, about.get("notes")
    sha256 = str(about.get("sha256") or digest_of([repr(record) for record in records]))
    task = about.get("task")
    return Corpus(
        name=name, title=title, task=task if isinstance(task, str) else None,
        records=records, skipped=(), sha256=sha256,
        notes=tuple(map(str, notes)) if isinstance(notes, list) else (), **texts,
    )  # fmt: skip


def _records(entries: Sequence[ArraysRecord]) -> tuple[Record, ...]:
    """Return the records of a corpus, whichever models read them; their texts must agree."""
    first: dict[str, ArraysRecord] = {}
    for entry in entries:
        record = entry.capture.record
        known = first.setdefault(record.id, entry)
        if _texts(known.capture.record) != _texts(record):
            raise InputError(
                f"{entry.path}: record {record.id!r} has other texts than in {known.path}; "
                "give each record its own id, or each corpus its own name."
            )
    return tuple(entry.capture.record for entry in first.values())


def _texts(record: Record) -> tuple[str | None, ...]:
    return record.text, record.pair, record.target


def _order(entry: ArraysRecord) -> tuple[int, ...]:
    """Return the place that a record had in the site it comes from; 0 where none is stated."""
    order = entry.corpus.get("order")
    fine = isinstance(order, list) and all(isinstance(place, int) for place in order)
    return tuple(order) if fine and isinstance(order, list) else (0,)


def _shaped(capture: Capture) -> ModelInfo:
    """Return the model of a capture, with the shape that its maps show where none is stated."""
    model, last = capture.model, capture.maps[-1]
    layers, heads = model.layers or last.layers, model.heads or last.heads
    return replace(model, layers=layers, heads=heads)
