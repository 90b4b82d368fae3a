"""Where the captures of a build come from: models, by way of the store, or arrays in files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .analyses import model_probes
from .analyses.result import Matrix, Result, Scores
from .capture import Capture, ModelInfo
from .config import Settings
from .corpus import Corpus, Record, Skipped
from .errors import InputError
from .given import order_of, shaped
from .report import Progress

if TYPE_CHECKING:
    from .arrays import ArraysRecord
    from .models import LoadedModel, ModelSource
    from .store import Store

    Model = ModelSource | LoadedModel

Unread = tuple[str, str, str]
"""(model, corpus, record) names of what could not be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One capture on its way to a page, and what is known of it already, by analysis.

    `failures` says in one sentence what an analysis that needs the model stumbled over.
    """

    corpus: Corpus
    capture: Capture
    results: Mapping[str, Result] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a model itself, beside what it did with records, by analysis."""

    results: Mapping[str, Result] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """All captures of a build, read one at a time."""

    corpora: tuple[Corpus, ...]
    models: tuple[ModelInfo, ...]

    def fingerprint(self) -> str:
        """Return a hash of everything that the captures depend on."""

    def prepare(self, progress: Progress) -> dict[Unread, Skipped]:
        """Make every capture ready to be read; return what could not be, and why."""

    def readings(self, model: ModelInfo) -> Iterator[Reading]:
        """Yield the captures of one model, in the order of the corpora."""

    def of_model(self, model: ModelInfo) -> Known:
        """Return what was found of a model itself, or stumbled over."""


class ModelsSource:
    """Corpora read by models; what the store has is not computed again, and needs no torch."""

    def __init__(
        self,
        settings: Settings,
        corpora: Sequence[Corpus],
        models: Sequence[Model],
    ) -> None:
        self.settings = settings
        self.corpora = self._whole = tuple(corpora)
        self._models = _by_name(models)
        self.models = tuple(source.info for source in self._models.values())
        self._unread: dict[Unread, Skipped] = {}
        self._failures: dict[tuple[str, str], str] = {}
        self._stumbled: dict[str, dict[str, str]] = {}

    @cached_property
    def store(self) -> Store:
        """Where captures are kept; an unchanged build has no use for it."""
        from .store import Store

        return Store(self.settings.store)

    def fingerprint(self) -> str:
        """Return a hash of the models' weights and tokenizers and of every record."""
        parts = [source.fingerprint() for source in self._models.values()]
        return _digest(parts + [corpus.sha256 for corpus in self._whole])

    def prepare(self, progress: Progress) -> dict[Unread, Skipped]:
        """Cut windows if asked to; run every model on what the store lacks, captures first."""
        from .asking import ask, probe, unanswered, unprobed
        from .store import model_key, question_key

        if self.settings.windows is not None:
            from .windows import windowed

            models = [*self._models.values()]
            self.corpora = windowed(self._whole, models, self.settings, progress)
        for name, source in self._models.items():
            wanted = [
                (corpus, record, self._key(name, record)) for corpus, record in self._entries()
            ]
            keys = {key: record for _, record, key in wanted}
            absent = set(keys if self.settings.force else self.store.missing(keys))
            missing = [entry for entry in wanted if entry[2] in absent]
            asked = {question_key(key, record): (key, record) for _, record, key in wanted}
            open_ = set(unanswered(self.store, asked, self.settings))
            open_ |= {question for question, (key, _) in asked.items() if key in absent}
            own = model_key(source.fingerprint(), self.settings)
            if not missing and not open_ and not unprobed(self.store, own, self.settings):
                continue
            loaded = self._loaded(source)
            if missing:
                self._run(loaded, missing, progress)
            items = [item for question, item in asked.items() if question in open_]
            known = [item for item in items if self.store.has(item[0])]
            self._failures |= ask(loaded, self.store, known, self.settings, progress)
            self._stumbled[name] = probe(loaded, self.store, own, self.settings)
        return self._unread

    def readings(self, model: ModelInfo) -> Iterator[Reading]:
        """Yield the captures of one model from the store."""
        from .asking import asking
        from .store import question_key

        for corpus, record in self._entries():
            if (model.name, corpus.name, record.id) not in self._unread:
                key = self._key(model.name, record)
                capture = replace(self.store.get(key, record), model=model)
                wanted, key = asking(self.settings), question_key(key, record)
                found = {a.name: self.store.results_get(key, a.name, a.version) for a in wanted}
                results = {name: result for name, result in found.items() if result is not None}
                failures = {n: s for (k, n), s in self._failures.items() if k == key}
                yield Reading(corpus, capture, results, failures)

    def of_model(self, model: ModelInfo) -> Known:
        """Return what was found of a model itself, from the store."""
        from .store import model_key

        key = model_key(self._models[model.name].fingerprint(), self.settings)
        wanted = model_probes(self.settings.also)
        found = {a.name: self.store.results_get(key, a.name, a.version) for a in wanted}
        results = {n: r for n, r in found.items() if r is not None and not r.empty}
        return Known(results, self._stumbled.get(model.name, {}))

    def _entries(self) -> Iterator[tuple[Corpus, Record]]:
        return ((corpus, record) for corpus in self.corpora for record in corpus.records)

    def _key(self, model: str, record: Record) -> str:
        from .store import capture_key

        return capture_key(self._models[model].fingerprint(), record, self.settings)

    def _loaded(self, source: ModelSource | LoadedModel) -> LoadedModel:
        from .models import LoadedModel, load_model

        return source if isinstance(source, LoadedModel) else load_model(source, self.settings)

    def _run(
        self,
        loaded: LoadedModel,
        missing: Sequence[tuple[Corpus, Record, str]],
        progress: Progress,
    ) -> None:
        from .capture.run import capture_records
        from .store import sharded

        name = loaded.info.name
        with progress.stage(f"reading with {name}", len(missing)) as advance:

            def captured() -> Iterator[tuple[str, Capture]]:
                records = [record for _, record, _ in missing]
                room = self.store.claim()
                for index, found in capture_records(loaded, records, self.settings, room):
                    corpus, record, key = missing[index]
                    advance(1)
                    if isinstance(found, Skipped):
                        self._unread[name, corpus.name, record.id] = found
                    else:
                        yield key, found

            for shard in sharded(captured()):
                self.store.put(shard)


def _by_name(models: Sequence[Model]) -> dict[str, Model]:
    """Return the models by name; two that a reader could not tell apart are an InputError."""
    named = {source.info.name: source for source in models}
    if len(named) < len(models):
        names = [source.info.name for source in models]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"Two models are called {twice!r}; rename the folder of one of them.")
    return named


class ArraysSource:
    """Attention that somebody else computed, read from files; no model is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[str, list[tuple[str, str, Path]]] = {}
        infos: dict[str, ModelInfo] = {}
        records: dict[str, dict[str, Record]] = {}
        about: dict[str, Mapping[str, Any]] = {}
        for entry in sorted(_heads(folder), key=order_of):
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
        from .arrays import RESULTS

        files = sorted([*self.folder.rglob("*.safetensors"), *self.folder.rglob(RESULTS)])
        return _digest([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])

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
        from .arrays import read_record

        corpora = {corpus.name: corpus for corpus in self.corpora}
        for corpus, _, path in self.paths[model.name]:
            entry = read_record(path)
            yield Reading(corpora[corpus], replace(entry.capture, model=model), dict(_given(entry)))

    def of_model(self, model: ModelInfo) -> Known:
        """Return what the files of a model say of itself."""
        from .arrays import read_results
        from .asking import answered

        folders = dict.fromkeys(path.parent for _, _, path in self.paths[model.name])
        found: dict[str, Result] = {}
        for folder in folders:
            path, results = read_results(folder, model.name)
            found |= answered(path, results, {}, {})
        return Known({name: result for name, result in found.items() if not result.empty})


def _given(entry: ArraysRecord) -> Iterator[tuple[str, Result]]:
    """Yield what a file holds beside attention, by analysis."""
    from .asking import answered

    for name, values in (("rollout", entry.rollout), ("flow", entry.flow)):
        if values:
            yield name, Result(name, tuple(Matrix(kind, array) for kind, array in values.items()))
    if entry.saliency:
        answer = {name: array for name, array in entry.saliency.items() if "." not in name}
        scores = tuple(Scores(method, array) for method, array in answer.items())
        yield "saliency", Result("saliency", scores=scores)
    yield from answered(entry.path, entry.results, entry.saliency, entry.matrices).items()


def _heads(folder: Path) -> Iterator[ArraysRecord]:
    """Yield the records of a folder without their arrays, which only shape their models."""
    from .arrays import ArraysRecord, read_arrays

    for entry in read_arrays(folder):
        capture = replace(entry.capture, model=shaped(entry.capture), maps=())
        yield ArraysRecord(entry.path, capture, entry.numbers, entry.corpus)


def _corpus(name: str, about: Mapping[str, Any], records: Mapping[str, Record]) -> Corpus:
    """Return the corpus that files describe in their headers, as far as they do."""
    texts = {key: str(about.get(key) or "") for key in ("title", "about", "licence", "source")}
    texts["title"] = texts["title"] or name
    sha256 = str(about.get("sha256") or _digest([repr(record) for record in records.values()]))
    task = about.get("task")
    return Corpus(
        name=name, task=task if isinstance(task, str) else None, records=tuple(records.values()),
        skipped=(), sha256=sha256, **texts,
    )  # fmt: skip


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def gather(
    settings: Settings,
    corpora: Sequence[Corpus] | None = None,
    loaded: LoadedModel | None = None,
) -> Source:
    """Return the source that the settings name: arrays, or corpora and models.

    `corpora` and `loaded` stand for what the settings name, where a caller has them in memory.
    """
    if settings.arrays is not None:
        if settings.models or settings.corpora or corpora or loaded:
            raise InputError("--arrays brings its own texts and models; name no others beside it.")
        if settings.windows is not None:
            raise InputError("--windows cuts texts before a model reads them; --arrays has none.")
        return ArraysSource(settings.arrays)
    from .corpus import load_corpus
    from .models import resolve_model
    from .zoo import zoo_names

    if corpora is None:
        names = dict.fromkeys(settings.corpora or ("showcase",))
        corpora = [load_corpus(name, strict=settings.strict) for name in names]
    if loaded is not None:
        return ModelsSource(settings, corpora, [loaded])
    models = dict.fromkeys(settings.models or zoo_names())
    return ModelsSource(settings, corpora, [resolve_model(name, settings) for name in models])
