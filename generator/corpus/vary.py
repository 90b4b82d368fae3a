"""Minimal pairs made by rule: each text once more, with a word swapped or dropped, or no comma."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InputError
from ..names import slug
from .record import Record
from .spans import Span, quoted

WRITTEN = "as written"
"""The variant of a text that a rule was applied to."""
RULES = "swap:she=he, drop:WORD or comma"
COMMA = re.compile(r"\s*,")


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in a text from `start` to `end`, and what is put there instead."""

    start: int
    end: int
    words: str


Edits = Callable[[str], list[Edit]]


def check_rules(rules: Iterable[str]) -> None:
    """Raise InputError for a rule that cannot be read."""
    for rule in rules:
        _edits_of(rule)


def varied(records: Sequence[Record], rules: Sequence[str]) -> list[Record]:
    """Return records, each followed by what the rules make of it, as a group of its own.

    A record that stands in a group already, or is a chat, stays alone, and so does one that no
    rule changes. What a rule may have made wrong is left out of its copy: a label, a target, words
    and what is said of them.
    """
    made = [(rule, _edits_of(rule)) for rule in rules]
    return [one for record in records for one in _of_record(record, made)]


def _of_record(record: Record, rules: Sequence[tuple[str, Edits]]) -> Iterator[Record]:
    found = [] if record.group or record.chat else [_made(record, *rule) for rule in rules]
    copies = [one for one in found if one is not None]
    if not copies:
        yield record
        return
    group = f"{record.id}, varied"
    yield replace(record, group=group, variant=WRITTEN)
    yield from (replace(one, group=group) for one in copies)


def _made(record: Record, rule: str, edits_of: Edits) -> Record | None:
    """Return what a rule makes of a record, None where it changes nothing that can stay."""
    edits = edits_of(record.text)
    text = _changed(record.text, edits)
    if not edits or not text.strip():
        return None
    changed: dict[str, Any] = {
        name: tuple(_moved(span, edits, text) for span in getattr(record, name))
        for name in ("candidates", "aspects")
    }
    every = [span for spans in changed.values() for span in spans]
    for name in ("mention", "answer"):
        span: Span | None = getattr(record, name)
        changed[name] = None if span is None else _moved(span, edits, text)
        every += [changed[name]] if span else []
    if any(not span.text.strip() for span in every):
        return None  # a word that the record asks about is gone
    return replace(
        record, id=f"{record.id}-{slug(rule)}", text=text, variant=rule, **changed,
        label=None, labels=(), label_index=None, label_count=None, target=None, alignment=None,
        words=(), target_words=(), upos=(), head=(), deprel=(),
    )  # fmt: skip


def _changed(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.words + text[edit.end :]
    return text


def _moved(span: Span, edits: Sequence[Edit], text: str) -> Span:
    """Return where a span of the old text is in the new one, and what stands there now."""
    start, end = (_place(place, edits) for place in (span.start, span.end))
    return Span(text[start:end], start)


def _place(place: int, edits: Sequence[Edit]) -> int:
    """Return where a place of the old text is in the new one."""
    moved = 0
    for edit in edits:
        if edit.end <= place:
            moved += len(edit.words) - (edit.end - edit.start)
        elif edit.start < place:
            return edit.start + moved + len(edit.words)
    return place + moved


def _edits_of(rule: str) -> Edits:
    """Return what a rule does to a text, or raise InputError."""
    kind, _, rest = rule.partition(":")
    if kind == "comma" and not rest:
        return lambda text: [Edit(*found.span(), "") for found in COMMA.finditer(text)]
    if kind == "drop" and rest.strip():
        named = re.escape(rest.strip())
        word = re.compile(rf"^{named}\b\s*|\s*\b{named}\b", re.IGNORECASE)
        return lambda text: [Edit(*found.span(), "") for found in word.finditer(text)]
    pairs = [tuple(word.strip() for word in pair.split("=")) for pair in rest.split(",")]
    if kind == "swap" and all(len(pair) == 2 and all(pair) for pair in pairs):
        return _swap({a.lower(): b for a, b in pairs} | {b.lower(): a for a, b in pairs})
    raise InputError(f"--vary {quoted(rule)} is no rule; write {RULES}.")


def _swap(words: dict[str, str]) -> Edits:
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    known = re.compile(rf"\b(?:{listed})\b", re.IGNORECASE)

    def edits(text: str) -> list[Edit]:
        return [
            Edit(*found.span(), _cased(words[found.group().lower()], found.group()))
            for found in known.finditer(text)
        ]

    return edits


def _cased(word: str, like: str) -> str:
    """Return a word written as another: HE for SHE, He for She."""
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
