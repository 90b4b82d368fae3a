"""Attention that somebody else computed, read from files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analyses.result import Matrix, Result, Scores
from ..capture import Capture, ModelInfo
from ..corpus import Corpus, Record, Skipped
from ..report import Progress
from .reading import Known, Reading, Unread, digest_of

if TYPE_CHECKING:
    from ..arrays import ArraysRecord


class ArraysSource:
    """Attention that somebody else computed, read from files; no model is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[str, list[tuple[str, str, Path]]] = {}
        infos: dict[str, ModelInfo] = {}
        records: dict[str, dict[str, Record]] = {}
        about: dict[str, Mapping[str, Any]] = {}
        for entry in sorted(_heads(folder), key=_order):
            model, record = entry.capture.model, entry.capture.record
            corpus = str(entry.corpus.get("name", folder.name))
            infos.setdefault(model.name, model)
            records.setdefault(corpus, {}).setdefault(record.id, record)
            about.setdefault(corpus, entry.corpus)
            self.paths.setdefault(model.name, []).append((corpus, record.id, entry.path))
        self.models = tuple(infos.values())
        self.corpora = tuple(_corpus(name, about[name], records[name]) for name in records)

    def fingerprint(self) -> str:
        """Return a hash of every file."""
        from ..arrays import RESULTS

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
                        where = f"{model}, record {record.id!r}"
                        unread[model, corpus.name, record.id] = Skipped(where, "no arrays for it")
        return unread

    def readings(self, model: ModelInfo) -> Iterator[Reading]:
        """Yield the captures of one model from its files."""
        from ..arrays import read_record

        corpora = {corpus.name: corpus for corpus in self.corpora}
        for corpus, _, path in self.paths[model.name]:
            entry = read_record(path)
            yield Reading(corpora[corpus], replace(entry.capture, model=model), dict(_given(entry)))

    def of_model(self, model: ModelInfo) -> Known:
        """Return what the files of a model say of itself."""
        from ..arrays import read_results
        from ..asking import answered

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
    from ..arrays import ArraysRecord, read_arrays

    for entry in read_arrays(folder):
        capture = replace(entry.capture, model=_shaped(entry.capture), maps=())
        yield ArraysRecord(entry.path, capture, entry.numbers, entry.corpus)


def _corpus(name: str, about: Mapping[str, Any], records: Mapping[str, Record]) -> Corpus:
    """Return the corpus that files describe in their headers, as far as they do."""
    texts = {key: str(about.get(key) or "") for key in ("title", "about", "licence", "source")}
    texts["title"] = texts["title"] or name
    sha256 = str(about.get("sha256") or digest_of([repr(record) for record in records.values()]))
    task = about.get("task")
    return Corpus(
        name=name, task=task if isinstance(task, str) else None, records=tuple(records.values()),
        skipped=(), sha256=sha256, **texts,
    )  # fmt: skip


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
