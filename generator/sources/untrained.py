"""Untrained copies of a model, and the texts that they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..capture import ModelInfo
from ..corpus import Record, group_of
from .models import ModelsSource
from .reading import CapturedRecord

if TYPE_CHECKING:
    from ..store import Store

SEEDS = (0, 1)
RECORDS = 20
"""Texts that the copies read at most: an even sample where there are more."""
LARGEST = 1_000_000_000
"""Parameters up to which a model has copies: they take as much room and time as it does."""


def untrained_source(source: ModelsSource, model: ModelInfo, store: Store) -> ModelsSource:
    """Return the copies of a model, to read a sample of the texts that it has read.

    What the model has written itself, its copies are given to read: they see the same tokens.
    """
    readings = [one for one in source.readings(model) if store.has(one.key)]
    taken = [(one.corpus, _as_read(one, source, store)) for one in spread(readings)]
    known = {corpus.name: corpus for corpus, _ in taken}
    corpora = [
        replace(corpus, records=tuple(one for of, one in taken if of.name == name))
        for name, corpus in known.items()
    ]
    copies = [source.begun(model, seed) for seed in SEEDS]
    return ModelsSource(source.settings, corpora, copies, source.redactor)


def _as_read(reading: CapturedRecord, source: ModelsSource, store: Store) -> Record:
    record = reading.record
    if record.target or reading.model.family != "encoder-decoder":
        return record
    said = source.capture(reading, store).prediction
    written = said.get("text") if said.get("task") == "translation" else None
    return replace(record, target=str(written)) if written else record


def spread(readings: Sequence[CapturedRecord], most: int = RECORDS) -> list[CapturedRecord]:
    """Return at most about so many readings, evenly spread; those of a group stay together."""
    if len(readings) <= most:
        return list(readings)
    step = len(readings) / most
    taken: list[CapturedRecord] = []
    seen = 0
    for cluster in _clusters(readings):
        if len(taken) < most and len(taken) * step <= seen:
            taken += cluster
        seen += len(cluster)
    return taken


def _clusters(readings: Iterable[CapturedRecord]) -> Iterator[list[CapturedRecord]]:
    found: dict[object, list[CapturedRecord]] = {}
    for reading in readings:
        group = group_of(reading.identified)
        of = (reading.corpus.name, group) if group else reading.place
        found.setdefault(of, []).append(reading)
    return iter(found.values())
