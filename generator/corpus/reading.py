"""Bytes of a corpus file -> its table: unpacked, decoded, its format told, its columns named."""

from __future__ import annotations

from dataclasses import replace

from ..errors import InputError
from .columns import fitted
from .decoding import decoded, unpacked
from .fields import near_match
from .foreign import refuse_foreign
from .formats import PUBLISHED, recognised
from .options import ReadOptions
from .parquet import MARK, read_parquet
from .readers import READERS, SUFFIXES, has_text_column, written_as
from .spans import quoted
from .table import FileProblem, RawTable

FORMATS = (*READERS, "parquet", *PUBLISHED)
"""The names that `--format` knows."""
SURE = ("toml", "conllu")
"""Formats that a name tells beyond doubt; the others may hold one that the field publishes in."""


def check_options(options: ReadOptions) -> None:
    """Raise InputError where the options name a format that there is not."""
    if options.format is not None and options.format not in FORMATS:
        near = near_match(options.format, FORMATS)
        meant = f"did you mean {near!r}?" if near else f"there are {', '.join(FORMATS)}."
        raise InputError(f"--format {quoted(options.format)} is no format; {meant}")


def read_table(data: bytes, suffix: str, options: ReadOptions) -> RawTable:
    """Return the rows of a file, whose format its name tells unless the options do."""
    data = unpacked(data)
    named = options.format or SUFFIXES.get(suffix)
    if named == "parquet" or (options.format is None and data.startswith(MARK)):
        return fitted(read_parquet(data), options)
    refuse_foreign(data)
    if suffix and not named and b"\0\0" in data[:1000] + data[-1000:]:
        raise FileProblem(_no_kind())
    try:
        content, encoding = decoded(data, options.encoding)
    except FileProblem as problem:
        known = not suffix or named or options.encoding
        raise problem if known else FileProblem(_no_kind()) from problem
    name, note = (options.format, "") if options.format else _told(content, suffix, options)
    reader = PUBLISHED[name].read if name in PUBLISHED else READERS[name]
    table = reader(content, options)
    form = table.form if encoding == "utf-8" else f"{table.form}, in {encoding}"
    notes = (note, *table.notes) if note else table.notes
    return fitted(replace(table, form=form, notes=notes), options)


def _told(content: str, suffix: str, options: ReadOptions) -> tuple[str, str]:
    """Return the format of a text, and a note where it is not the one of its name."""
    named = SUFFIXES.get(suffix, "")
    if named in SURE:
        return named, ""
    if not options.columns and not options.delimiter and (found := recognised(content)):
        plain = f" (--format {named} reads it as it stands)" if named else ""
        return found, f"it is written as {PUBLISHED[found].title}{plain}"
    if suffix and not named:
        raise FileProblem(_no_kind())
    table = bool(options.columns or options.delimiter)
    if not suffix:
        name = written_as(content)
        name = "csv" if table and name == "txt" else name
        return name, f"read as {name} (choose another with --format NAME)"
    if named == "txt" and table:
        return "csv", ""
    if named == "txt" and has_text_column(content, "\t"):
        return "tsv", "read as cells separated by tabs, for its header (--format txt: as lines)"
    return named, ""


def _no_kind() -> str:
    kinds = ", ".join(SUFFIXES)
    return f"not of a kind that can be read ({kinds}; packed or not); name its format with --format"
