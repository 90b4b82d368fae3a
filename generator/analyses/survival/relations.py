"""Claims that heads find relations of a tree, with the pieces of words merged in other ways."""

from __future__ import annotations

from collections.abc import Iterator

from ...results.survival import Way
from ...results.ways import Named
from ..syntax.all_records import best, tables
from ..syntax.merging import SUMS
from ..syntax.sentences import claimed, finding_id
from ..syntax.trees import Trees, counted, extents, merged_otherwise
from .other_ways import Texts


def relations(texts: Texts) -> Iterator[tuple[Named, Way]]:
    """Yield what heads are claimed to find, in each way to merge pieces that makes a difference.

    Each way chooses its own head, on the half of these texts that chooses.
    """
    name, records = texts
    for kind in extents(records):
        named = counted(records, kind)
        others = merged_otherwise(records, kind)
        for merged in ("", *others):
            trees = Trees(records, kind, named, merged)
            called = f"{merged or SUMS}, {name}" if others else name
            for one in best(tables(trees), trees):
                said = finding_id(kind, one.relation)
                yield ("syntax", said), Way(called, claimed(one))
