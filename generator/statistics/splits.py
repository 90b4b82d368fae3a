"""Splitting records into halves, or more parts, so that near copies never fall into two of them.

A head that is chosen on one half would else be judged by texts that differ in a word from those
that chose it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from ..array_types import Floats, Integers, Mask

Group = tuple[str, str]

ONE = np.ones(1, np.bool_)
"""The only measure there is, and every record has it."""


class GroupSplitter:
    """Deals records out to parts in turn, for each measure; a group goes where its first one did.

    A record takes a turn only in the measures that it has.
    """

    def __init__(self, parts: int = 2) -> None:
        self._parts = parts
        self._turn: Integers = np.zeros(0, np.int64)
        self._known: dict[Group, Integers] = {}

    @property
    def dealt(self) -> int:
        """Return how many were dealt out, near copies as one, in the measure that has most."""
        return int(self._turn.max(initial=0))

    def part(self, group: Group | None, has: Mask = ONE) -> Integers:
        """Return the part of the next record for each measure; `has` says which it has."""
        if not self._turn.size:
            self._turn = np.zeros(len(has), np.int64)
        unknown = np.full(len(has), -1, np.int64)
        known = unknown if group is None else self._known.setdefault(group, unknown)
        part = np.where(known < 0, self._turn % self._parts, known)
        self._turn = self._turn + (has & (known < 0))
        known[has] = part[has]
        return part


@runtime_checkable
class GroupedRows(Protocol):
    """What yields the numbers of records whose near copies form groups; can be read again."""

    def grouped(self) -> Iterator[tuple[Group | None, Floats]]:
        """Yield the group of each record, None for one that stands alone, and its numbers."""


HELD = 32_000_000
"""Bytes of numbers that are held where they are read again and again."""


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Grouped rows in memory."""

    pairs: Sequence[tuple[Group | None, Floats]]

    def grouped(self) -> Iterator[tuple[Group | None, Floats]]:
        """Yield the group and the numbers of each record."""
        return iter(self.pairs)


def held(rows: GroupedRows, most: int = HELD) -> GroupedRows:
    """Return the same rows, in memory if they take at most so many bytes."""
    pairs, size = [], 0
    for group, values in rows.grouped():
        size += values.nbytes
        if size > most:
            return rows
        pairs.append((group, values))
    return HeldRows(pairs)
