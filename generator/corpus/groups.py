"""Which texts of a group are compared: those of one corpus, or of several that share the group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from .record import Record

GroupKey = tuple[str, str]
"""The corpus, "" for a group that stands in several, and the group."""


def across_corpora(records: Iterable[tuple[str, Record]]) -> frozenset[str]:
    """Return the groups whose variants stand in several corpora, of (corpus, record).

    WinoBias has one side of each pair in one file, the other in another. Where a corpus has two
    variants of a group itself, another's group of that name is another group: names such as
    `pair-1` are given anew in each file.
    """
    variants: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for corpus, record in records:
        if record.group and record.variant:
            variants[record.group][corpus].add(record.variant)
    return frozenset(
        group
        for group, known in variants.items()
        if len(set().union(*known.values())) > 1 and all(len(one) == 1 for one in known.values())
    )


def group_key(corpus: str, record: Record, across: frozenset[str]) -> GroupKey | None:
    """Return what texts that are compared have in common; None where a text is in no group."""
    if not record.group:
        return None
    return ("" if record.group in across else corpus), record.group
