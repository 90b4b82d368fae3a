"""GAP: a pronoun and two names with their places in a passage of Wikipedia, in columns.

Webster et al. 2018, https://doi.org/10.1162/tacl_a_00240.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...results.wording import counted
from ..delimited import header_cells, read_tsv
from ..options import ReadOptions
from ..spans import RecordError, quoted
from ..table import FileProblem, Placed, RawTable, listed

NEEDED = ("Text", "Pronoun", "Pronoun-offset", "A", "A-offset", "B", "B-offset")


def recognises(content: str) -> bool:
    """Say whether the header is that of GAP."""
    return any(set(NEEDED) <= set(header_cells(content, mark)) for mark in "\t,")


def read(content: str, options: ReadOptions) -> RawTable:
    """Read passages: the pronoun is the mention, the names its candidates."""
    table = read_tsv(content, options)
    if missing := [name for name in NEEDED if name not in (table.columns or ())]:
        raise FileProblem(f"not GAP: no columns {listed(missing)} in the first line")
    rows = [_row(placed) for placed in table.rows]
    neither = sum("text" in one.row and "answer" not in one.row for one in rows)
    notes = (f"{counted(neither, 'record')} with neither name as the answer",) if neither else ()
    return RawTable(rows, {"task": "coreference"}, form="GAP", notes=notes)


def _row(placed: Placed) -> Placed:
    if placed.problem:
        return placed
    try:
        return Placed(placed.place, _fields(placed.row))
    except RecordError as error:
        return Placed(placed.place, {}, str(error))


def _fields(row: Mapping[str, object]) -> dict[str, object]:
    text = str(row.get("Text", ""))
    mention, *names = (_piece(row, name, text) for name in ("Pronoun", "A", "B"))
    right = [
        name for name, side in zip(names, "AB", strict=True)
        if str(row.get(f"{side}-coref", "")).strip().lower() == "true"
    ]  # fmt: skip
    answer = {"answer": right[0]} if len(right) == 1 else {}
    identity = {"id": str(row["ID"])} if row.get("ID") else {}
    return {**identity, "text": text, "mention": mention, "candidates": names, **answer}


def _piece(row: Mapping[str, object], name: str, text: str) -> dict[str, object]:
    """Return a piece of the text, which must stand at its offset."""
    piece, offset = str(row.get(name, "")), str(row.get(f"{name}-offset", "")).strip()
    if not re.fullmatch(r"\d{1,7}", offset) or not piece or not text.startswith(piece, int(offset)):
        raise RecordError(f"'{name}' {quoted(piece)} does not start at {quoted(offset)}")
    return {"text": piece, "start": int(offset)}
