"""Minimal pairs: two sentences a row, as BLiMP has them in JSONL, or in two columns of a table.

Each pair of BLiMP has words of its own, so pairs are no near copies of each other: no frame is set.
A table of pairs may say in a column which pairs are made from one.

BLiMP: Warstadt et al. 2020, https://doi.org/10.1162/tacl_a_00321.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..delimited import header_cells, read_csv, sniffed
from ..fields import is_absent
from ..objects import lines_of, read_jsonl
from ..options import ReadOptions
from ..spans import quoted
from ..table import FileProblem, Placed, RawTable, listed

GOOD, BAD = "sentence_good", "sentence_bad"
KNOWN = (
    (GOOD, BAD),
    ("good", "bad"),
    ("sent_more", "sent_less"),
    ("good_sentence", "bad_sentence"),
    ("grammatical", "ungrammatical"),
    ("acceptable", "unacceptable"),
)
"""Columns in which both sentences of a pair usually stand."""


def is_blimp(content: str) -> bool:
    """Say whether the first line is an object of BLiMP."""
    try:
        row = json.loads(next(lines_of(content), (1, ""))[1])
    except (ValueError, RecursionError):
        return False
    return isinstance(row, Mapping) and {GOOD, BAD} <= set(row)


def read_blimp(content: str, options: ReadOptions) -> RawTable:
    """Read both sentences of each line, as two records of a group."""
    rows = [record for placed in read_jsonl(content, options).rows for record in _blimp(placed)]
    return RawTable(rows, form="BLiMP, two sentences a line")


def _blimp(placed: Placed) -> Iterator[Placed]:
    row = placed.row
    if placed.problem or not {GOOD, BAD} <= set(row):
        problem = placed.problem or f"no {GOOD!r} and {BAD!r} in it"
        yield Placed(placed.place, {}, problem)
        return
    number = next((row[k] for k in ("pairID", "pair_id") if not is_absent(row.get(k))), None)
    place = placed.place.removeprefix("line ") if number is None else number
    group = f"{row['UID']}-{place}" if row.get("UID") else f"pair-{place}"
    tags = [str(row[name]) for name in ("linguistics_term", "field") if row.get(name)]
    yield from _both(placed, group, {"good": row[GOOD], "bad": row[BAD]}, list(dict.fromkeys(tags)))


def are_pairs(content: str) -> bool:
    """Say whether the header names both sentences of a pair as is usual, and no `text`."""
    first = next(lines_of(content), (1, ""))[1]
    header = header_cells(first, sniffed([first], ","))
    return "text" not in header and _known(header) is not None


def read_pairs(content: str, options: ReadOptions) -> RawTable:
    """Read both sentences of each row, as two records of a group that are called as the columns.

    `--column text=ONE --column text=OTHER` names them, and `--column frame=NAME` a third one.
    """
    table = read_csv(content, options)
    header = list(table.columns or ())
    chosen = [column for field, column in options.columns if field == "text"]
    columns = chosen if len(chosen) == 2 else _known(header)
    if columns is None or not set(columns) <= set(header):
        raise FileProblem(
            f"which two columns hold the pairs cannot be told (columns: {listed(header)}); "
            "say so with --column text=ONE --column text=OTHER"
        )
    frame = dict(options.columns).get("frame", "frame")
    if frame != "frame" and frame not in header:
        raise FileProblem(f"no column {quoted(frame)} for 'frame'; there are {listed(header)}")
    rows = [record for placed in table.rows for record in _pair(placed, columns, frame)]
    said = f"the pairs stand in the columns {quoted(columns[0])} and {quoted(columns[1])}"
    return RawTable(rows, form=f"minimal pairs, {table.form}", notes=(*table.notes, said))


def _known(header: Sequence[str]) -> Sequence[str] | None:
    return next((pair for pair in KNOWN if set(pair) <= set(header)), None)


def _pair(placed: Placed, columns: Sequence[str], frame: str) -> Iterator[Placed]:
    if placed.problem:
        yield placed
        return
    group = str(placed.row.get("id") or f"pair-{placed.place.removeprefix('line ')}")
    texts = {name: placed.row.get(name) for name in columns}
    for one in _both(placed, group, texts, []):
        made_from = {} if one.problem else {"frame": placed.row.get(frame)}
        yield replace(one, row={**one.row, **made_from})


def _both(
    placed: Placed, group: str, variants: Mapping[str, Any], tags: Sequence[str]
) -> Iterator[Placed]:
    """Yield a record for each of the two texts, or one problem: a half alone is no pair."""
    if any(is_absent(text) or not str(text).strip() for text in variants.values()):
        yield Placed(placed.place, {}, "one of its two sentences is empty")
        return
    for variant, text in variants.items():
        about = {"group": group, "variant": variant, "tags": list(tags)}
        yield Placed(placed.place, {"id": f"{group}-{variant}", "text": text, **about})
