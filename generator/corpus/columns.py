"""Columns as their author called them -> fields of a record: chosen, found, or guessed and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .fields import is_absent, near_match
from .inner import inner_names, with_inner
from .options import ReadOptions
from .record import FIELDS, record_from_json
from .spans import RecordError, quoted
from .table import FileProblem, Placed, RawTable, listed

LIST_FIELDS = frozenset(
    {"tags", "candidates", "contrast", "aspects", "words", "target_words", "upos", "head"}
    | {"deprel", "labels"}
)
CELLS = frozenset(FIELDS) - {"window"}  # what the text of one cell can hold
SEPARATOR = "|"
LOOKS_LIKE = 0.8
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        "sentence", "review", "reviewtext", "content", "body", "comment", "tweet", "message",
        "document", "utterance", "sentence1", "premise",
    ),
    "label": ("goldlabel", "sentiment", "class", "category", "polarity"),
    "pair": ("sentence2", "hypothesis"),
    "chat": ("messages", "conversation", "conversations"),
}  # fmt: skip
"""What columns are usually called that hold a field; `pair` only beside the text before it."""
UNSURE = (
    "words", "target_words", "upos", "head", "deprel", "alignment", "mention", "candidates",
    "answer", "aspects", "contrast", "tags", "window", "label_index", "label_count", "group",
    "variant", "frame", "note", "prefix", "chat", "markers", "statistic",
)  # fmt: skip
"""Fields that a column may be called by without being meant."""
PAIRS = {"sentence1": "sentence2", "premise": "hypothesis"}
WORDS = 3
"""Words that a column's name has at most, where it is told by its content; values have more."""

Sources = dict[str, Any]


def fitted(table: RawTable, options: ReadOptions) -> RawTable:
    """Return the table with its columns called as the fields of a record; what is no field goes."""
    if table.columns is None:
        return table
    names = _names(table)
    if (reached := with_inner(table, names, (name for _, name in options.columns))) is not table:
        heads = {name.partition(".")[0] for _, name in options.columns if name not in names}
        table, names = reached, [name for name in _names(reached) if name not in heads]
    sources, guessed = _sources(names, table, options.columns)
    used = set(sources.values())
    ignored = [name for name in names if name not in used and str(name).strip()]
    notes = [*_said_of_guesses(guessed), *_said_of_ignored(ignored, sources)]
    labels: Any = sources.get("label", sources.get("labels"))
    named = table.class_names.get(labels, ())
    rows = [
        replace(placed, row=_with_class_name(_renamed(placed.row, sources, table.cells), named))
        for placed in table.rows
    ]
    notes = [*table.notes, *notes]
    return replace(table, rows=rows, columns=None, notes=tuple(notes), fitted=True)


def _names(table: RawTable) -> list[Any]:
    """Return the names of the columns, those of its rows where no header has them."""
    return list(table.columns or dict.fromkeys(n for placed in table.rows for n in placed.row))


def without_unfit(table: RawTable) -> RawTable | None:
    """Return a table of which no row can be read without the columns that keep them from it.

    A column may be called like a field and hold something else: `words` a count, `answer` a yes.
    """
    if not table.fitted or len(table.rows) < 2:
        return None
    unfit: dict[str, str] = {}
    for placed in table.rows:
        row = {name: value for name, value in placed.row.items() if name not in unfit}
        unfit |= {} if placed.problem else _unfit({**row, "id": "x"})
    if not unfit:
        return None
    rows = [
        replace(one, row={name: value for name, value in one.row.items() if name not in unfit})
        for one in table.rows
    ]
    said = tuple(
        f"column '{name}' is ignored, as it is no field: {why}" for name, why in unfit.items()
    )
    return replace(table, rows=rows, notes=(*table.notes, *said), fitted=False)


def _unfit(row: Mapping[str, object]) -> dict[str, str]:
    """Return the fields, and why, that keep a row from being a good record, if all are unsure."""
    kept = {name: value for name, value in row.items() if name not in UNSURE}
    found: dict[str, str] = {}
    for name in UNSURE if not _problem(kept) else ():
        if name in row and (why := _problem({**kept, name: row[name]})):
            found[name] = why
        elif name in row:
            kept[name] = row[name]
    return found


def _problem(row: Mapping[str, object]) -> str:
    try:
        record_from_json(row)
    except RecordError as error:
        return str(error)
    return ""


def _sources(
    names: Sequence[Any], table: RawTable, chosen: Iterable[tuple[str, str]]
) -> tuple[Sources, Sources]:
    """Return the column of each field that has one, and those of them that were guessed."""
    sources = _chosen(names, chosen)
    taken = set(sources.values())
    for name in names:
        if name in FIELDS and name not in sources and name not in taken:
            sources[name] = name
    for name in sources.values():
        if names.count(name) > 1:
            raise FileProblem(f"column {quoted(name)} is there twice; keep one of them")
    guessed = _guessed(names, table, sources) if names else {}
    sources |= guessed
    if not {"text", "chat"} & set(sources) and names:
        every = [*names, *inner_names(table, names)]
        raise FileProblem(
            f"no column 'text' (columns: {listed(every)}); "
            f"say which column holds the texts, with --column text=NAME{_headless(names, table)}"
        )
    return sources, guessed


def _headless(names: Sequence[Any], table: RawTable) -> str:
    """Say what to do about a first line that is no header, where it seems to be none."""
    odd = any(_is_number(name) or len(str(name).split()) > WORDS for name in names)
    return ", or put a line with the names of the columns first" if table.cells and odd else ""


def _chosen(names: Sequence[Any], chosen: Iterable[tuple[str, str]]) -> Sources:
    """Return the columns that were asked for; the first that is there, of several for a field."""
    found: Sources = {}
    wanted: dict[str, list[str]] = {}
    for field, column in chosen:
        wanted.setdefault(field, []).append(column)
        if field not in found and column in names:
            found[field] = column
    for field, columns in wanted.items():
        if field not in found and names:
            near = near_match(columns[0], [str(name) for name in names])
            meant = f"did you mean {quoted(near)}?" if near else f"there are {listed(names)}"
            raise FileProblem(f"no column {quoted(columns[0])} for '{field}'; {meant}")
    return found


def _guessed(names: Sequence[Any], table: RawTable, sources: Sources) -> Sources:
    """Return the columns that can only mean text, chat, label or pair, where those are missing."""
    found: Sources = {}
    free = [name for name in names if name not in sources.values() and names.count(name) == 1]
    if not {"text", "chat"} & set(sources) and (chat := _only(_called("chat", free))) is not None:
        found["chat"] = chat
    if not {"text", "chat"} & {*sources, *found}:
        text = _only(_called("text", free)) or _only(_worded(free, table))
        found |= {"text": text} if text is not None else {}
        pair = PAIRS.get(_plain(text), "")
        if "pair" not in sources and (beside := [name for name in free if _plain(name) == pair]):
            found["pair"] = beside[0]
    if not {"label", "labels"} & set(sources) and ("text" in sources or found):
        label = _only(_called("label", [n for n in free if n not in found.values()]))
        found |= {"label": label} if label is not None else {}
        if label is None and _numbered("target", sources, table):
            del sources["target"]
            found["label"] = "target"
    return found


def _called(field: str, names: Iterable[Any]) -> list[Any]:
    """Return the columns called like a field but for case and spaces, else as is usual for it."""
    names = list(names)
    same = [name for name in names if _plain(name) == field]
    return same or [name for name in names if _plain(name) in USUAL[field]]


def _worded(names: Iterable[Any], table: RawTable) -> list[Any]:
    """Return the columns of which most values have several words; none below a doubtful header."""
    names = list(names)
    if table.cells and any(_is_number(name) for name in table.columns or ()):
        return []
    return [
        name
        for name in names
        if len(str(name).split()) <= WORDS and 2 * _share_of_words(name, table.rows) > 1
    ]


def _share_of_words(name: Any, rows: Sequence[Placed]) -> float:
    values = [row.row[name] for row in rows if not is_absent(row.row.get(name))]
    several = sum(isinstance(value, str) and len(value.split()) > 1 for value in values)
    return several / len(values) if values else 0


def _numbered(name: str, sources: Sources, table: RawTable) -> bool:
    """Say whether a column that should hold texts holds only numbers."""
    if sources.get(name) != name:
        return False
    values = [row.row.get(name) for row in table.rows]
    return all(_is_number(v) for v in values if not is_absent(v)) and any(values)


def _is_number(value: object) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", str(value).strip()) is not None


def _only(names: Sequence[Any]) -> Any | None:
    return names[0] if len(names) == 1 else None


def _plain(name: object) -> str:
    """Return a column's name without case, spaces and underscores."""
    return re.sub(r"[\s_-]", "", str(name)).casefold()


def _renamed(row: Mapping[Any, Any], sources: Sources, cells: bool) -> dict[str, object]:
    found = {field: row[name] for field, name in sources.items() if name in row}
    if not cells:
        return found
    return {name: _cell(name, str(cell)) for name, cell in found.items() if name in CELLS}


def _with_class_name(row: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    """Return the row with the labels named that its data set numbers; -1 stands for none there."""
    given = row.get("label", row.get("labels"))
    if not names or given is None:
        return row
    if isinstance(given, list | tuple):
        return {**row, "label": [_class_name(number, names) for number in given]}
    own = _class_name(given, names) != given != -1
    place = {"label_index": given, "label_count": len(names)} if own else {}
    return {**row, "label": _class_name(given, names), **place}


def _class_name(number: object, names: Sequence[str]) -> object:
    if not isinstance(number, int) or isinstance(number, bool) or not -1 <= number < len(names):
        return number
    return names[number] if number >= 0 else None


def _cell(name: str, cell: str) -> str | list[str]:
    """Return what a cell holds for a field: lists are separated by `|`."""
    if name not in LIST_FIELDS or not cell.strip():
        return cell
    return [piece.strip() for piece in cell.split(SEPARATOR)]


def _said_of_guesses(guessed: Sources) -> Iterator[str]:
    if guessed:
        pairs = [f"{quoted(name)} is read as '{field}'" for field, name in guessed.items()]
        yield f"column {' and '.join(pairs)} (choose others with --column FIELD=NAME)"


def _said_of_ignored(ignored: Sequence[Any], sources: Sources) -> Iterator[str]:
    """Say which columns are left out, and which field each may have been meant to be."""
    if not ignored:
        return
    free = [field for field in FIELDS if field not in sources]
    meant = {name: near_match(str(name), free, LOOKS_LIKE) for name in ignored}
    shown = sorted(ignored, key=lambda name: meant[name] is None)[:8]
    names = [f"{quoted(n)} (did you mean '{meant[n]}'?)" if meant[n] else quoted(n) for n in shown]
    more = f" and {len(ignored) - len(shown)} more" if len(ignored) > len(shown) else ""
    yield f"ignored, as they are no field of a record: {', '.join(names)}{more}"
