"""One text with all that is known of it, and a corpus of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .alignment import check_alignment
from .chat import Message, chat, flag, spoken
from .fields import (
    Row,
    gold,
    integer,
    integers,
    is_absent,
    number,
    span,
    spans,
    string,
    strings,
    unknown_field,
    window,
)
from .spans import RecordError, Span, Window, word_spans


@dataclass(frozen=True, slots=True)
class Record:
    """One text to run through the models. `words` is empty where whitespace separates them."""

    id: str
    text: str
    pair: str | None = None
    target: str | None = None
    label: str | None = None
    labels: tuple[str, ...] = ()  # where several hold; `label` is then empty
    label_index: int | None = None  # the place of the label among those of its data set
    label_count: int | None = None  # how many labels its data set has, where that is known
    tags: tuple[str, ...] = ()
    note: str | None = None
    mention: Span | None = None
    candidates: tuple[Span, ...] = ()
    answer: Span | None = None
    contrast: tuple[str, ...] = ()  # two words, or two classes, that a model is to choose between
    group: str | None = None
    variant: str | None = None
    frame: str | None = None  # what near copies are made from; their group where there is none
    statistic: float | None = None  # what a gap is held against: the share of women, say
    aspects: tuple[Span, ...] = ()
    alignment: str | None = None
    words: tuple[str, ...] = ()
    target_words: tuple[str, ...] = ()
    upos: tuple[str, ...] = ()
    head: tuple[int, ...] = ()  # as in CoNLL-U: words are counted from 1, and 0 is the root
    deprel: tuple[str, ...] = ()
    source_lang: str | None = None
    target_lang: str | None = None
    prefix: str | None = None
    window: Window | None = None
    chat: tuple[Message, ...] = ()  # what the text is made of, for the tokenizer's own template
    markers: bool = False  # special tokens that the text spells are meant


FIELDS = tuple(field.name for field in dataclasses.fields(Record))

_TEXTS = (
    "pair",
    "target",
    "note",
    "group",
    "variant",
    "frame",
    "alignment",
    "source_lang",
    "target_lang",
    "prefix",
)
_LISTS = ("tags", "contrast", "words", "target_words", "upos", "deprel")
_READ: Mapping[str, Callable[[Row, str], Any]] = {
    **dict.fromkeys(_TEXTS, string),
    **dict.fromkeys(_LISTS, strings),
    "head": integers,
    "label_index": integer,
    "label_count": integer,
    "statistic": number,
    "chat": chat,
    "markers": flag,
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was left out: its place in the corpus and why."""

    where: str
    reason: str
    passing: bool = False
    """Whether another try may do better: nothing in what was read explains it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Records under one title; `sha256` is over title and records, whatever the file format.

    `form` is how they were read, `part` which part of all they are, if not the whole, and `notes`
    what else a reader should know of how they were read.
    """

    name: str
    title: str
    about: str
    licence: str
    source: str
    task: str | None
    records: tuple[Record, ...]
    skipped: tuple[Skipped, ...]
    sha256: str
    form: str = ""
    part: str = ""
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """Return what to tell whoever builds from it: how it was read where that was a choice."""
        return tuple(f"{self.name}: {note}" for note in (*self.notes, self.part) if note)


def group_of(record: Record) -> tuple[str, str] | None:
    """Return what near copies have in common: the frame they are made from, else their group.

    Windows that have neither have the text they are cut from. None for a record that stands alone.
    What is drawn, or split, by this stays together; pairs are of one `group`, never of a frame.
    """
    if (made_from := record.frame or record.group) is not None:
        return "group", made_from
    return ("text", record.window.record) if record.window else None


def cluster_of(record: Record, corpus: str) -> tuple[str, str]:
    """Return what a record counts with: its near copies, in any corpus, or itself alone."""
    kind, name = group_of(record) or ("record", record.id)
    return (kind, name) if kind == "group" else (corpus, f"{kind} {name}")


def record_to_json(record: Record) -> dict[str, object]:
    """Return the record as JSON values, without its empty fields."""
    values = ((name, getattr(record, name)) for name in FIELDS)
    return {name: _to_json(v) for name, v in values if v is not False and not is_absent(v)}


def record_from_json(row: Row) -> Record:
    """Return the record that a mapping describes, or raise RecordError with what is wrong."""
    for name in row:
        if name not in FIELDS:
            raise RecordError(unknown_field(str(name), FIELDS))
    text = _required_text(row)
    candidates = spans(row, "candidates", text)
    labels = gold(row)
    record = Record(
        id=_required_id(row),
        text=text,
        label=labels[0] if len(labels) == 1 else None,
        labels=labels if len(labels) > 1 else (),
        mention=span(row, "mention", text),
        candidates=candidates,
        answer=_answer(row, text, candidates),
        aspects=spans(row, "aspects", text),
        window=window(row, "window", text),
        **{name: read(row, name) for name, read in _READ.items()},
    )
    _check_words(record)
    if record.contrast and not len(record.contrast) == len(set(record.contrast)) == 2:
        raise RecordError("'contrast' needs two different words, such as she and he")
    return record


def _required_text(row: Row) -> str:
    """Return the text of a row, or of its chat; it must hold more than whitespace."""
    said = chat(row, "chat")
    if row.get("text") is None and not said:
        raise RecordError("no 'text'")
    text = string(row, "text") or (spoken(said) if said else None)
    if text is None or not text.strip():
        raise RecordError("'text' is empty")
    if said and text != spoken(said):
        raise RecordError("'text' is not what the messages of 'chat' say; give one of the two")
    if said and not is_absent(row.get("pair")):
        raise RecordError("a 'chat' has no 'pair'; put it into a message")
    return text


def _required_id(row: Row) -> str:
    if (name := string(row, "id")) is None:
        raise RecordError("no 'id'")
    return name


def _answer(row: Row, text: str, candidates: tuple[Span, ...]) -> Span | None:
    """Return the answer's place: that of the candidate it repeats, where there are any."""
    value = row.get("answer")
    named = next((candidate for candidate in candidates if candidate.text == value), None)
    answer = named or span(row, "answer", text)
    if answer and candidates and answer not in candidates:
        raise RecordError("'answer' is none of the candidates")
    return answer


def _check_words(record: Record) -> None:
    """Raise unless words, their annotations and the alignment fit the text and the target."""
    count = len(word_spans(record.text, record.words))
    for name in ("upos", "head", "deprel"):
        if (length := len(getattr(record, name))) not in (0, count):
            raise RecordError(f"'{name}' has {length} entries for {count} words")
    if any(head > count for head in record.head):
        raise RecordError(f"'head' names a word beyond the last one, {count}")
    if record.target is None:
        if record.alignment or record.target_words:
            raise RecordError("'alignment' and 'target_words' need a 'target'")
        return
    targets = word_spans(record.target, record.target_words)
    if record.alignment:
        check_alignment(record.alignment, count, len(targets))


def _to_json(value: object) -> object:
    if isinstance(value, Message):
        return dataclasses.asdict(value)
    if isinstance(value, Span):
        return {"text": value.text, "start": value.start}
    if isinstance(value, Window):
        found = dataclasses.asdict(value)
        return {name: _to_json(part) for name, part in found.items() if not is_absent(part)}
    return [_to_json(item) for item in value] if isinstance(value, tuple) else value
