"""Parts of a record whose text is too long: each a record of its own, its annotations with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from .record import Record
from .spans import Span, Window, word_spans

WHOLE_ONLY = ("target", "target_words", "alignment", "group", "variant")
"""What belongs to a whole text: a translation of it, and a pair that it is one side of."""

Place = tuple[int, int]


def whole_id(record: Record) -> str:
    """Return the id of the text that a record is, or is a window of."""
    return record.window.record if record.window else record.id


def scoped(record: Record, corpus: str) -> Record:
    """Return a record whose id names its corpus, and so does that of the text it is cut from."""
    window = record.window and replace(record.window, record=f"{corpus}/{record.window.record}")
    return replace(record, id=f"{corpus}/{record.id}", window=window)


def cut_record(record: Record, places: Sequence[Place], taken: Collection[str]) -> list[Record]:
    """Return a record for each window of a text, given as code points `[start, end)`.

    A window keeps the id with a number behind it, which is none of `taken`, and whatever lies in
    it: spans and words are shifted. What lies outside is left out, and `window.without` names it;
    so are target, alignment and group, which are about the whole text. A group stays the frame:
    windows of near copies are near copies.
    """
    width = len(str(len(places)))
    records = []
    for number, (start, end) in enumerate(places, 1):
        identity = f"{record.id}-window-{number:0{width}}"
        while identity in taken:
            identity += "-x"
        window = Window(record.id, number, len(places), start, end)
        records.append(_part(replace(record, id=identity), window))
    return records


def _part(record: Record, window: Window) -> Record:
    """Return what of a record lies in a window of its text."""
    kept: dict[str, Any] = dict.fromkeys(("target", "alignment", "group", "variant"))
    kept |= {"frame": record.frame or record.group, "target_words": ()}
    kept |= {**_spans(record, window), **_words(record, window)}
    fields = (*WHOLE_ONLY, "mention", "candidates", "answer", "aspects", "head", "deprel")
    lost = tuple(name for name in fields if _lost(getattr(record, name), kept[name]))
    text = record.text[window.start : window.end]
    return replace(record, text=text, window=replace(window, without=lost), **kept)


def _lost(before: Any, after: Any) -> bool:
    """Return whether a field has lost something; words outside are no loss of it."""
    if isinstance(before, tuple) and before and not isinstance(before[0], Span):
        return not after
    return len(before) > len(after) if isinstance(before, tuple) else before is not after is None


def _spans(record: Record, window: Window) -> dict[str, Any]:
    def moved(span: Span | None) -> Span | None:
        if span is None or span.start < window.start or span.end > window.end:
            return None
        return Span(span.text, span.start - window.start)

    several = {
        name: tuple(found for span in getattr(record, name) if (found := moved(span)))
        for name in ("candidates", "aspects")
    }
    mention, answer = moved(record.mention), moved(record.answer)
    return {"mention": mention, "answer": answer, **several}


def _words(record: Record, window: Window) -> dict[str, Any]:
    """Return the words in a window, those at its edges cut, and what is said of them.

    The dependencies stay only where every word hangs on one in the window, or on none.
    """
    inside = {
        index: piece
        for index, span in enumerate(word_spans(record.text, record.words))
        if (piece := record.text[max(span.start, window.start) : min(span.end, window.end)].strip())
    }
    first = min(inside, default=0)
    heads = [record.head[index] for index in inside] if record.head else []
    whole = all(not head or head - 1 in inside for head in heads)

    def of_words(name: str) -> tuple[str, ...]:
        values = getattr(record, name)
        return tuple(values[index] for index in inside) if values else ()

    return {
        "words": tuple(inside.values()) if record.words else (),
        "upos": of_words("upos"),
        "head": tuple(head and head - first for head in heads) if whole else (),
        "deprel": of_words("deprel") if whole else (),
    }
