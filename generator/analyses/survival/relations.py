"""Claims that heads find relations of a tree, with the pieces of words merged in other ways."""

from __future__ import annotations

from collections.abc import Iterator

from ...results.survival import Way
from ...results.ways import Named
from ..syntax import all_records, sentences
from ..syntax.merging import SUMS
from .other_ways import Texts


def relations(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield what heads are claimed to find, in each way to merge pieces that makes a difference.

    Each way chooses its own head, on the half of these texts that chooses.
    """
    name, records = texts
    for kind in all_records.extents(records):
        named = all_records.counted(records, kind)
        others = all_records.merged_otherwise(records, kind)
        for merged in ("", *others):
            trees = all_records.Trees(records, kind, named, merged)
            called = f"{merged or SUMS}, {name}" if others else name
            for one in all_records.best(all_records.tables(trees), trees):
                said = sentences.finding_id(kind, one.relation)
                yield ("syntax", said), Way(called, sentences.claimed(one))
