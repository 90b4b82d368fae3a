"""Dealing records out to halves, or more parts, so that near copies never fall into two of them.

A head that is chosen on one half would else be judged by texts that differ in a word from those
that chose it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..corpus import Record

Kin = tuple[str, str]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating[Any]]

ONE = np.ones(1, np.bool_)
"""The only measure there is, and every record has it."""


def kin(record: Record) -> Kin | None:
    """Return what near copies have in common: the group they form, or the text they are cut from.

    None for a record that stands alone.
    """
    if record.group is not None:
        return "group", record.group
    return ("text", record.window.record) if record.window else None


class Deal:
    """Deals records out to parts in turn, for each of several measures; kin go where the first did.

    A record takes a turn only in the measures that it has.
    """

    def __init__(self, parts: int = 2) -> None:
        self._parts = parts
        self._turn: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._known: dict[Kin, npt.NDArray[np.int64]] = {}

    def part(self, related: Kin | None, has: Flags = ONE) -> npt.NDArray[np.int64]:
        """Return the part of the next record for each measure; `has` says which it has."""
        if not self._turn.size:
            self._turn = np.zeros(len(has), np.int64)
        unknown = np.full(len(has), -1, np.int64)
        known = unknown if related is None else self._known.setdefault(related, unknown)
        part = np.where(known < 0, self._turn % self._parts, known)
        self._turn = self._turn + (has & (known < 0))
        known[has] = part[has]
        return part


class Told(Protocol):
    """What yields each record with its numbers, and can be read more than once."""

    def told(self) -> Iterator[tuple[Record, Floats]]:
        """Yield each record with its numbers."""


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of numbers whose records may be near copies of each other."""

    rows: Told

    def pairs(self) -> Iterator[tuple[Kin | None, Floats]]:
        """Yield what each record has in common with others, and its numbers."""
        return ((kin(record), row) for record, row in self.rows.told())
