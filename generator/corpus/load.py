"""Rows -> records: load a corpus by name, from a file, or from values in memory."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..errors import InputError
from .distinct import files_apart, given_once, names_apart
from .fields import clean, is_absent, kind, near_match, string
from .readers import READERS, FileProblem, Placed, Table
from .record import FIELDS, Corpus, Record, Skipped, record_from_json, record_to_json
from .sources import Source, open_source
from .spans import RecordError, quoted

TASKS = ("coreference", "translation", "sentiment")


def load_corpus(name_or_path: str | os.PathLike[str], *, strict: bool = False) -> Corpus:
    """Load a bundled corpus by its name, or a TOML, JSONL, CSV, TXT or CoNLL-U file.

    A bad record is left out and listed under `skipped`; with `strict` it is an InputError.
    """
    return _load(open_source(name_or_path), strict)


def load_corpora(names: Iterable[str], *, strict: bool = False) -> list[Corpus]:
    """Load several corpora, a file that is named twice once, under names that tell them apart."""
    once = given_once(names)
    return [
        _load(replace(open_source(given), name=name, file=file), strict)
        for given, name, file in zip(once, names_apart(once), files_apart(once), strict=True)
    ]


def _load(source: Source, strict: bool) -> Corpus:
    try:
        table = READERS[source.suffix](source.content)
        return _corpus(table, source, strict)
    except FileProblem as problem:
        raise InputError(f"{source.shown}: {problem}.") from problem


def corpus_from_records(
    records: Iterable[str | Mapping[str, object] | Record],
    name: str = "records",
    *,
    title: str = "",
    about: str = "",
    licence: str = "",
    source: str = "",
    task: str | None = None,
    strict: bool = False,
) -> Corpus:
    """Make a corpus of texts, mappings (a Hugging Face data set is some), or records.

    Keys of a mapping that are not fields of a record are left out.
    """
    if isinstance(records, str | bytes | Mapping | Record) or not isinstance(records, Iterable):
        raise InputError("records must be a list of texts, mappings or records; put one in a list.")
    rows = [_from_memory(f"record {number}", item) for number, item in enumerate(records, 1)]
    about_it = {"title": title, "about": about, "licence": licence, "source": source}
    if task:
        about_it["task"] = task
    try:
        return _corpus(Table(rows, about_it), Source(name, name, name), strict)
    except FileProblem as problem:
        raise InputError(f"{name}: {problem}.") from problem


def corpus_sha256(title: str, records: Sequence[Record]) -> str:
    """Return the sha256 of title and records in canonical JSON."""
    content = {"title": title, "records": [record_to_json(record) for record in records]}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _corpus(table: Table, source: Source, strict: bool) -> Corpus:
    """Make the corpus of a table, leaving out the rows that are no good record."""
    about = {key: _about(key, value) for key, value in table.about.items()}
    records: list[Record] = []
    skipped: list[Skipped] = []
    for placed in _identified(table):
        try:
            records.append(_record(placed))
        except RecordError as error:
            if strict:
                problem = f"{source.shown}, {placed.place}: {error}"
                raise InputError(f"{problem}; correct or remove the record.") from error
            skipped.append(Skipped(placed.place, str(error)))
    if not records:
        raise FileProblem(_nothing_left(skipped))
    title = about.get("title") or source.name
    return Corpus(
        name=source.name,
        title=title,
        about=about.get("about", ""),
        licence=about.get("licence", ""),
        source=about.get("source", ""),
        task=_task(about.get("task")),
        records=tuple(records),
        skipped=tuple(Skipped(f"{source.file}, {bad.where}", bad.reason) for bad in skipped),
        sha256=corpus_sha256(title, records),
    )


def _identified(table: Table) -> Iterator[Placed]:
    """Yield the rows with what the corpus shares, an id each, and the given id in the place."""
    given = _given_ids(table.rows)
    taken = set(given)
    for position, (placed, identity) in enumerate(zip(table.rows, given, strict=True), 1):
        place = f"{placed.place} ({quoted(identity)})" if identity else placed.place
        row = {**table.shared, **_present(placed.row)}
        row.setdefault("id", _free_id(position, taken))
        yield Placed(place, row, placed.problem)


def _record(placed: Placed) -> Record:
    if placed.problem:
        raise RecordError(placed.problem)
    return record_from_json(placed.row)


def _given_ids(rows: Sequence[Placed]) -> list[str | None]:
    """Return each row's own id, or raise if two have the same."""
    places: dict[str, str] = {}
    ids = []
    for placed in rows:
        identity = _given_id(placed)
        ids.append(identity)
        if identity is None:
            continue
        if identity in places:
            both = f"{places[identity]} and {placed.place}"
            raise FileProblem(f"{both} have the same id {quoted(identity)}; change one of them")
        places[identity] = placed.place
    return ids


def _given_id(placed: Placed) -> str | None:
    try:
        return string(placed.row, "id")
    except RecordError:
        return None


def _free_id(position: int, taken: Collection[str | None]) -> str:
    """Return an id made from a record's position that no record was given."""
    wanted = f"record-{position:03d}"
    while wanted in taken:
        wanted += "-x"
    return wanted


def _present(row: Mapping[str, object]) -> dict[str, object]:
    """Return the row without its empty fields; an empty text stays, for its own error."""
    return {name: value for name, value in row.items() if name == "text" or not is_absent(value)}


def _from_memory(place: str, item: object) -> Placed:
    if isinstance(item, str):
        return Placed(place, {"text": item})
    if isinstance(item, Record):
        return Placed(place, record_to_json(item))
    if not isinstance(item, Mapping):
        return Placed(place, {}, f"it is {kind(item)}, not a text, mapping or record")
    row = {name: item[name] for name in FIELDS if name in item}
    if "text" in row:
        return Placed(place, row)
    found = ", ".join(quoted(name) for name in list(item)[:8]) or "none"
    return Placed(place, row, f"no 'text' (keys: {found})")


def _about(name: str, value: str) -> str:
    try:
        return clean(name, value)
    except RecordError as error:
        raise FileProblem(f"{error}; correct it") from error


def _task(task: str | None) -> str | None:
    if not task or task in TASKS:
        return task or None
    near = near_match(task, TASKS)
    meant = f" (did you mean '{near}'?)" if near else ""
    raise FileProblem(f"unknown task {quoted(task)}{meant}; use one of {', '.join(TASKS)}")


def _nothing_left(skipped: Sequence[Skipped]) -> str:
    """Say why there is no record."""
    if not skipped:
        return "no record; add at least one text"
    first = skipped[0]
    count = f"all {len(skipped)} were skipped" if len(skipped) > 1 else "the only one was skipped"
    return f"no record left, {count}; correct {first.where}: {first.reason}"
