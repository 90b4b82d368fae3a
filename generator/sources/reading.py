"""What a source of captures is, and what it yields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..capture import Capture, ModelInfo
from ..corpus import Corpus, Record, Skipped, scoped
from ..redaction import Redactor
from ..results.shapes import Result

if TYPE_CHECKING:
    from ..results.untrained import Untrained
    from ..store import Store

Unread = tuple[str, str, str]
"""(model, corpus, record) names of what could not be read."""


@dataclass(frozen=True, slots=True)
class CapturedRecord:
    """One text as one model reads it; `key` is what its capture is kept under.

    `several` says that there are other corpora beside its own, with ids of their own, and `origin`
    which file brought what was found of it, if one did.
    """

    model: ModelInfo
    corpus: Corpus
    record: Record
    key: str
    several: bool = False
    origin: Path | None = None

    @property
    def place(self) -> Unread:
        """Return the names of model, corpus and record."""
        return self.model.name, self.corpus.name, self.record.id

    @property
    def identified(self) -> Record:
        """Return the record as what looks at many knows it: its id is no other's."""
        return scoped(self.record, self.corpus.name) if self.several else self.record

    @property
    def named(self) -> str:
        """Return how a sentence names the record."""
        of = f"{self.corpus.name}, " if self.several else ""
        return f"{of}record {self.record.id!r}"


class Source(Protocol):
    """All captures of a build, read one at a time."""

    corpora: tuple[Corpus, ...]
    models: tuple[ModelInfo, ...]
    redactor: Redactor | None

    def fingerprint(self) -> str:
        """Return a hash of everything that it brings, and that a page may say."""

    def model_key(self, model: ModelInfo) -> str:
        """Return a hash of everything that decides what a model does without any record."""

    def readings(self, model: ModelInfo) -> Sequence[CapturedRecord]:
        """Return what a model is to read, in the order of the corpora."""

    def unread(self) -> dict[Unread, Skipped]:
        """Return what is known from the start not to be readable, and why."""

    def capture(self, reading: CapturedRecord, store: Store) -> Capture:
        """Return a capture that is in the store, or in the files of the source."""

    def given_names(self, reading: CapturedRecord) -> frozenset[str]:
        """Return the analyses whose results the source brings with a text."""

    def given(self, reading: CapturedRecord) -> Mapping[str, Result]:
        """Return those results."""

    def given_of_model(self, model: ModelInfo) -> Mapping[str, Result]:
        """Return the results that the source brings with a model itself."""

    def untrained_of_model(self, model: ModelInfo) -> Untrained | None:
        """Return what the source says of untrained copies of a model; None for nothing."""


def digest_of(parts: Sequence[str]) -> str:
    """Return the sha256 of several texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
