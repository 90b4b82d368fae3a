"""Corpora read by models, by way of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..analyses import model_probes
from ..capture import Capture, ModelInfo
from ..config import Settings
from ..corpus import Corpus, Record, Skipped
from ..errors import InputError
from ..report import Progress
from .reading import Known, Reading, Unread, digest_of

if TYPE_CHECKING:
    from ..models import LoadedModel, ModelSource
    from ..store import Store

    Model = ModelSource | LoadedModel


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
        from ..store import Store

        return Store(self.settings.store)

    def fingerprint(self) -> str:
        """Return a hash of the models' weights and tokenizers and of every record."""
        parts = [source.fingerprint() for source in self._models.values()]
        return digest_of(parts + [corpus.sha256 for corpus in self._whole])

    def prepare(self, progress: Progress) -> dict[Unread, Skipped]:
        """Cut windows if asked to; run every model on what the store lacks, captures first."""
        from ..asking import ask, probe, unanswered, unprobed
        from ..store import model_key, question_key

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
            for sentence in loaded.remarks:
                progress.note(sentence)
            if missing:
                self._run(loaded, missing, progress)
            items = [item for question, item in asked.items() if question in open_]
            known = [item for item in items if self.store.has(item[0])]
            self._failures |= ask(loaded, self.store, known, self.settings, progress)
            self._stumbled[name] = probe(loaded, self.store, own, self.settings)
        return self._unread

    def readings(self, model: ModelInfo) -> Iterator[Reading]:
        """Yield the captures of one model from the store."""
        from ..asking import asking
        from ..store import question_key

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
        from ..store import model_key

        key = model_key(self._models[model.name].fingerprint(), self.settings)
        wanted = model_probes(self.settings.also)
        found = {a.name: self.store.results_get(key, a.name, a.version) for a in wanted}
        results = {n: r for n, r in found.items() if r is not None and not r.empty}
        return Known(results, self._stumbled.get(model.name, {}))

    def _entries(self) -> Iterator[tuple[Corpus, Record]]:
        return ((corpus, record) for corpus in self.corpora for record in corpus.records)

    def _placed(self, skipped: Skipped, corpus: Corpus) -> Skipped:
        """Say of which corpus a record was skipped, where there are several."""
        several = len(self.corpora) > 1
        return replace(skipped, where=f"{corpus.name}, {skipped.where}") if several else skipped

    def _key(self, model: str, record: Record) -> str:
        from ..store import capture_key

        return capture_key(self._models[model].fingerprint(), record, self.settings)

    def _loaded(self, source: ModelSource | LoadedModel) -> LoadedModel:
        from ..models import LoadedModel, load_model

        return source if isinstance(source, LoadedModel) else load_model(source, self.settings)

    def _run(
        self,
        loaded: LoadedModel,
        missing: Sequence[tuple[Corpus, Record, str]],
        progress: Progress,
    ) -> None:
        from ..capture.run import capture_records
        from ..store import sharded

        name = loaded.info.name
        with progress.stage(f"reading with {name}", len(missing)) as advance:

            def captured() -> Iterator[tuple[str, Capture]]:
                records = [record for _, record, _ in missing]
                room = self.store.claim()
                for index, found in capture_records(loaded, records, self.settings, room):
                    corpus, record, key = missing[index]
                    advance(1)
                    if isinstance(found, Skipped):
                        self._unread[name, corpus.name, record.id] = self._placed(found, corpus)
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
