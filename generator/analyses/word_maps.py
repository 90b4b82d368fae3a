"""The maps between words that analyses of records leave for those of all records."""

from __future__ import annotations

from collections.abc import Mapping

from ..results.shapes import Cell, Result


def extents(results: Mapping[str, Result], name: str) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of the table `maps` of an analysis, none where it said nothing."""
    tables = results[name].tables if name in results else {}
    return tables["maps"].rows if "maps" in tables else ()
