"""What a source of captures is, and what it yields."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..capture import Capture, ModelInfo
from ..corpus import Corpus, Skipped
from ..report import Progress
from ..results.shapes import Result

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


def digest_of(parts: Sequence[str]) -> str:
    """Return the sha256 of several texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
