"""CSV, TSV and their kin: rows of cells below a header, whichever mark separates them."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..results.wording import counted
from .options import ReadOptions
from .spans import quoted
from .table import FileProblem, Placed, RawTable

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
LOOKED_AT = 100
"""Lines that tell what separates the cells."""
ALONE = "\x1f"
"""The mark of a file with one column: none, since the separator of units is no part of a text."""
HINT = re.compile(r"sep=(.)\s*")
"""A first line by which Excel is told what separates cells."""
ESCAPE = re.compile(r'\\([\\"])')


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, or the problem that kept them from being read."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read quotes: as the standard of CSV has it, escaped by a backslash, or as text."""

    says: str
    escapes: bool = False
    quotes: bool = True


STANDARD = Way("")
BACKSLASHES = Way("a backslash before a quote makes the quote part of the text", escapes=True)
NO_QUOTES = Way("quotes are part of the text, as in most files with tabs", quotes=False)


def read_csv(content: str, options: ReadOptions) -> RawTable:
    """Read rows of cells below a header; commas separate them where nothing else does."""
    return _delimited(content, options, ",", "CSV")


def read_tsv(content: str, options: ReadOptions) -> RawTable:
    """Read rows of cells below a header; tabs separate them where nothing else does."""
    return _delimited(content, options, "\t", "TSV")


def header_cells(content: str, delimiter: str) -> list[str]:
    """Return the names in the first line of a file."""
    first = next((line for line in content.split("\n") if line.strip()), "")
    try:
        cells = next(csv.reader([first.rstrip("\r")], delimiter=delimiter), [])
    except csv.Error:
        cells = first.split(delimiter)
    return [cell.strip() for cell in cells]


def _delimited(content: str, options: ReadOptions, usual: str, kind: str) -> RawTable:
    lines = list(io.StringIO(content, newline=""))
    with _cells_of_any_length():
        hint = HINT.fullmatch(lines[0]) if lines else None
        lines[:1] = ["\n"] if hint else lines[:1]
        delimiter = options.delimiter or (hint[1] if hint else sniffed(lines, usual))
        rows, way = _best(lines, delimiter)
    header = tuple(name.strip() for name in rows[0].cells) if rows else ()
    if rows and rows[0].problem:
        raise FileProblem(f"line {rows[0].line}: {rows[0].problem}")
    separated = f"cells are separated by {DELIMITERS.get(delimiter, quoted(delimiter))}"
    separated = "one column" if delimiter == ALONE else separated
    unusual = delimiter not in (usual, ALONE) and not options.delimiter
    return RawTable(
        [_placed(header, row) for row in rows[1:]],
        columns=header,
        cells=True,
        form=f"{kind}, {separated}",
        notes=tuple(note for note in (separated if unusual else "", way.says) if note),
    )


def sniffed(lines: Sequence[str], usual: str) -> str:
    """Return the mark by which most rows have as many cells as the header, and more than one.

    Where the header has one cell whichever mark is tried, there is no mark to look for.
    """
    head = [line for line in lines[:LOOKED_AT] if line.strip()]

    def fit(delimiter: str) -> tuple[float, int]:
        rows = [row.cells for row in _rows(head, delimiter, STANDARD) if not row.problem]
        width = len(rows[0]) if rows else 0
        same = sum(len(cells) == width for cells in rows)
        return (same / len(rows), width) if width > 1 else (0.0, 0)

    best = max([usual, *DELIMITERS], key=fit)
    return best if fit(best)[1] else ALONE


def _best(lines: Sequence[str], delimiter: str) -> tuple[list[Cells], Way]:
    """Return the rows as the way reads them that leaves most of them whole."""
    ways = [STANDARD]
    if any('\\"' in line for line in lines):
        ways.append(BACKSLASHES)
    if delimiter == "\t" and any('"' in line for line in lines):
        ways.append(NO_QUOTES)
    read = [(list(_rows(lines, delimiter, way)), way) for way in ways]
    return min(read, key=lambda found: _faults(found[0]))


def _faults(rows: Sequence[Cells]) -> tuple[int, int]:
    """Return how many rows are bad, and (to be made small) minus how many fit the header."""
    width = len(rows[0].cells) if rows else 0
    bad = sum(bool(row.problem) or len(row.cells) > width for row in rows)
    return bad, -sum(len(row.cells) == width for row in rows)


def _rows(lines: Sequence[str], delimiter: str, way: Way) -> Iterator[Cells]:
    """Yield rows that hold anything; after a bad one, reading goes on at the next line."""
    start = 0
    while start < len(lines):
        rest = (lines[at] for at in range(start, len(lines)))
        reader = csv.reader(
            _escaped(rest) if way.escapes else rest,
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if way.quotes else csv.QUOTE_NONE,
            strict=True,
        )
        begun = 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Cells(start + begun + 1, tuple(cells))
                begun = reader.line_num
            return
        except csv.Error as error:
            yield Cells(start + begun + 1, problem=_bad(error, start + reader.line_num))
            start += begun + 1


def _bad(error: csv.Error, line: int) -> str:
    if "unexpected end" in str(error):
        return "a quote that opens here is never closed; close it, or double it to mean a quote"
    why = "text after a closing quote" if "expected after" in str(error) else str(error)
    return f"not valid CSV ({why}, line {line}); quote cells that hold quotes, and double those"


def _escaped(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines in which a backslash before a quote is written as the standard has it."""
    return (ESCAPE.sub(lambda m: '""' if m[1] == '"' else "\\", line) for line in lines)


def _placed(header: Sequence[str], row: Cells) -> Placed:
    place = f"line {row.line}"
    if row.problem:
        return Placed(place, {}, row.problem)
    if len(row.cells) > len(header) and any(cell.strip() for cell in row.cells[len(header) :]):
        problem = (
            f"{counted(len(row.cells), 'cell')} under {counted(len(header), 'column')}; "
            "quote cells that hold the mark between cells"
        )
        return Placed(place, {}, problem)
    return Placed(place, dict(zip(header, row.cells, strict=False)))


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Lift the limit that the csv module has on the length of a cell."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)
