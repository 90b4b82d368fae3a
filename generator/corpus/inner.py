"""What lies in objects within rows, as columns: `translation.en`, `row.text`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .table import RawTable

LOOKED_AT = 100
"""Rows that are looked at for the names in their objects."""


def inner_names(table: RawTable, names: Iterable[Any]) -> list[str]:
    """Return the names of what lies in the objects of columns, each behind that of its column."""
    found: dict[str, None] = {}
    for name in names:
        for placed in table.rows[:LOOKED_AT]:
            value = placed.row.get(name)
            if isinstance(value, Mapping):
                found |= dict.fromkeys(f"{name}.{key}" for key in value)
    return list(found)


def with_inner(table: RawTable, names: Sequence[Any], wanted: Iterable[str]) -> RawTable:
    """Return a table in which those of the wanted columns that lie in objects are columns, too."""
    asked = [name for name in wanted if "." in name and name not in names]
    columns = [name for name in asked if name.partition(".")[0] in names]
    if not columns:
        return table
    rows = [
        replace(one, row={**one.row, **{name: _at(one.row, name) for name in columns}})
        for one in table.rows
    ]
    return replace(table, rows=rows)


def _at(row: Any, name: str) -> Any:
    """Return what lies in a row under the names that dots separate, None where nothing does."""
    for key in name.split("."):
        row = row.get(key) if isinstance(row, Mapping) else None
    return row
