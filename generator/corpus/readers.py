"""Text of a corpus file -> its rows as they are written, each with its place."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .conllu import file_about, sentence_blocks, sentence_row
from .fields import Row, kind, near_match, unknown_field
from .record import FIELDS
from .spans import RecordError, quoted

ABOUT_FIELDS = ("title", "about", "licence", "source", "task")
SHARED_FIELDS = ("source_lang", "target_lang", "prefix")  # of the corpus, for each of its records
LIST_FIELDS = frozenset(
    {"tags", "candidates", "contrast", "aspects", "words", "target_words", "upos", "head", "deprel"}
)
CELLS = frozenset(FIELDS) - {"window"}  # what one cell of a CSV file can hold
SEPARATOR = "|"
LOOKS_LIKE_A_FIELD = 0.8


class FileProblem(ValueError):
    """What makes a whole file useless, in words that fit after the file's name."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a file: its fields, or the problem that kept them from being read."""

    place: str
    row: Row
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it is written: what it says of itself, and its rows."""

    rows: list[Placed]
    about: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)


def read_toml(content: str) -> Table:
    """Read `[[record]]` tables below what the corpus says of itself."""
    try:
        document = tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileProblem(f"not valid TOML ({error}); correct it there") from error
    records = document.pop("record", [])
    if not isinstance(records, list):
        raise FileProblem("'record' is not a list of tables; begin each record with [[record]]")
    for name, value in document.items():
        _check_top_level(name, value)
    rows = [_object(f"record {number}", row) for number, row in enumerate(records, 1)]
    return Table(
        rows,
        {name: document[name] for name in ABOUT_FIELDS if name in document},
        {name: document[name] for name in SHARED_FIELDS if name in document},
    )


def read_jsonl(content: str) -> Table:
    """Read one JSON object a line."""
    rows = []
    for number, line in _lines(content):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = f"line {number} is not valid JSON ({error})"
            raise FileProblem(f"{problem}; write one JSON object a line") from error
        rows.append(_object(f"line {number}", value))
    return Table(rows)


def read_csv(content: str) -> Table:
    """Read comma-separated rows below a header; lists are separated by `|` in their cell.

    Columns that are no field are left out, unless they look like one that is misspelt.
    """
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        rows = [_csv_row(header, cells, reader.line_num) for cells in reader if cells]
    except csv.Error as error:
        where = f"line {reader.line_num} is not valid CSV ({error})"
        raise FileProblem(f"{where}; quote cells that hold commas, quotes or newlines") from error
    return Table(rows)


def read_txt(content: str) -> Table:
    """Read one text a line, leaving out blank lines."""
    return Table([Placed(f"line {number}", {"text": line}) for number, line in _lines(content)])


def read_conllu(content: str) -> Table:
    """Read CoNLL-U sentences."""
    rows = []
    for number, lines in sentence_blocks(content):
        try:
            rows.append(Placed(f"line {number}", sentence_row(lines)))
        except RecordError as error:
            rows.append(Placed(f"line {number}", {}, str(error)))
    return Table(rows, file_about(content))


READERS: Mapping[str, Callable[[str], Table]] = {
    ".toml": read_toml,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".txt": read_txt,
    ".conllu": read_conllu,
}


def _check_top_level(name: str, value: object) -> None:
    """Raise unless a top-level TOML key is one that a corpus has, and a text."""
    known = (*ABOUT_FIELDS, *SHARED_FIELDS)
    if name not in known:
        raise FileProblem(f"{unknown_field(name, (*known, 'record'))}; correct or remove it")
    if not isinstance(value, str):
        raise FileProblem(f"'{name}' is {kind(value)}, not a text; put it in quotes")


def _check_header(header: list[str]) -> None:
    """Raise unless there is a text column, and none is given twice or misspelt."""
    for name in header:
        near = near_match(name, FIELDS, LOOKS_LIKE_A_FIELD)
        if name not in FIELDS and near not in (None, *header):
            raise FileProblem(f"unknown column {quoted(name)}; rename it to '{near}' or remove it")
        if name in FIELDS and header.count(name) > 1:
            raise FileProblem(f"column '{name}' is there twice; keep one of them")
    if "text" not in header:
        found = ", ".join(quoted(name) for name in header) or "none"
        raise FileProblem(
            f"no column 'text' in the first line (columns: {found}); "
            "name the column of the texts 'text' and separate columns by commas"
        )


def _csv_row(header: list[str], cells: list[str], line: int) -> Placed:
    place = f"line {line}"
    if len(cells) > len(header):
        problem = f"{len(cells)} cells under {len(header)} columns; quote cells that hold commas"
        return Placed(place, {}, problem)
    named = zip(header, cells, strict=False)
    return Placed(place, {name: _cell(name, cell) for name, cell in named if name in CELLS})


def _cell(name: str, cell: str) -> str | list[str]:
    if name not in LIST_FIELDS or not cell.strip():
        return cell
    return [piece.strip() for piece in cell.split(SEPARATOR)]


def _object(place: str, value: Any) -> Placed:
    if isinstance(value, dict):
        return Placed(place, value)
    return Placed(place, {}, f"it is {kind(value)}, not a table of fields")


def _lines(content: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers; only newlines end a line."""
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, line.removesuffix("\r")
