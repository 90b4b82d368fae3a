"""Typed values out of a raw row, each with an error that names the field."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from numbers import Integral

from .spans import RecordError, Span, Window, find_span, quoted

Row = Mapping[str, object]
LONGEST = 10_000_000
"""Characters that one text has at most, some ten novels in one."""
HALF = re.compile("[\ud800-\udfff]")
NO_NUMBER = ("", "nan", "<na>", "#n/a")
"""What tables write where a label is missing, which no class is called."""


def is_absent(value: object) -> bool:
    """Say whether a field counts as not given: missing, null, empty, or not a number."""
    if isinstance(value, str | list | tuple):
        return not value
    return value is None or (isinstance(value, float) and math.isnan(value))


def near_match(name: str, known: Collection[str], closeness: float = 0.6) -> str | None:
    """Return the known name that looks most like this one, if any does."""
    lowered = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.strip().lower(), lowered, n=1, cutoff=closeness)
    return lowered[found[0]] if found else None


def unknown_field(name: str, known: Collection[str]) -> str:
    """Say that a field is unknown, and which one may have been meant."""
    near = near_match(name, known)
    hint = f" (did you mean '{near}'?)" if near else ""
    return f"unknown field {quoted(name)}{hint}"


def string(row: Row, name: str) -> str | None:
    """Return a text field; whole numbers (ids of many data sets) become text."""
    value = row.get(name)
    if is_absent(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Integral) and not isinstance(value, bool):
        value = str(int(value))
    return clean(name, value)


def gold(row: Row) -> tuple[str, ...]:
    """Return the labels of a row, whatever they are written as: one, several, or none."""
    given = row.get("labels") if is_absent(row.get("label")) else row["label"]
    values = given if isinstance(given, list | tuple) else [given]
    return tuple(text for value in values if (text := _label(value)))


def _label(value: object) -> str | None:
    """Return a label as a text; what is none of its own accord is written as JSON."""
    if isinstance(value, str):
        absent = value.strip().casefold() in NO_NUMBER
        return None if absent else clean("label", value)
    return None if is_absent(value) else json.dumps(value, ensure_ascii=False, default=str)


def clean(name: str, value: object) -> str:
    """Return a text that can be written as UTF-8; control characters stay, except NUL."""
    if not isinstance(value, str):
        raise RecordError(f"'{name}' is {kind(value)}, not a text")
    if "\0" in value:
        raise RecordError(f"'{name}' holds a NUL character")
    if len(value) > LONGEST:
        most = f"more than the {LONGEST:,} that one text may have; cut it into several"
        raise RecordError(f"'{name}' has {len(value):,} characters, {most}")
    if HALF.search(value):
        raise RecordError(f"'{name}' holds half of a surrogate pair, which is no character")
    return value


def strings(row: Row, name: str) -> tuple[str, ...]:
    """Return a list of non-empty texts."""
    values = tuple(clean(name, value) for value in _items(row, name))
    if "" in values:
        raise RecordError(f"'{name}' holds an empty text")
    return values


def integer(row: Row, name: str) -> int | None:
    """Return a whole number from 0; digits in a text (a CSV cell) count."""
    value = row.get(name)
    return None if is_absent(value) else _integer(name, value)


def number(row: Row, name: str) -> float | None:
    """Return a finite number; digits in a text (a CSV cell) count, and so does a percentage."""
    value = row.get(name)
    if is_absent(value):
        return None
    text = str(value).strip()
    try:
        if isinstance(value, bool):
            raise ValueError
        found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise RecordError(f"'{name}' is no number") from None
    if not math.isfinite(found):
        raise RecordError(f"'{name}' is not finite")
    return found


def integers(row: Row, name: str) -> tuple[int, ...]:
    """Return a list of whole numbers from 0; digits in a text (a CSV cell) count."""
    return tuple(_integer(name, value) for value in _items(row, name))


def span(row: Row, name: str, text: str) -> Span | None:
    """Return the place of a string or `{text, start}` in `text`."""
    value = row.get(name)
    return None if is_absent(value) else resolve(name, value, text)


def spans(row: Row, name: str, text: str) -> tuple[Span, ...]:
    """Return the places of a list of strings or `{text, start}` in `text`."""
    return tuple(resolve(name, value, text) for value in _items(row, name))


def resolve(name: str, value: object, text: str) -> Span:
    """Return the place that a string (first whole word) or `{text, start}` (exact) means."""
    if isinstance(value, Span):
        return _placed(name, value, text)
    if isinstance(value, Mapping):
        return _placed(name, _span_of(name, value), text)
    wanted = clean(name, value)
    found = find_span(text, wanted) if wanted else None
    if found is None:
        raise RecordError(
            f"'{name}' {quoted(wanted)} is not a whole word of the text (case counts); "
            "to mean a part of a word, give its text and start"
        )
    return found


def window(row: Row, name: str, text: str) -> Window | None:
    """Return which part of a longer text this is, where it is one."""
    value = row.get(name)
    if is_absent(value) or isinstance(value, Window):
        return value if isinstance(value, Window) else None
    if not isinstance(value, Mapping):
        raise RecordError(f"'{name}' is {kind(value)}, not a table")
    whole = string(value, "record")
    number, of, start, end = (
        _integer(f"{name}.{part}", value.get(part)) for part in ("number", "of", "start", "end")
    )
    if not whole or not 1 <= number <= of or end - start != len(text):
        raise RecordError(f"'{name}' is no place of this text in a longer one; leave it out")
    return Window(whole, number, of, start, end, strings(value, "without"))


def kind(value: object) -> str:
    """Name the type of a value as a user of JSON or TOML would."""
    names: Sequence[tuple[type | tuple[type, ...], str]] = (
        (type(None), "null"),
        (str, "a text"),
        ((bytes, bytearray), "bytes"),
        (bool, "true or false"),
        ((int, float), "a number"),
        ((list, tuple), "a list"),
        (Mapping, "a table"),
    )
    return next((name for types, name in names if isinstance(value, types)), "of another type")


def _span_of(name: str, value: Row) -> Span:
    text, start = value.get("text"), value.get("start")
    whole = isinstance(start, Integral) and not isinstance(start, bool)
    if set(value) != {"text", "start"} or not whole or not clean(name, text):
        raise RecordError(f"'{name}' needs a text and a start and no more, as {{text, start}}")
    return Span(clean(name, text), int(str(start)))


def _placed(name: str, wanted: Span, text: str) -> Span:
    if wanted.start < 0 or not text.startswith(wanted.text, wanted.start):
        raise RecordError(f"'{name}' {quoted(wanted.text)} does not start at {wanted.start}")
    return wanted


def _items(row: Row, name: str) -> Sequence[object]:
    value = row.get(name)
    if is_absent(value):
        return ()
    if not isinstance(value, list | tuple):
        raise RecordError(f"'{name}' is {kind(value)}, not a list")
    return value


def _integer(name: str, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        return int(value)
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0:
        return int(value)
    raise RecordError(f"'{name}' holds {quoted(value)}, not a whole number from 0")
