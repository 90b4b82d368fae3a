"""Rows -> records: load a corpus by name, from a file, or from values in memory."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError
from .columns import fitted, without_unfit
from .distinct import files_apart, given_once, names_apart
from .fields import clean, is_absent, near_match, string
from .formats.winobias import paired
from .frames import Frames
from .labels import label_count
from .memory import table_of
from .options import PLAIN, ReadOptions
from .part import drawn, part_of
from .reading import check_options, read_table
from .record import Corpus, Record, Skipped, record_from_json, record_to_json
from .sources import CorpusFile, open_source, shown_file
from .spans import RecordError, quoted
from .table import FileProblem, Placed, RawTable
from .vary import varied

TASKS = ("coreference", "translation", "sentiment")


def load_corpus(
    name_or_path: str | os.PathLike[str], *, strict: bool = False, options: ReadOptions = PLAIN
) -> Corpus:
    """Load a bundled corpus by its name, a file in any of the formats, or standard input (`-`).

    A bad record is left out and listed under `skipped`; with `strict` it is an InputError.
    """
    return _paired([_load(_opened(name_or_path, options), strict, options)])[0]


def load_corpora(
    names: Iterable[str], *, strict: bool = False, options: ReadOptions = PLAIN
) -> list[Corpus]:
    """Load several corpora, a file that is named twice once, under names that tell them apart."""
    once = given_once(names)
    called = zip(once, names_apart(once), files_apart(once), strict=True)
    corpora = [
        _load(replace(_opened(given, options), name=name, file=shown_file(file)), strict, options)
        for given, name, file in called
    ]
    return _paired(corpora)


def _paired(corpora: Sequence[Corpus]) -> list[Corpus]:
    """Return corpora with the pairs of WinoBias, which may stand in two files, made groups."""
    return [
        found
        if found is corpus
        else replace(found, sha256=corpus_sha256(found.title, found.records))
        for corpus, found in zip(corpora, paired(corpora), strict=True)
    ]


def _opened(given: str | os.PathLike[str], options: ReadOptions) -> CorpusFile:
    check_options(options)
    return open_source(given, any_kind=options.format is not None)


def _load(source: CorpusFile, strict: bool, options: ReadOptions) -> Corpus:
    options = options.part_only if source.bundled else options
    try:
        table = read_table(source.data, source.suffix, options)
        return _corpus(table, source, strict, options)
    except FileProblem as problem:
        raise InputError(_sentence(source.shown, problem)) from problem


def _sentence(name: str, problem: FileProblem) -> str:
    """Return what a file has as a sentence, which a question ends as it is."""
    return f"{name}: {problem}" + "." * (not str(problem).endswith("?"))


def corpus_from_records(
    records: Any,
    name: str = "records",
    *,
    title: str = "",
    about: str = "",
    licence: str = "",
    source: str = "",
    task: str | None = None,
    strict: bool = False,
    options: ReadOptions = PLAIN,
) -> Corpus:
    """Make a corpus of texts, mappings, records, columns, a data frame, Arrow, or a data set.

    What is no field of a record is left out, and said in `notes`.
    """
    about_it = {"title": title, "about": about, "licence": licence, "source": source}
    if task:
        about_it["task"] = task
    try:
        table = fitted(table_of(records, options), options)
        table = replace(table, about=about_it, notes=tuple(map(_in_python, table.notes)))
        return _corpus(table, CorpusFile(name, name, name), strict, options)
    except FileProblem as problem:
        raise InputError(_in_python(_sentence(name, problem))) from problem


def _in_python(said: str) -> str:
    """Return a sentence in which an option of the command line is an argument of Python."""
    return re.sub(r"--column (\w+)=NAME", r"column={'\1': NAME}", said)


def corpus_sha256(title: str, records: Sequence[Record]) -> str:
    """Return the sha256 of title and records in canonical JSON."""
    content = {"title": title, "records": [record_to_json(record) for record in records]}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _corpus(table: RawTable, source: CorpusFile, strict: bool, options: ReadOptions) -> Corpus:
    """Make the corpus of a table, leaving out the rows that are no good record."""
    about = {key: _about(key, value) for key, value in table.about.items()}
    records: list[Record] = []
    skipped: list[Skipped] = []
    frames = Frames()
    for placed in _identified(table):
        if len(records) == options.limit:
            break
        try:
            records.append(frames.checked(_record(placed)))
        except RecordError as error:
            if strict:
                problem = f"{source.shown}, {placed.place}: {error}"
                raise InputError(f"{problem}; correct or remove the record.") from error
            skipped.append(Skipped(placed.place, str(error)))
    if not records:
        if (fewer := without_unfit(table)) is not None:
            return _corpus(fewer, source, strict, options)
        raise FileProblem(_nothing_left(skipped))
    title = about.get("title") or source.name
    chosen = drawn(frames.given(_counted(records)), options)
    taken = varied(chosen, options.vary)
    return Corpus(
        name=source.name,
        title=title,
        about=about.get("about", ""),
        licence=about.get("licence", ""),
        source=about.get("source", ""),
        task=_task(about.get("task")),
        records=tuple(taken),
        skipped=tuple(Skipped(f"{source.file}, {bad.where}", bad.reason) for bad in skipped),
        sha256=corpus_sha256(title, taken),
        form=table.form,
        part=part_of(table, len(records), len(chosen), options),
        notes=table.notes,
    )


def _counted(records: Sequence[Record]) -> list[Record]:
    """Return records that know how many labels their corpus has, where its numbers tell."""
    most = label_count(records)
    return [
        replace(record, label_count=most)
        if most and (record.label or record.labels) and record.label_count is None
        else record
        for record in records
    ]


def _identified(table: RawTable) -> Iterator[Placed]:
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
