"""Texts that a model read together: another batch would move the last digits of its numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...config import Settings
from ...store import Store

if TYPE_CHECKING:
    from ...models import LoadedModel
    from ...sources import CapturedRecord, ModelsSource


def batch_mates(
    readings: Sequence[CapturedRecord], chosen: Sequence[CapturedRecord]
) -> list[CapturedRecord]:
    """Return the readings that may have been in one batch with a chosen one, in their order."""
    lengths = {reading.place: _length(reading) for reading in readings}
    wanted = {lengths[reading.place] for reading in chosen}
    return [reading for reading in readings if lengths[reading.place] in wanted]


def read_together(loaded: LoadedModel, settings: Settings, source: ModelsSource) -> None:
    """Let a model read all texts of a source as a build does, into the store of the settings."""
    from ...capture import Capture
    from ...capture.precision import as_published
    from ...capture.run import capture_records

    store = Store(settings.store)
    once = [*{one.key: one for one in source.readings(loaded.info)}.values()]
    records = [one.record for one in once]
    for index, found in capture_records(loaded, records, settings, store.claim()):
        if isinstance(found, Capture):
            store.put([(once[index].key, as_published(found, settings.numbers))])


def origin_of(reading: CapturedRecord) -> Path:
    """Return the data file of a reading that came from one."""
    assert reading.origin is not None
    return reading.origin


def _length(reading: CapturedRecord) -> int:
    """Return how many tokens the first stack read, as the header of the data file says."""
    origin = origin_of(reading)
    path = origin / "L00.safetensors" if origin.is_dir() else origin
    with path.open("rb") as file:
        header: Any = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    tokens = json.loads(header["__metadata__"]["attnatlas"])["tokens"]
    return len(next(iter(tokens.values()))["queries"])
