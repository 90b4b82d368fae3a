"""A part of a corpus: the first records, or some drawn at random."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .options import ReadOptions
from .record import Record
from .table import RawTable


def drawn(records: Sequence[Record], options: ReadOptions) -> list[Record]:
    """Return as many records as are asked for, drawn with the seed and in their order."""
    if options.sample is None or options.sample >= len(records):
        return list(records)
    places = random.Random(options.seed).sample(range(len(records)), options.sample)  # noqa: S311
    return [records[place] for place in sorted(places)]


def part_of(table: RawTable, read: int, taken: int, options: ReadOptions) -> str:
    """Say which part of the records of a corpus was taken, nothing where it is all of them."""
    if taken < read:
        return f"{taken:,} of {read:,} records, drawn with seed {options.seed}"
    if table.more:
        return f"the first {taken:,} records"
    if options.limit == read < len(table.rows):
        return f"the first {taken:,} of {len(table.rows):,} records"
    return ""
