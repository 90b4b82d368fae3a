"""Corpora, records and models without what is to be hidden: before any model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..corpus import Corpus, Record, Skipped, word_spans
from ..corpus.chat import Message, spoken
from ..corpus.load import corpus_sha256
from ..corpus.spans import Span
from ..models.info import ModelInfo
from .redactor import Redactor

NAMES = {
    "id": "ids",
    "group": "groups",
    "variant": "variants",
    "frame": "frames",
    "label": "labels",
}
TEXTS = {"pair": "texts", "target": "texts", "note": "notes", "prefix": "texts"}
SPANS = ("candidates", "aspects")


def hidden_corpora(corpora: Sequence[Corpus], redactor: Redactor) -> list[Corpus]:
    """Return corpora without what is to be hidden; their hashes are of what is left."""
    return [_corpus(corpus, redactor) for corpus in corpora]


def hidden_model(info: ModelInfo, redactor: Redactor) -> ModelInfo:
    """Return what is known of a model without what is to be hidden."""
    return replace(
        info,
        name=redactor.name(info.name, "model names"),
        about=redactor.hide(info.about, "model cards"),
        licence=redactor.hide(info.licence, "model cards"),
    )


def _corpus(corpus: Corpus, redactor: Redactor) -> Corpus:
    title = redactor.hide(corpus.title, "titles")
    records = tuple(hidden_record(record, redactor) for record in corpus.records)
    about = {name: redactor.hide(getattr(corpus, name), "titles") for name in ("about", "licence")}
    return replace(
        corpus,
        name=redactor.name(corpus.name, "corpus names"),
        title=title,
        records=records,
        source=redactor.hide(corpus.source, "titles"),
        form=redactor.hide(corpus.form, "notes", ours=True),
        part=redactor.hide(corpus.part, "notes", ours=True),
        notes=tuple(redactor.hide(note, "notes", ours=True) for note in corpus.notes),
        skipped=tuple(_skipped(one, redactor) for one in corpus.skipped),
        sha256=corpus_sha256(title, records),
        **about,
    )


def _skipped(one: Skipped, redactor: Redactor) -> Skipped:
    reason = redactor.hide(one.reason, "notes", ours=True)
    return replace(one, where=redactor.hide(one.where, "notes"), reason=reason)


def hidden_record(record: Record, redactor: Redactor) -> Record:
    """Return a record without what is to be hidden; spans and words are where they were."""
    chat = tuple(Message(m.role, redactor.hide(m.content, "texts")) for m in record.chat)
    text = spoken(chat) if chat else redactor.hide(record.text, "texts")
    parts: dict[str, Any] = {
        "text": text,
        "chat": chat,
        "labels": tuple(redactor.name(label, "labels") for label in record.labels),
        "tags": tuple(redactor.name(tag, "tags") for tag in record.tags),
        "contrast": tuple(redactor.name(word, "texts") for word in record.contrast),
        "mention": _span(record.mention, text),
        "answer": _span(record.answer, text),
        "words": _words(record.text, record.words, text),
    }
    parts |= {name: _name(redactor, record, name) for name in NAMES}
    parts |= {name: _text(redactor, record, name) for name in TEXTS}
    parts |= {name: _spans(getattr(record, name), text) for name in SPANS}
    hidden = replace(record, **parts)
    target = record.target or ""
    return replace(hidden, target_words=_words(target, record.target_words, hidden.target or ""))


def _name(redactor: Redactor, record: Record, field: str) -> str | None:
    value = getattr(record, field)
    return None if value is None else redactor.name(value, NAMES[field])


def _text(redactor: Redactor, record: Record, field: str) -> str | None:
    value = getattr(record, field)
    return None if value is None else redactor.hide(value, TEXTS[field])


def _span(span: Span | None, text: str) -> Span | None:
    return None if span is None else Span(text[span.start : span.end], span.start)


def _spans(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    return tuple(Span(text[span.start : span.end], span.start) for span in spans)


def _words(before: str, words: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the words that stand where given ones did; none where whitespace separates them."""
    if not words:
        return ()
    return tuple(text[one.start : one.end] for one in word_spans(before, words))
