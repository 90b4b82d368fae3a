"""How a text was read, in a sentence: as a chat, with its markers meant, or as nothing but text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...capture import Capture
from ...capture.token_positions import mask_positions

MARKER = re.compile(r"[^\w\s]\S+[^\w\s]|__\w+__")
"""What the names of special tokens look like; a template or a prefix adds words, too."""


def read_as(capture: Capture) -> str:
    """Return how the text of a record was read, "" where there was only one way to read it."""
    record, tokens = capture.record, capture.maps[-1].keys
    meant = listed(t.text for t in tokens if t.special and t.start is not None)
    if record.chat:
        count = len(record.chat)
        said = (
            f"A chat of {count} message{'s' if count > 1 else ''}, as the tokenizer's own template "
        )
        return f"{said}writes it; what it adds is special." + (f" Meant: {meant}." if meant else "")
    if record.markers:
        return f"Markers in this text are meant: {meant or 'it holds none'}."
    names = (t.text.strip() for t in tokens if t.special and t.start is None)
    typed = listed(name for name in names if MARKER.fullmatch(name) and name in record.text)
    notes = [f"{typed} in this text was read as text, not as the marker."] if typed else []
    if masks := listed(tokens[at].text.strip() for at in mask_positions(capture)):
        notes.append(f"{masks} in this text is the mask: the model was asked what stands there.")
    return " ".join(notes)


def listed(names: Iterable[str]) -> str:
    """Return names in quotes, each once."""
    return ", ".join(f"“{name}”" for name in dict.fromkeys(names))
