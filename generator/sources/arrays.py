"""Attention that somebody else computed, read from files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..capture import Capture, ModelInfo
from ..corpus import Corpus, Record, Skipped, distinct, tails
from ..errors import InputError
from ..report import Progress
from ..results.shapes import Matrix, Result, Scores
from .reading import Known, Reading, Unread, digest_of

if TYPE_CHECKING:
    from ..data.record_files import ArraysRecord

Key = tuple[str, str]
"""Name and sha256 of a corpus, as far as headers state them."""


class ArraysSource:
    """Attention that somebody else computed, read from files; no model is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        entries = sorted(_heads(folder), key=_order)
        infos: dict[str, ModelInfo] = {}
        corpora: dict[Key, list[ArraysRecord]] = {}
        for entry in entries:
            infos.setdefault(entry.capture.model.name, entry.capture.model)
            corpora.setdefault(_key(entry), []).append(entry)
        names = dict(zip(corpora, _names(folder, corpora), strict=True))
        self.models = tuple(infos.values())
        self.corpora = tuple(_corpus(names[key], found) for key, found in corpora.items())
        self.paths: dict[str, list[tuple[str, str, Path]]] = {name: [] for name in infos}
        for entry in entries:
            place = names[_key(entry)], entry.capture.record.id, entry.path
            self.paths[entry.capture.model.name].append(place)

    def fingerprint(self) -> str:
        """Return a hash of every file."""
        from ..data.record_files import RESULTS

        files = sorted([*self.folder.rglob("*.safetensors"), *self.folder.rglob(RESULTS)])
        return digest_of([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])

    def prepare(self, progress: Progress) -> dict[Unread, Skipped]:
        """Return the records of one model that another has no arrays for."""
        unread = {}
        for model, entries in self.paths.items():
            have = {(corpus, record) for corpus, record, _ in entries}
            for corpus in self.corpora:
                for record in corpus.records:
                    if (corpus.name, record.id) not in have:
                        of = f"{corpus.name}, " if len(self.corpora) > 1 else ""
                        where = f"{model}, {of}record {record.id!r}"
                        unread[model, corpus.name, record.id] = Skipped(where, "no arrays for it")
        return unread

    def readings(self, model: ModelInfo) -> Iterator[Reading]:
        """Yield the captures of one model from its files."""
        from ..data.record_files import read_record

        corpora = {corpus.name: corpus for corpus in self.corpora}
        for corpus, _, path in self.paths[model.name]:
            entry = read_record(path)
            yield Reading(corpora[corpus], replace(entry.capture, model=model), dict(_given(entry)))

    def of_model(self, model: ModelInfo) -> Known:
        """Return what the files of a model say of itself."""
        from ..asking import answered
        from ..data.record_files import read_results

        folders = dict.fromkeys(path.parent for _, _, path in self.paths[model.name])
        found: dict[str, Result] = {}
        for folder in folders:
            path, results = read_results(folder, model.name)
            found |= answered(path, results, {}, {})
        return Known({name: result for name, result in found.items() if not result.empty})


def _given(entry: ArraysRecord) -> Iterator[tuple[str, Result]]:
    """Yield what a file holds beside attention, by analysis."""
    from ..analyses.flow_all_rows import has_more
    from ..asking import answered

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
    yield from answered(entry.path, entry.results, entry.saliency, entry.matrices).items()


def _heads(folder: Path) -> Iterator[ArraysRecord]:
    """Yield the records of a folder without their arrays, which only shape their models."""
    from ..data.record_files import ArraysRecord, read_arrays

    for entry in read_arrays(folder):
        capture = replace(entry.capture, model=_shaped(entry.capture), maps=())
        yield ArraysRecord(entry.path, capture, entry.numbers, entry.corpus)


def _key(entry: ArraysRecord) -> Key:
    from ..data.record_files import (
        corpus_key,
    )

    return corpus_key(entry.corpus)


def _names(folder: Path, corpora: Mapping[Key, Sequence[ArraysRecord]]) -> list[str]:
    """Return what to call corpora: their name, with folders of their files where two share it."""
    candidates = []
    for (name, sha256), entries in corpora.items():
        called = name or folder.name
        parents = [str(entry.path.parent.relative_to(folder)) for entry in entries]
        common = Path(os.path.commonpath(parents))
        own = tails(common / called, called)
        candidates.append([*own, f"{called} {sha256[:12]}", f"{called} {sha256}"])
    return distinct(candidates)


def _corpus(name: str, entries: Sequence[ArraysRecord]) -> Corpus:
    """Return the corpus that files describe in their headers, as far as they do."""
    about = entries[0].corpus
    records = _records(entries)
    texts = {key: str(about.get(key) or "") for key in ("title", "about", "licence", "source")}
    title = texts.pop("title") or name
    sha256 = str(about.get("sha256") or digest_of([repr(record) for record in records]))
    task = about.get("task")
    return Corpus(
        name=name, title=title, task=task if isinstance(task, str) else None,
        records=records, skipped=(), sha256=sha256,
        about=texts["about"], licence=texts["licence"], source=texts["source"],
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
