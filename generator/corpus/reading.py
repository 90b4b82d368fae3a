"""Bytes of a corpus file -> its table: unpacked, decoded, its format told, its columns named."""

from __future__ import annotations

from dataclasses import replace

from .columns import fitted
from .decoding import decoded, unpacked
from .options import ReadOptions
from .parquet import MARK, read_parquet
from .readers import READERS, SUFFIXES, check_format, has_text_column, written_as
from .table import FileProblem, Table

FORMATS = (*READERS, "parquet")
"""The names that `--format` knows."""


def read_table(data: bytes, suffix: str, options: ReadOptions) -> Table:
    """Return the rows of a file, whose format its name tells unless the options do."""
    data = unpacked(data)
    if options.format:
        check_format(options.format, FORMATS)
    named = options.format or SUFFIXES.get(suffix)
    if named == "parquet" or (options.format is None and data.startswith(MARK)):
        return fitted(read_parquet(data), options)
    content, encoding = decoded(data, options.encoding)
    format_, note = (options.format, "") if options.format else told(content, suffix, options)
    table = READERS[format_](content, options)
    form = table.form if encoding == "utf-8" else f"{table.form}, in {encoding}"
    notes = (note, *table.notes) if note else table.notes
    return fitted(replace(table, form=form, notes=notes), options)


def told(content: str, suffix: str, options: ReadOptions) -> tuple[str, str]:
    """Return the format of a text, and a note where it is not the one of its name."""
    if suffix not in SUFFIXES:
        if suffix:
            known = ", ".join(FORMATS)
            raise FileProblem(f"not of a kind that can be read; name its --format ({known})")
        format_ = written_as(content)
        return format_, f"read as {format_} (choose another with --format NAME)"
    if suffix == ".txt" and (options.delimiter or has_text_column(content, "\t")):
        return "tsv", "read as cells separated by tabs, for its header (--format txt: as lines)"
    return SUFFIXES[suffix], ""
