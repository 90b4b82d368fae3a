"""Frames of the texts of one corpus: a group is of one frame, and one text of it may say which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .record import Record
from .spans import RecordError, quoted


class Frames:
    """The frame of each group, as its records come by."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def checked(self, record: Record) -> Record:
        """Return a record, or raise RecordError where its group is of another frame already."""
        if record.group is None or record.frame is None:
            return record
        known = self._of.setdefault(record.group, record.frame)
        if known != record.frame:
            raise RecordError(
                f"'frame' is {quoted(record.frame)}, and its group {quoted(record.group)} is of "
                f"{quoted(known)} already; give all texts of a group one frame"
            )
        return record

    def given(self, records: Sequence[Record]) -> list[Record]:
        """Return all records, those without a frame with the one of their group."""
        return [
            replace(record, frame=self._of[record.group])
            if record.frame is None and record.group in self._of
            else record
            for record in records
        ]
