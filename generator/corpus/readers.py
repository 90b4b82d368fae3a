"""Text of a corpus file -> its rows as they are written: one reader for each format."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from .conllu import file_about, sentence_blocks, sentence_row
from .delimited import header_cells, read_csv, read_tsv, sniffed
from .fields import kind, unknown_field
from .objects import lines_of, read_json, read_jsonl
from .options import ReadOptions
from .spans import RecordError
from .table import FileProblem, Placed, RawTable

ABOUT_FIELDS = ("title", "about", "licence", "source", "task")
SHARED_FIELDS = ("source_lang", "target_lang", "prefix")  # of the corpus, for each of its records

Reader = Callable[[str, ReadOptions], RawTable]


def read_toml(content: str, options: ReadOptions) -> RawTable:
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
    rows = [_table(f"record {number}", row) for number, row in enumerate(records, 1)]
    return RawTable(
        rows,
        {name: document[name] for name in ABOUT_FIELDS if name in document},
        {name: document[name] for name in SHARED_FIELDS if name in document},
        form="TOML",
    )


def read_txt(content: str, options: ReadOptions) -> RawTable:
    """Read one text a line, leaving out blank lines."""
    rows = [Placed(f"line {number}", {"text": line}) for number, line in lines_of(content)]
    return RawTable(rows, form="one text a line")


def read_conllu(content: str, options: ReadOptions) -> RawTable:
    """Read CoNLL-U sentences."""
    rows = []
    for number, lines in sentence_blocks(content):
        try:
            rows.append(Placed(f"line {number}", sentence_row(lines)))
        except RecordError as error:
            rows.append(Placed(f"line {number}", {}, str(error)))
    return RawTable(rows, file_about(content), form="CoNLL-U")


READERS: Mapping[str, Reader] = {
    "toml": read_toml,
    "jsonl": read_jsonl,
    "json": read_json,
    "csv": read_csv,
    "tsv": read_tsv,
    "txt": read_txt,
    "conllu": read_conllu,
}
"""The formats that any text can be written in, by name; Parquet, which is no text, is apart."""

SUFFIXES: Mapping[str, str] = {
    ".toml": "toml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "txt",
    ".conllu": "conllu",
    ".parquet": "parquet",
}
"""The format of a file by the ending of its name."""


def written_as(content: str) -> str:
    """Return the format of a text without a name to tell it, such as standard input."""
    if content.lstrip()[:1] in ("{", "["):
        return "jsonl" if content.lstrip()[:1] == "{" else "json"
    return "csv" if has_text_column(content) else "txt"


def has_text_column(content: str, among: str = ",;\t|") -> bool:
    """Say whether the first line is a header with a column `text` and another."""
    first = next(lines_of(content), (1, ""))[1]
    delimiter = sniffed([first], "\t")
    names = header_cells(first, delimiter)
    return delimiter in among and len(names) > 1 and "text" in names


def _check_top_level(name: str, value: object) -> None:
    """Raise unless a top-level TOML key is one that a corpus has, and a text."""
    known = (*ABOUT_FIELDS, *SHARED_FIELDS)
    if name not in known:
        raise FileProblem(f"{unknown_field(name, (*known, 'record'))}; correct or remove it")
    if not isinstance(value, str):
        raise FileProblem(f"'{name}' is {kind(value)}, not a text; put it in quotes")


def _table(place: str, value: Any) -> Placed:
    if isinstance(value, dict):
        return Placed(place, value)
    return Placed(place, {}, f"it is {kind(value)}, not a table of fields")
