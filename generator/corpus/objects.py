"""JSON in all its shapes: one object a line, a list of them, or columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..results.wording import counted
from .fields import kind
from .options import ReadOptions
from .spans import quoted
from .table import FileProblem, Placed, RawTable, listed

ONE_A_LINE = "one JSON object a line"


def read_jsonl(content: str, options: ReadOptions) -> RawTable:
    """Read one JSON object a line; a line that is none is a bad row."""
    if content.lstrip()[:1] == "[" and _whole(content) is not None:
        table = read_json(content, options)
        return replace(table, notes=(f"it is {table.form}, not {ONE_A_LINE}",))
    return RawTable(
        [_line(number, line) for number, line in lines_of(content)], columns=(), form=ONE_A_LINE
    )


def read_json(content: str, options: ReadOptions) -> RawTable:
    """Read a list of objects or texts, an object that holds one, or columns."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        first = next(lines_of(content), (1, ""))[1]
        if isinstance(_whole(first), Mapping):
            table = read_jsonl(content, options)
            return replace(table, notes=(f"it is {ONE_A_LINE}, not one document",))
        raise FileProblem(f"not valid JSON ({error}); correct it there") from error
    found, form = _rows_of(value)
    rows = (object_row(f"record {number}", row) for number, row in enumerate(found, 1))
    return RawTable(list(rows), columns=(), form=form)


def object_row(place: str, value: Any) -> Placed:
    """Return a row of one object; a text alone is the text of a record."""
    if isinstance(value, Mapping):
        return Placed(place, value)
    if isinstance(value, str):
        return Placed(place, {"text": value})
    return Placed(place, {}, f"it is {kind(value)}, not a table of fields")


def rows_by_name(value: Mapping[Any, Any]) -> list[dict[Any, Any]] | None:
    """Return records that stand below a name each, which is their id; None where none do.

    Pandas writes numbers there, below which columns stand, or beside which rows do.
    """
    inner = [row for row in value.values() if isinstance(row, Mapping)]
    if not inner or len(inner) < len(value) or "text" in value:
        return None
    numbered = all(str(name).isdigit() for name in value)
    if not numbered and not all("text" in row for row in inner):
        return None
    if all(str(name).isdigit() for row in inner for name in row):
        return None
    return [{"id": str(name), **row} for name, row in value.items()]


def rows_of_columns(columns: Mapping[Any, Any]) -> list[dict[Any, Any]] | None:
    """Return the rows of columns that are as long as each other; None where it holds no columns.

    A column is a list, or numbered values as pandas writes them.
    """
    values = [list(v.values()) if isinstance(v, Mapping) else v for v in columns.values()]
    if not values or not all(isinstance(column, list | tuple) for column in values):
        return None
    lengths = {name: len(column) for name, column in zip(columns, values, strict=True)}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{quoted(name)} {length:,}" for name, length in lengths.items())
        raise FileProblem(f"its columns are not equally long ({shown}); make them so")
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*values, strict=True)]


def lines_of(content: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers; only newlines end a line."""
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, line.removesuffix("\r")


def _line(number: int, line: str) -> Placed:
    place = f"line {number}"
    try:
        return object_row(place, json.loads(line))
    except json.JSONDecodeError as error:
        problem = f"not valid JSON ({error.msg}, character {error.colno})"
        return Placed(place, {}, f"{problem}; write one JSON object a line")
    except (ValueError, RecursionError) as error:
        return Placed(place, {}, f"not JSON that can be read ({error})")


def _rows_of(value: Any) -> tuple[Iterable[Any], str]:
    """Return the rows that a JSON value means, and how it means them."""
    if isinstance(value, list):
        return value, "a JSON list"
    if not isinstance(value, Mapping):
        raise FileProblem(f"{kind(value)}, not a list of records; put them in [ ]")
    if (rows := _split(value)) is not None:
        return rows, f"JSON, {counted(len(value['columns']), 'column')}"
    lists = [name for name, rows in value.items() if _are_rows(rows)]
    among_columns = any(isinstance(v, list) and v and not _are_rows(v) for v in value.values())
    if len(lists) == 1 and not among_columns:
        return value[lists[0]], f"JSON, the list {quoted(lists[0])}"
    if len(lists) > 1 and not among_columns:
        raise FileProblem(f"it has several lists of records ({listed(lists)}); leave one of them")
    if (rows := rows_by_name(value)) is not None:
        return rows, "JSON, records by name"
    if (rows := rows_of_columns(value)) is not None:
        return rows, f"JSON, {counted(len(value), 'column')}"
    if "text" in value:
        return [value], "one JSON object"
    raise FileProblem(
        f"no list of records in it (keys: {listed(list(value))}); "
        'write [{...}, ...], {"data": [...]} or columns of equal length'
    )


def _split(value: Mapping[Any, Any]) -> list[dict[Any, Any]] | None:
    """Return the rows of names in `columns` and lists in `data`, as pandas splits a frame."""
    names, rows = value.get("columns"), value.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _whole(content: str) -> Any:
    """Return the value of a whole JSON document, None where it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
