"""Texts that a Python program holds -> rows: lists, columns, data frames, Arrow, data sets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from ..errors import InputError
from .fields import kind
from .objects import rows_by_name, rows_of_columns
from .options import ReadOptions
from .parquet import class_names
from .record import Record, record_to_json
from .spans import quoted
from .table import Placed, RawTable, listed

ONE = "records must be a list of texts, mappings or records; put one in a list."


def table_of(records: Any, options: ReadOptions) -> RawTable:
    """Return the rows of whatever holds texts, or raise InputError with what to give instead."""
    if isinstance(records, Mapping):
        return _of_mapping(records, options)
    _refuse(records)
    named = _class_names(records)
    try:
        values = iter(_unwrapped(records))
    except TypeError as error:
        raise InputError(ONE) from error
    first = islice(values, options.limit)
    rows = [_row(f"record {number}", item) for number, item in enumerate(first, 1)]
    more = options.limit is not None and next(values, None) is not None
    return RawTable(rows, columns=(), form="from memory", class_names=named, more=more)


def _of_mapping(records: Mapping[Any, Any], options: ReadOptions) -> RawTable:
    """Read columns, such as `dataset[:10]`, or the one split of a DatasetDict."""
    if any(hasattr(value, "column_names") for value in records.values()):
        if len(records) > 1:
            splits, one = listed(records), quoted(next(iter(records)))
            raise InputError(f"records has the splits {splits}; give one of them: records[{one}].")
        return table_of(next(iter(records.values())), options)
    rows = rows_by_name(records) or rows_of_columns(
        {name: _plain(values) for name, values in records.items()}
    )
    if rows is None:
        raise InputError(ONE)
    return table_of(rows, options)


def _refuse(records: Any) -> None:
    if isinstance(records, str | bytes | Record):
        raise InputError(ONE)
    if isinstance(records, set | frozenset):
        raise InputError("records is a set, which has no order; give sorted(records) or a list.")
    if hasattr(records, "read") and hasattr(records, "close"):
        raise InputError("records is an open file; give its path, or a list of texts.")


def _unwrapped(records: Any) -> Iterable[Any]:
    """Return the rows of a data frame or of Arrow data; anything else as it is."""
    if hasattr(records, "read_all"):
        records = records.read_all()
    if hasattr(records, "to_pylist"):
        rows: Iterable[Any] = records.to_pylist()
        return rows
    import narwhals as nw

    names = list(map(str, records.columns)) if hasattr(records, "iterrows") else []
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"records: column {quoted(twice)} is there twice; keep one of them.")
    try:
        frame = nw.from_native(records, pass_through=True, allow_series=True)
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
        return frame.rows(named=True) if isinstance(frame, nw.DataFrame) else records
    except nw.exceptions.NarwhalsError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise InputError(f"records: this data frame cannot be read ({reason}).") from error


def _class_names(records: Any) -> dict[str, tuple[str, ...]]:
    """Return the labels by name of each column that numbers them, where a data set says so."""
    if hasattr(records, "to_pylist"):
        return class_names(getattr(getattr(records, "schema", None), "metadata", None) or {})
    features = getattr(records, "features", None)
    if not isinstance(features, Mapping):
        return {}
    single = {name: getattr(feature, "feature", feature) for name, feature in features.items()}
    named = {name: getattr(feature, "names", None) for name, feature in single.items()}
    return {name: tuple(map(str, found)) for name, found in named.items() if found}


def _row(place: str, item: Any) -> Placed:
    if isinstance(item, Record):
        return Placed(place, record_to_json(item))
    if hasattr(item, "_asdict"):
        item = item._asdict()
    elif names := getattr(getattr(item, "dtype", None), "names", None):
        item = {name: item[name] for name in names}  # a row of a structured array
    elif dataclasses.is_dataclass(item) and not isinstance(item, type):
        item = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    item = _plain(item)
    if isinstance(item, str):
        return Placed(place, {"text": item})
    if isinstance(item, Mapping):
        return Placed(place, {name: _plain(value) for name, value in item.items()})
    if isinstance(item, list | tuple):
        return Placed(place, {}, f"{kind(item)} without names; give mappings as {{'text': ...}}")
    instead = "; decode them" if isinstance(item, bytes) else ""
    return Placed(place, {}, f"it is {kind(item)}, not a text, mapping or record{instead}")


def _plain(value: Any) -> Any:
    """Return a value of numpy, torch or pandas as one of Python; what is missing as None."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "tolist") and not isinstance(value, str):
        return value.tolist()
    return value.to_pylist() if hasattr(value, "to_pylist") else value
