"""Minimal pairs among the texts of a model: which text is asked about together with which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..analyses.analysis import PairProbe
from ..corpus import GroupKey, across_corpora, group_key
from ..sources import CapturedRecord, Unread
from ..store import digest
from .keys import field_values, record_key

Partners = Mapping[Unread, CapturedRecord]
"""The second text of a pair, by the place of the first."""


def partners(readings: Iterable[CapturedRecord]) -> Partners:
    """Return for the first text of each group the next one of another variant."""
    known = [reading for reading in readings if reading.record.variant]
    across = across_corpora((reading.corpus.name, reading.record) for reading in known)
    first: dict[GroupKey, CapturedRecord] = {}
    found: dict[Unread, CapturedRecord] = {}
    for reading in known:
        key = group_key(reading.corpus.name, reading.record, across)
        if key is None:
            continue
        before = first.setdefault(key, reading)
        if before.record.variant != reading.record.variant:
            found.setdefault(before.place, reading)
    return found


def pair_key(
    reading: CapturedRecord, other: CapturedRecord, probe: PairProbe, fields: Sequence[str]
) -> str:
    """Return the key of what a probe says of two texts, of which it sees these fields."""
    own = record_key(reading, probe, fields, [])
    return digest([own, other.key, field_values(other.record, fields)])
