"""Everything that was computed, of every scope, read one part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..analyses import own_words
from ..analyses.analysis import Read, Results
from ..analyses.survival import ANALYSIS as SURVIVING
from ..analyses.survival import surviving
from ..capture import Capture, ModelInfo
from ..config import Settings
from ..corpus import Corpus, Record, Skipped
from ..redaction import Redactor
from ..redaction.values import hidden_result, published
from ..results.codec import result_to_arrays
from ..results.multiplicity import controlled
from ..results.shapes import Failure, Outcome, Result
from ..results.untrained import Untrained
from ..sources import CapturedRecord, Source, Unread
from ..store import Store
from .keys import CLUSTER_FIELDS, seen, visible

SURVIVAL = SURVIVING.name
BATCH, BATCH_BYTES = 256, 32_000_000
"""Outcomes that go into one file of the store, fewer where they have so many bytes of arrays."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was found, and why something was not, by analysis."""

    results: Mapping[str, Result] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Return the analyses that there is a result or a failure of."""
        return frozenset([*self.results, *self.failures])


class Ledger:
    """What is known while a build runs: the store, and what it does not keep.

    Failures that may pass are known for this build alone. With `force` only what this build put
    in counts as known.
    """

    def __init__(self, store: Store, force: bool, redactor: Redactor | None = None) -> None:
        self.store, self._redactor = store, redactor
        self._own = own_words() if redactor else frozenset[str]()
        self._force = force
        self._waiting: dict[str, Outcome] = {}
        self._bytes = 0
        self._fresh: set[str] = set()
        self._passing: dict[str, Failure] = {}

    def state(self, key: str) -> type[Result] | type[Failure] | None:
        """Return what there is of a key, without reading it."""
        if key in self._waiting:
            return type(self._waiting[key])
        if key in self._passing:
            return Failure
        if self._force and key not in self._fresh:
            return None
        if self.store.results.has(key):
            return Result
        return Failure if self.store.results.has_failure(key) else None

    def put(self, key: str, outcome: Outcome) -> None:
        """Note an outcome; it is in the store when enough of them are together."""
        if self._redactor is not None:
            outcome = hidden_result(outcome, self._redactor, self._own)
        if isinstance(outcome, Failure) and outcome.passing:
            self._passing[key] = outcome
            return
        self._fresh.add(key)
        self._waiting[key] = outcome
        self._bytes += _size(outcome)
        if len(self._waiting) >= BATCH or self._bytes > BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Put everything into the store."""
        if self._waiting:
            self.store.results.put([*self._waiting.items()])
        self._waiting, self._bytes = {}, 0

    def result(self, key: str, small: bool = False) -> Result:
        """Return a result, `small` for one without its matrices."""
        found = self._waiting.get(key)
        if isinstance(found, Result):
            return replace(found, matrices=()) if small else found
        return self.store.results.small(key) if small else self.store.results.get(key)

    @property
    def passing(self) -> int:
        """Return how many failures the next build may not meet again."""
        return len(self._passing)

    def failure(self, key: str) -> Failure:
        """Return why there is no result."""
        found = self._passing.get(key) or self._waiting.get(key)
        return found if isinstance(found, Failure) else self.store.results.failure(key)


class Kept:
    """All captures, results and failures of a build.

    `unread` says what could not be captured. Keys are by text, by model, and for all together.
    """

    def __init__(self, source: Source, store: Store, settings: Settings) -> None:
        self.source, self.store = source, store
        self.redactor = source.redactor
        self.ledger = Ledger(store, settings.force, self.redactor)
        self.unread: dict[Unread, Skipped] = {}
        self.of_record: dict[Unread, dict[str, str]] = {}
        self.of_models: dict[str, dict[str, str]] = {}
        self.of_all: dict[str, str] = {}
        self.untrained: dict[str, Untrained] = {}
        """What copies of each model without training give, by its name."""
        self.remarks: dict[str, tuple[str, ...]] = {}
        """What is to be said of the file of each model, in sentences, by its name."""

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """Return the models, in the order of the site."""
        return self.source.models

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """Return the corpora, windows cut."""
        return self.source.corpora

    def readings(self, model: ModelInfo) -> Iterator[CapturedRecord]:
        """Yield what a model has read, in the order of the corpora."""
        return (one for one in self.source.readings(model) if one.place not in self.unread)

    def capture(self, reading: CapturedRecord) -> Capture:
        """Return the capture of a text."""
        return self.source.capture(reading, self.store)

    def published(self, reading: CapturedRecord) -> Capture:
        """Return the capture of a text as a site may show it."""
        capture = self.capture(reading)
        return capture if self.redactor is None else published(capture)

    def record(self, reading: CapturedRecord) -> Outcomes:
        """Return what was found of a text."""
        return self._outcomes(self.of_record.get(reading.place, {}))

    def model(self, model: ModelInfo) -> Outcomes:
        """Return what was found of a model: over its records, and of itself.

        Its findings are those that are told, with the values of untrained copies beside them.
        """
        found = self._outcomes(self.of_models.get(model.name, {}))
        results = {name: self._judged(model, result) for name, result in found.results.items()}
        return replace(found, results=controlled(results))

    def _judged(self, model: ModelInfo, result: Result) -> Result:
        copies = self.untrained.get(model.name)
        known = self.known(self.of_models.get(model.name, {}))
        if result.findings:
            ways = SURVIVAL in known and self.ledger.result(known[SURVIVAL], small=True)
            result = surviving(ways or Result(SURVIVAL), result)
        return copies.beside(result) if copies else result

    def everything(self) -> Outcomes:
        """Return what was found over all models and records."""
        return self._outcomes(self.of_all)

    def small(self, keys: Mapping[str, str]) -> Results:
        """Return results without matrices, by analysis."""
        known = self.known(keys)
        return SmallResults(self.ledger, keys if len(known) == len(keys) else known)

    def known(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Return those of the keys, by analysis, that there is a result of."""
        return {name: key for name, key in keys.items() if self.ledger.state(key) is Result}

    def failures(self, keys: Mapping[str, str]) -> dict[str, Failure]:
        """Return why there are no results, by analysis."""
        failed = {name: key for name, key in keys.items() if self.ledger.state(key) is Failure}
        return {name: self.ledger.failure(key) for name, key in failed.items()}

    @property
    def complete(self) -> bool:
        """Return whether another build of the same would find no more."""
        skipped = any(one.passing for one in self.unread.values())
        return not (skipped or self.ledger.passing)

    def _outcomes(self, keys: Mapping[str, str]) -> Outcomes:
        results = {name: self.ledger.result(key) for name, key in self.known(keys).items()}
        shown = {name: result for name, result in results.items() if not result.empty}
        return Outcomes(shown, self.failures(keys))


class SmallResults(Mapping[str, Result]):
    """Results without matrices by analysis, each read when it is asked for."""

    def __init__(self, ledger: Ledger, keys: Mapping[str, str]) -> None:
        self._ledger, self._keys = ledger, keys

    def __getitem__(self, name: str) -> Result:
        """Return what an analysis found."""
        return self._ledger.result(self._keys[name], small=True)

    def __contains__(self, name: object) -> bool:
        """Return whether it found anything, without reading that."""
        return name in self._keys

    def __iter__(self) -> Iterator[str]:
        """Yield the analyses."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._keys)


class RecordsOfModel:
    """(Record, {name: Result}) of each text that a model read, to be read again and again.

    Only records and keys are held, results are read when they are asked for.
    """

    def __init__(
        self, kept: Kept, readings: Sequence[CapturedRecord], fields: Sequence[str]
    ) -> None:
        shown = (*CLUSTER_FIELDS, *fields)
        self._entries = [
            (visible(reading.identified, shown), kept.small(kept.of_record[reading.place]))
            for reading in readings
        ]

    def __iter__(self) -> Iterator[tuple[Record, Results]]:
        return iter(self._entries)


@dataclass(frozen=True, slots=True)
class AllRecords:
    """What an analysis of scope `corpus` reads: all of some models, mostly of all."""

    kept: Kept
    fields: tuple[str, ...]
    models: tuple[ModelInfo, ...]

    def reads(self, model: ModelInfo) -> Iterator[Read]:
        """Yield the texts that a model read, in order, one in memory at a time."""
        for reading in self.kept.readings(model):
            capture = seen(self.kept.capture(reading), (*CLUSTER_FIELDS, *self.fields))
            results = self.kept.small(self.kept.of_record[reading.place])
            yield Read(model, reading.corpus.name, capture, results)

    def of_model(self, model: ModelInfo) -> Results:
        """Return what was found of a model over all its records."""
        return self.kept.model(model).results


def _size(outcome: Outcome) -> int:
    if isinstance(outcome, Failure):
        return 0
    arrays, _ = result_to_arrays(outcome)
    return sum(array.nbytes for array in arrays.values())
