"""Corpora to be read by models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from ..capture import Capture, ModelInfo
from ..config import Settings
from ..corpus import Corpus, Record, Skipped
from ..errors import InputError
from ..redaction import Redactor
from ..report import Progress
from ..results.shapes import Result
from .reading import CapturedRecord, Unread, digest_of

if TYPE_CHECKING:
    from ..models import LoadedModel, ModelSource, UntrainedModel
    from ..results.untrained import Untrained
    from ..store import Store

    Model = ModelSource | LoadedModel | UntrainedModel


class ModelsSource:
    """Corpora to be read by models; their captures lie in the store."""

    def __init__(
        self,
        settings: Settings,
        corpora: Sequence[Corpus],
        models: Sequence[Model],
        redactor: Redactor | None = None,
    ) -> None:
        self.settings, self.redactor = settings, redactor
        self.corpora = self._whole = tuple(corpora)
        self._models = _by_name(models)
        self._fingerprints = {name: one.fingerprint() for name, one in self._models.items()}
        self.models = tuple(source.info for source in self._models.values())

    def fingerprint(self) -> str:
        """Return a hash of the models and of the corpora, and of all that pages say of them."""
        models = [[self._fingerprints[one.name], repr(one)] for one in self.models]
        # the records of a corpus are in its sha256; its title, licence, notes, ... are beside it
        corpora = [repr(replace(corpus, records=())) for corpus in self._whole]
        return digest_of([*chain(*models), *corpora])

    def cut(self, progress: Progress) -> None:
        """Let windows stand for the texts that are too long, if the settings ask for it."""
        if self.settings.windows is None:
            return
        from ..models import UntrainedModel
        from .windows import windowed

        models = [one for one in self._models.values() if not isinstance(one, UntrainedModel)]
        self.corpora = windowed(self._whole, models, self.settings, progress)

    def load(self, model: ModelInfo) -> LoadedModel:
        """Return a model with its weights in memory."""
        from ..models import LoadedModel, UntrainedModel, load_model

        source = self._models[model.name]
        if isinstance(source, LoadedModel):
            return source
        if isinstance(source, UntrainedModel):
            loaded = source.load(self.settings)
        else:
            loaded = load_model(source, self.settings)
        return loaded if self.redactor is None else named_classes(loaded, self.redactor)

    def begun(self, model: ModelInfo, seed: int) -> UntrainedModel:
        """Return an untrained copy of a model, its weights drawn with a seed."""
        from ..models import UntrainedModel

        source = self._models[model.name]
        return source if isinstance(source, UntrainedModel) else UntrainedModel(source, seed)

    def model_key(self, model: ModelInfo) -> str:
        """Return a hash of everything that decides what a model does without any record."""
        from ..store import model_key

        return model_key(self._fingerprints[model.name], self.settings)

    def readings(self, model: ModelInfo) -> list[CapturedRecord]:
        """Return every record as a model is to read it."""
        from ..store import capture_key

        fingerprint = self._fingerprints[model.name]
        several = len(self.corpora) > 1
        return [
            CapturedRecord(
                model, corpus, record, capture_key(fingerprint, record, self.settings), several
            )
            for corpus, record in self._entries()
        ]

    def unread(self) -> dict[Unread, Skipped]:
        """Return nothing: only reading shows what cannot be read."""
        return {}

    def capture(self, reading: CapturedRecord, store: Store) -> Capture:
        """Return a capture from the store."""
        return replace(store.get(reading.key, reading.record), model=reading.model)

    def given_names(self, reading: CapturedRecord) -> frozenset[str]:
        """Return nothing: texts and models bring no results."""
        return frozenset()

    def given(self, reading: CapturedRecord) -> Mapping[str, Result]:
        """Return nothing."""
        return {}

    def given_of_model(self, model: ModelInfo) -> Mapping[str, Result]:
        """Return nothing."""
        return {}

    def untrained_of_model(self, model: ModelInfo) -> Untrained | None:
        """Return nothing: untrained copies have to be run."""
        return None

    def _entries(self) -> Iterator[tuple[Corpus, Record]]:
        return ((corpus, record) for corpus in self.corpora for record in corpus.records)


def named_classes(loaded: LoadedModel, redactor: Redactor) -> LoadedModel:
    """Hide what the classes of a model are called, in its own config, so that all agree."""
    config = loaded.model.config
    if names := getattr(config, "id2label", None):
        config.id2label = {at: redactor.name(str(name), "labels") for at, name in names.items()}
        config.label2id = {name: at for at, name in config.id2label.items()}
    return loaded


def _by_name(models: Sequence[Model]) -> dict[str, Model]:
    """Return the models by name; two that a reader could not tell apart are an InputError."""
    named = {source.info.name: source for source in models}
    if len(named) < len(models):
        names = [source.info.name for source in models]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(
            f"Two models are called {twice!r}; name them apart: -m NAME={twice} (in Python, name=)."
        )
    return named
