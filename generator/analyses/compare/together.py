"""Texts that two models have both read, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...corpus import cluster_of
from ..analysis import Everything, Read


@dataclass(frozen=True, slots=True)
class Both:
    """One text as two models read it."""

    one: Read
    other: Read

    @property
    def cluster(self) -> tuple[str, str]:
        """Return what the text counts with: its corpus and its frame or group, or itself."""
        return cluster_of(self.one.capture.record, self.one.corpus)


def together(everything: Everything) -> Iterator[Both]:
    """Yield what both models have read, in order; what one alone has read is passed over.

    Both read the texts in the same order, so at most those that one could not read are held.
    """
    first, second = everything.models
    others = everything.reads(second)
    held: dict[tuple[str, str], Read] = {}
    for one in everything.reads(first):
        wanted = _place(one)
        while wanted not in held and (other := next(others, None)) is not None:
            held[_place(other)] = other
            if _place(other) == wanted:
                break
        if wanted in held:
            yield Both(one, held.pop(wanted))


def _place(read: Read) -> tuple[str, str]:
    return read.corpus, read.capture.record.id
